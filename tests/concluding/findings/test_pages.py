"""The form of a finding."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from surveyapp.concluding.queries import findings_of
from surveyapp.planning.models import Audit
from tests.collating.example_answers import text_of
from tests.concluding.example_conclusions import acted, found, quoted, themed
from tests.page_client import PageClient
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]
FORM = {"text": "Children are not seen alone.", "challenge": "See them."}


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Three returns say yes to supervision."""
    return make.audit(cases=2, agencies=2, returned=3)


def test_the_form_shows_figures_and_adds_a_finding(client: PageClient, audit: Audit) -> None:
    theme, quote = themed(audit, "Fathers")[0], quoted(audit)
    path, theme_id, quote_id = f"/audits/{audit.id}/findings/add", theme.id, quote.id
    page = text_of(client.get(path).text)
    assert "2. Case overseen or discussed in supervision Yes: 3 of 3 returns (100%); No: 0 of 3" in page
    assert "8. Professional identified to explain plan to the child and feedback No return answered" in page
    assert "“Nobody asked her.” Practitioner" in page
    sent = FORM | {"questions": ["supervision", "explain_plan"], "themes": theme_id, "quotes": quote_id}
    page = text_of(client.follow(client.post(path, sent)).text)
    for words in ("The finding is added.", "Children are not seen alone.", "Themes: Fathers.", "See them."):
        assert words in page
    stored = findings_of(audit.id)[0]
    assert [link.question for link in stored.questions] == ["explain_plan", "supervision"]
    assert [quote.id for quote in stored.quotes] == [quote_id]


def test_the_form_says_so_without_themes_and_quotes(client: PageClient, audit: Audit) -> None:
    page = text_of(client.get(f"/audits/{audit.id}/findings/add").text)
    assert "No theme and no quote has been chosen in this audit yet." in page
    assert "Themes it rests on" not in page


def test_mistakes_are_shown_and_typed_text_is_kept(client: PageClient, audit: Audit, make: Maker) -> None:
    path, other = f"/audits/{audit.id}/findings/add", make.audit(cases=1, agencies=1)
    theirs = themed(other, "Theirs")[0].id
    page = client.post(path, {"challenge": "Half a thought"}, status=422).text
    assert "Write what was found" in page
    assert "Half a thought" in page
    for wrong, words in (
        ({"questions": "hair_colour"}, "There is no question “hair_colour” in this audit"),
        ({"themes": theirs}, "A theme you chose is not of this audit"),
        ({"quotes": "one"}, "A quote you chose is not of this audit"),
        ({"quotes": "9" * 30}, "A quote you chose is not of this audit"),
        ({"text": "x" * 5_001}, "What was found: use 5,000 characters or fewer"),
    ):
        page = client.post(path, FORM | wrong, status=422).text
        assert words in text_of(page)
        assert "See them." in page
    assert findings_of(audit.id) == []


def test_a_finding_is_changed_and_a_concurrent_edit_is_shown(client: PageClient, audit: Audit) -> None:
    finding = found(audit, challenge="Do it.", questions=("supervision",))
    path = f"/audits/{audit.id}/findings/{finding.id}"
    html = client.get(path).text
    seen = html.split('name="seen" value="')[1].split('"')[0]
    assert 'value="supervision" checked' in html
    assert "Do it.</textarea>" in html
    page = text_of(client.follow(client.post(path, {"text": "Better words.", "seen": seen})).text)
    assert "Finding 1 is saved." in page
    assert "Better words." in page
    assert "No evidence is linked yet." in page
    assert "No challenge to the board yet." in page
    page = client.post(path, {"text": "Mine, later.", "seen": seen}, status=409).text
    words = text_of(page)
    assert "Someone else changed this finding after you opened this page. Theirs is above yours." in words
    assert "Better words." in words
    assert "Mine, later.</textarea>" in page
    again = page.split('name="seen" value="')[1].split('"')[0]
    client.post(path, {"text": "Mine, later.", "questions": "supervision", "seen": again})
    assert findings_of(audit.id)[0].text == "Mine, later."
    words = text_of(client.post(path, {"text": "Mine.", "seen": again}, status=409).text)
    question = audit.form.question("supervision")
    assert f"Questions, as it is now {question.number}. " in words


def test_a_finding_is_removed_unless_something_depends_on_it(client: PageClient, audit: Audit) -> None:
    first, second = found(audit, "First."), found(audit, "Second.")
    acted(audit, finding_id=second.id)
    path, other = f"/audits/{audit.id}/findings/{first.id}/remove", f"/audits/{audit.id}/findings/{second.id}"
    page = text_of(client.follow(client.post(path)).text)
    assert "The finding is removed" in page
    assert "Finding 1 Second." in page
    page = text_of(client.post(f"{other}/remove", status=409).text)
    assert "1 action rests on Finding 1, so it stays" in page
    assert "Change or remove what rests on it first." in page


@pytest.mark.parametrize("far", [str(10**30), "-1", "two", "١"])
def test_an_impossible_number_does_not_move_a_finding(client: PageClient, audit: Audit, far: str) -> None:
    first, _second = found(audit, "First."), found(audit, "Second.")
    client.post(f"/audits/{audit.id}/findings/{first.id}/move", {"to": far})
    assert [finding.text for finding in findings_of(audit.id)] == ["First.", "Second."]


def test_a_finding_of_another_audit_is_not_found(client: PageClient, audit: Audit, make: Maker) -> None:
    finding, other = found(audit), make.audit(cases=1, agencies=1)
    path = f"/audits/{other.id}/findings/{finding.id}"
    client.get(path, status=404)
    for address in (path, f"{path}/move", f"{path}/remove"):
        assert "Children are not seen alone." in client.post(address, FORM, status=409).text


def test_an_expired_form_gives_the_text_back(client: PageClient, audit: Audit) -> None:
    sent = FORM | {"csrf_token": "old"}
    page = client.post(f"/audits/{audit.id}/findings/add", sent, status=400).text
    assert "Children are not seen alone." in page


def test_the_number_of_statements_of_the_form_is_bounded(
    client: PageClient, audit: Audit, queries: Queries
) -> None:
    themes = themed(audit, "A", "B", "C")
    ids = tuple(theme.id for theme in themes)
    for _ in range(5):
        quotes = (quoted(audit).id, quoted(audit).id)
        finding = found(audit, questions=("supervision", "explain_plan"), themes=ids, quotes=quotes)
    path = f"/audits/{audit.id}/findings/{finding.id}"
    with queries(14):
        client.get(path)
