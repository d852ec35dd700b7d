"""What a browser says of the page that it comes from, over https (promises L7)."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Request, sync_playwright

from tests.browser.page_inspection import CHROMIUM, FLAGS, is_browser_required
from tests.faults.served.asked_contact import AskedContact
from tests.running.https_site import HOST, HttpsSite

pytestmark = pytest.mark.slow

ELSEWHERE = "elsewhere.example"


@pytest.fixture
def window(site: HttpsSite) -> Iterator[BrowserContext]:
    """Chromium, which finds the site and another one at the port of the test."""
    if not CHROMIUM:
        if is_browser_required():
            pytest.fail("There is no Chromium here: apt-get install chromium.")
        pytest.skip("There is no Chromium here: apt-get install chromium.")
    hosts = ", ".join(f"MAP {host} 127.0.0.1:{site.secure}" for host in (HOST, ELSEWHERE))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, f"--host-resolver-rules={hosts}"]
        )
        yield browser.new_context(ignore_https_errors=True)
        browser.close()


def test_no_request_of_a_browser_says_which_page_it_comes_from(
    window: BrowserContext, asked: AskedContact
) -> None:
    sent: list[Request] = []

    def note(request: Request) -> None:
        sent.append(request)

    page = window.new_page()
    page.on("request", note)
    page.goto(asked.link)
    page.get_by_role("button", name="Start").click()
    page.goto(f"https://{HOST}{asked.pages[0]}")
    page.get_by_label("Yes").first.check()
    with page.expect_navigation():
        page.get_by_role("button", name="Check and return").click()
    # As a press on a link to another site does, from the page with a link and from a form.
    for address in (asked.link, f"https://{HOST}{asked.pages[0]}"):
        page.goto(address)
        with page.expect_request(f"https://{ELSEWHERE}/"):
            page.evaluate(f"location.href = 'https://{ELSEWHERE}/'")
        page.wait_for_load_state()
    said = [(request.url, request.all_headers().get("referer")) for request in sent]
    assert {urlsplit(url).hostname for url, _referer in said} == {HOST, ELSEWHERE}
    assert [request.method for request in sent].count("POST") >= 2, "Start, and the form"
    assert {referer for _url, referer in said} <= {None, f"https://{HOST}/"}
