"""A contact without a working link asks for a fresh one."""

import re
from collections.abc import Callable

import pytest

from surveyapp.foundation.store.models import Outbox
from tests.page_client import PageClient

Queued = Callable[[], list[Outbox]]


def without_token(text: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text)


@pytest.mark.usefixtures("grant")
def test_a_lost_link_goes_only_to_the_registered_address_and_every_address_gets_the_same_page(
    stranger: PageClient, outbox: Queued
) -> None:
    stranger.get("/fresh-link/")
    replies = set()
    for address in ("audit@police.example", "AUDIT@police.example", "nobody@police.example"):
        answer = stranger.post("/fresh-link/", {"email": address})
        replies.add((answer.headers["Location"], without_token(stranger.follow(answer).text)))
    assert len(replies) == 1
    assert [mail.to_addr for mail in outbox()] == ["audit@police.example"] * 2
    assert (
        "“police” is not an email address"
        in stranger.post("/fresh-link/", {"email": "police"}, status=422).text
    )


def test_a_browser_without_a_link_is_told_how_to_get_it(stranger: PageClient) -> None:
    page = stranger.get("/returns/", status=403)
    assert "Open the link from your email again" in page.text
