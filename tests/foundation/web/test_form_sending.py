"""A form is posted to another address than its page’s, and a script that sends it learns the next page."""

import pytest
from flask import Flask, redirect

from surveyapp.foundation.web.form_sending import SCRIPT_HEADER, send_address

BY_SCRIPT = {SCRIPT_HEADER: "script"}


@pytest.mark.parametrize(
    ("page", "address", "sent_to"),
    [
        ("/ours", None, "/ours?sent=1"),
        ("/ours?sent=1", None, "/ours"),
        ("/ours?kind=a+b&kind=c", None, "/ours?kind=a+b&kind=c&sent=1"),
        ("/ours?kind=gp&sent=1", None, "/ours?kind=gp"),
        ("/ours", "/ours/save", "/ours/save"),
        ("/ours", "/ours", "/ours?sent=1"),
        ("/ours?sent=1", "/ours", "/ours"),
    ],
)
def test_a_form_is_never_posted_to_the_address_of_its_page(
    host: Flask, page: str, address: str | None, sent_to: str
) -> None:
    with host.test_request_context(page):
        assert send_address(address) == sent_to
    assert sent_to != page


def test_below_a_prefix_the_address_keeps_it(host: Flask) -> None:
    with host.test_request_context("/ours", base_url="https://host.example/audits"):
        assert send_address() == "/audits/ours?sent=1"
        assert send_address("/audits/ours") == "/audits/ours?sent=1"


def test_a_script_reads_the_next_page_where_a_browser_is_redirected(host: Flask) -> None:
    browser = host.test_client()
    moved = browser.get("/moved")
    assert (moved.status_code, moved.location) == (303, "/next")
    told = browser.get("/moved", headers=BY_SCRIPT)
    assert (told.status_code, told.location, told.data) == (200, "/next", b"")


def test_a_redirect_of_the_hosts_own_stays_one(host: Flask) -> None:
    host.add_url_rule("/theirs-moved", "moved", lambda: redirect("/sign-in", 303))
    assert host.test_client().get("/theirs-moved", headers=BY_SCRIPT).status_code == 303
