"""Who is signed in, in which role, and how to sign out stand on every page of staff."""

from tests.contracts.crawled_pages import CrawledPage

# A form is shown as contacts see it.
AS_CONTACTS_SEE = {"survey.defining.preview_form"}


def test_every_page_of_staff_names_who_is_signed_in(crawled: dict[str, CrawledPage]) -> None:
    for endpoint, page in crawled.items():
        if endpoint in AS_CONTACTS_SEE:
            continue
        assert 'class="survey-signed-in"' in page.html, f"{page.path} extends another frame."
        line = page.html.split('class="survey-signed-in"')[1].split("</p>")[0]
        assert ", business manager" in line, page.path
        assert 'href="/sign-out">Sign out</a>' in line, page.path
        assert "staff 1" not in line, page.path
