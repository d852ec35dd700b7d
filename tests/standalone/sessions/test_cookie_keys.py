"""Cookies and open forms outlive new keys in the key file, with the app running all the while."""

from pathlib import Path

import pytest
from flask import Flask

from surveyapp.commands.keys.key_file_changes import add_keys, drop_old_keys
from tests.page_client import PageClient


@pytest.fixture
def file(app: Flask) -> Path:
    """The key file of the app."""
    file: Path = app.extensions["survey"].settings.key_file
    return file


def test_nobody_is_signed_out_and_every_open_form_is_taken_after_new_keys(
    client: PageClient, file: Path
) -> None:
    client.get("/closed-days")
    token = client.token
    for button in ("/mail/pause", "/mail/resume"):
        add_keys(file)
        client.post(button, {"csrf_token": token})
    before = client.app.config["SECRET_KEY"]
    add_keys(file, ["data"])
    client.get("/closed-days")
    assert client.app.config["SECRET_KEY"] == before


def test_a_cookie_ends_with_the_key_that_signed_it(
    client: PageClient, stranger: PageClient, file: Path
) -> None:
    client.get("/closed-days")
    kept = client.http.get_cookie("surveyapp")
    assert kept is not None
    add_keys(file)
    stranger.http.set_cookie("surveyapp", kept.value)
    stranger.get("/closed-days")
    drop_old_keys(file, "secret")
    stranger.http.set_cookie("surveyapp", kept.value)
    stranger.get("/closed-days", status=302)
    client.get("/closed-days", status=302)


def test_a_cookie_is_signed_with_sha_256(client: PageClient) -> None:
    client.get("/closed-days")
    cookie = client.http.get_cookie("surveyapp")
    assert cookie is not None
    # 32 bytes in Base64; SHA-1 has 20.
    assert len(cookie.value.rpartition(".")[2]) == 43


def test_a_cookie_goes_over_to_the_newest_key_with_the_next_page(client: PageClient, file: Path) -> None:
    add_keys(file)
    client.get("/closed-days")
    drop_old_keys(file, "secret")
    client.get("/closed-days")


def test_a_form_token_ends_with_the_key_that_signed_it(client: PageClient, file: Path) -> None:
    client.get("/closed-days")
    token = client.token
    add_keys(file)
    drop_old_keys(file, "link")
    client.post("/mail/pause", {"csrf_token": token}, status=400)
    client.get("/closed-days")
    client.post("/mail/pause")
