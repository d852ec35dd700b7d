import tracemalloc

import pytest
from flask import Flask, request

from surveyapp.foundation.web.request_checks import refuse_unexpected_bodies

URL_ENCODED = "application/x-www-form-urlencoded"


def test_a_post_without_a_token_changes_nothing(app: Flask) -> None:
    response = app.test_client().post("/audits/new", data={"title": "x"})
    assert response.status_code == 400
    assert "had been open too long" in response.get_data(as_text=True)


def test_a_json_body_is_refused(app: Flask) -> None:
    response = app.test_client().post("/start/", json={"token": "x"})
    assert response.status_code == 415


@pytest.mark.parametrize("invalid", [b"%ED%A0%80", b"%FF", b"\xff", b"%80"])
def test_bytes_that_are_not_utf_8_are_left_out(host: Flask, invalid: bytes) -> None:
    host.config["WTF_CSRF_ENABLED"] = False
    with host.test_request_context(
        "/ours",
        method="POST",
        data=b"words=Seen+%C3%A9" + invalid + b"+by&words%80=" + invalid,
        content_type=URL_ENCODED,
    ):
        refuse_unexpected_bodies()
        assert request.form.getlist("words") == ["Seen é by", ""]
        assert not request.files


@pytest.mark.parametrize(
    "body",
    [
        b"email=" + b"%FF" * 1001,
        b"email=" + b"\xff" * 1001,
        b"email" + b"%80" * 1001 + b"=x",
    ],
)
def test_a_body_that_is_not_text_is_refused(app: Flask, body: bytes) -> None:
    response = app.test_client().post("/fresh-link/", data=body, content_type=URL_ENCODED)
    assert response.status_code == 400
    assert "That could not be read" in response.get_data(as_text=True)


@pytest.mark.parametrize("content_type", [URL_ENCODED, "multipart/form-data"])
@pytest.mark.parametrize(("name", "value"), [("a" * 501, "x"), ("email", "x" * 500_001)])
def test_a_name_or_a_value_that_no_form_holds_is_refused(
    app: Flask, name: str, value: str, content_type: str
) -> None:
    response = app.test_client().post("/fresh-link/", data={name: value}, content_type=content_type)
    assert response.status_code == 413
    assert "too much to take at once" in response.get_data(as_text=True)


def test_ten_thousand_fields_are_refused_before_they_are_parsed(app: Flask) -> None:
    body = "&".join(f"a{number}=1" for number in range(10_000))
    response = app.test_client().post("/start/", data=body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413


@pytest.mark.parametrize("page", ["/fresh-link/", "/sign-in"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"a=" + b"%" * 600_000, 400),
        (b"&".join([b"a=" + b"%" * 300_000] * 2), 400),
        (b"a=" + b"%zz" * 200_000, 400),
        (b"a=" + b"%41" * 500_001, 413),
        (b"a=" + b"%C3%A9" * 500_001, 413),
        (b"%41" * 501 + b"=x", 413),
    ],
)
def test_a_body_of_percent_signs_is_refused_before_it_takes_many_times_its_length_in_memory(
    app: Flask, page: str, body: bytes, status: int
) -> None:
    browser = app.test_client()
    browser.post(page, data=b"a=1", content_type=URL_ENCODED)
    tracemalloc.start()
    try:
        response = browser.post(page, data=body, content_type=URL_ENCODED)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert response.status_code == status
    assert most < 1_000_000 + 6 * len(body)


@pytest.mark.parametrize("text", ["é", "安", "😀", "a", "%", "&=+ "])
def test_the_longest_name_and_value_are_taken_however_they_are_encoded(app: Flask, text: str) -> None:
    longest = (text * 500_000)[:300_000]
    data = {longest[:500]: longest, "csrf_token": "x"}
    response = app.test_client().post("/start/", data=data, content_type=URL_ENCODED)
    # The page is reached, and does not know the link.
    assert response.status_code == 404


def test_a_text_with_a_few_percent_signs_without_a_code_is_taken(host: Flask) -> None:
    host.config["WTF_CSRF_ENABLED"] = False
    with host.test_request_context(
        "/ours", method="POST", data=b"words=50%+of+them,+100%", content_type=URL_ENCODED
    ):
        refuse_unexpected_bodies()
        assert request.form["words"] == "50% of them, 100%"
