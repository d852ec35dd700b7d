"""Stylesheets and scripts come compressed, under addresses that browsers keep for good."""

import gzip
from pathlib import Path

import pytest
from flask import Flask, Response, session, url_for
from flask.testing import FlaskClient

from surveyapp.foundation.web.static_files import ASK_EACH_TIME, FOLDER, FOR_GOOD, read_static_files

CSS = (FOLDER / "survey.css").read_bytes()
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def address(app: Flask) -> str:
    """The address of our stylesheet, as pages write it."""
    with app.test_request_context():
        return url_for("survey_static.static", filename="survey.css")


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A client that does not check pages."""
    return FlaskClient(app, app.response_class)


def test_pages_name_an_address_that_browsers_keep_for_good(browser: FlaskClient, address: str) -> None:
    assert f'href="{address}"' in browser.get("/sign-in").text
    answer = browser.get(address)
    assert answer.headers["Cache-Control"] == FOR_GOOD
    assert answer.mimetype == "text/css"
    assert answer.data == CSS


@pytest.mark.parametrize("earlier", ["/survey-static/v/0123456789ab/survey.css", "/survey-static/survey.css"])
def test_an_address_from_before_an_upgrade_still_answers_and_is_not_kept(
    browser: FlaskClient, earlier: str
) -> None:
    answer = browser.get(earlier)
    assert answer.data == CSS
    assert answer.headers["Cache-Control"] == ASK_EACH_TIME


def test_a_script_finds_the_others_beside_it(browser: FlaskClient, address: str) -> None:
    assert browser.get(address.replace("survey.css", "govuk/govuk-frontend.min.js")).status_code == 200
    assert browser.get(address.replace("survey.css", "autosave.js")).mimetype == "text/javascript"


def test_every_file_is_compressed_for_a_browser_that_takes_it(browser: FlaskClient, address: str) -> None:
    for name, file in read_static_files(FOLDER).by_name.items():
        answer = browser.get(address.replace("survey.css", name), headers=GZIP)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert gzip.decompress(answer.data) == file.content
        assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "identity"])
def test_a_browser_that_takes_no_gzip_gets_the_file_as_it_is(
    browser: FlaskClient, address: str, accepted: str
) -> None:
    answer = browser.get(address, headers={"Accept-Encoding": accepted})
    assert answer.data == CSS
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("headers", [{}, GZIP])
def test_a_file_that_the_browser_has_is_not_sent_again(
    browser: FlaskClient, address: str, headers: dict[str, str]
) -> None:
    etag = browser.get(address, headers=headers).headers["ETag"]
    again = browser.get(address, headers={**headers, "If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_the_compressed_file_has_a_tag_of_its_own(browser: FlaskClient, address: str) -> None:
    assert browser.get(address).headers["ETag"] != browser.get(address, headers=GZIP).headers["ETag"]


def test_a_file_is_the_same_whatever_the_cookie(
    app: Flask, browser: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoil(response: Response) -> Response:
        session["visits"] = session.get("visits", 0) + 1
        return response

    monkeypatch.setitem(app.after_request_funcs, None, [spoil])
    page, file = browser.get("/sign-in"), browser.get(address)
    assert "Set-Cookie" in page.headers
    assert "Set-Cookie" not in file.headers
    assert file.headers["Vary"] == "Accept-Encoding"


def test_what_is_no_file_of_ours_is_not_found(browser: FlaskClient, address: str) -> None:
    for name in ("nowhere.css", "../survey.css", "..%2F..%2F__init__.py", "govuk"):
        assert browser.get(address.replace("survey.css", name)).status_code == 404


def test_a_changed_file_changes_every_address(tmp_path: Path) -> None:
    (tmp_path / "one.css").write_text("p {}")
    before = read_static_files(tmp_path).hash
    assert read_static_files(tmp_path).hash == before
    (tmp_path / "one.css").write_text("p { margin: 0 }")
    assert read_static_files(tmp_path).hash != before
