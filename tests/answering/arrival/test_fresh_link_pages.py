"""A contact without a working link asks for a fresh one."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from surveyapp.foundation.mail import worker
from surveyapp.foundation.store.models import Outbox
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient

AtMost = Callable[[int], AbstractContextManager[list[str]]]
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
        worker.run_prompt_operations(MONDAY_MORNING)
        replies.add((answer.headers["Location"], without_token(stranger.follow(answer).text)))
    assert len(replies) == 1
    assert [mail.to_addr for mail in outbox()] == ["audit@police.example"] * 2
    assert (
        "“police” is not an email address"
        in stranger.post("/fresh-link/", {"email": "police"}, status=422).text
    )


@pytest.mark.usefixtures("grant")
def test_asking_for_a_link_runs_the_same_statements_for_a_known_and_an_unknown_address(
    stranger: PageClient, queries: AtMost, outbox: Queued
) -> None:
    stranger.get("/fresh-link/")
    seen = []
    for address in ("audit@police.example", "nobody@police.example"):
        for _press in ("first", "again before the worker has come"):
            with queries(2) as statements:
                stranger.post("/fresh-link/", {"email": address})
            seen.append([" ".join(statement.split()) for statement in statements])
    assert seen == [seen[0]] * 4
    assert outbox() == [], "The worker looks the address up, not the page."


def test_a_browser_without_a_link_is_told_how_to_get_it(stranger: PageClient) -> None:
    page = stranger.get("/returns/", status=403)
    assert "Open the link from your email again" in page.text
