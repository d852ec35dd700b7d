"""Pages of the standalone app are compressed where a stranger has no part in what they hold."""

import gzip
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

GZIP = {"Accept-Encoding": "gzip"}
PAGE = "/accessibility"


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A client that does not check pages."""
    return FlaskClient(app, app.response_class)


def test_a_page_is_compressed_for_a_browser_that_takes_it(browser: FlaskClient) -> None:
    plain, compressed = browser.get(PAGE), browser.get(PAGE, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed.data) == plain.data
    assert len(compressed.data) < len(plain.data) / 2
    assert int(compressed.headers["Content-Length"]) == len(compressed.data)
    assert "Accept-Encoding" in plain.vary
    assert "Accept-Encoding" in compressed.vary
    assert compressed.headers["Cache-Control"] == "no-store"


def test_a_page_that_could_repeat_what_a_stranger_sent_is_not_compressed(browser: FlaskClient) -> None:
    guessed = browser.get("/sign-in?next=/audits", headers=GZIP)
    refused = browser.post("/sign-in", data={"email": "a@b.example"}, headers=GZIP)
    lost = browser.get("/nowhere", headers=GZIP)
    for page in (guessed, refused, lost):
        assert page.mimetype == "text/html"
        assert len(page.data) > 1_000
        assert "Content-Encoding" not in page.headers


def test_a_proxy_may_do_it_instead(app: Flask, browser: FlaskClient) -> None:
    state = app.extensions["survey"]
    app.extensions["survey"] = replace(state, settings=replace(state.settings, compress=False))
    for address in (PAGE, "/survey-static/survey.css"):
        assert "Content-Encoding" not in browser.get(address, headers=GZIP).headers
