"""After a whole audit the log says who did and saw what, and no answer, link or address."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from tests.exports.opened_files import csv_rows
from tests.journeys.people import (
    Calendar,
    Contact,
    Manager,
    Postbox,
    address_of,
    filled_workbook,
    hidden_in,
    text_of,
    words_of,
)
from tests.page_client import MANAGER, MANAGER_NAME, PageClient

AGENCIES = ["Northside Police", "Harbour Health"]
CANARY = "Canarytext"
_LINK = re.compile(r"https?://\S+")
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\.\w+")


def whole_log(browser: PageClient) -> str:
    """The words and addresses of every page of the log."""
    pages, address = "", "/log"
    while address:
        page = browser.get(address).text
        pages += page.split("<main")[1].split("</main")[0]
        link = re.search(r'href="([^"]+)" rel="next"', page)
        address = link[1].replace("&amp;", "&") if link else ""
    return pages


@pytest.fixture
def post(tmp_path: Path) -> Postbox:
    return Postbox(tmp_path / "mail")


def test_the_log_of_a_whole_audit(  # noqa: PLR0915 — one story, told in one go
    app: Flask, client: PageClient, clock: time_machine.Traveller, post: Postbox
) -> None:
    manager, calendar = Manager(client), Calendar(app, clock)
    stranger = PageClient(app)
    stranger.get("/sign-in")
    stranger.post("/sign-in", {"email": MANAGER, "password": f"{CANARY} password"}, status=422)
    manager.uploads(filled_workbook(cases=3, agencies=AGENCIES, title="Repeat plans, winter"))
    manager.issues()
    calendar.minute_passes()
    letters = post.new()
    police, health = (Contact(app, address_of(agency)) for agency in AGENCIES)
    for contact in (police, health):
        contact.reads([letter for letter in letters if contact.address in letter["To"]])
        contact.starts()

    # The police return one child, and pass another on to a colleague.
    told = {"supervision": "yes", "supervision-comment": f"{CANARY} comment.", "strengths_or_concerns": "no"}
    police.returns("Child 1", told)
    passing = police.address_of("Child 2") + "pass-on"
    page = police.browser.get(passing).text
    colleague = {"name": "Kim Vale", "email": f"kim.{CANARY}@northside-police.example", "how": "submit"}
    hidden = dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', page))
    again = police.browser.post(passing, {**hidden, **colleague}, status=200).text
    warned = re.search(r'name="warned_of" value="([^"]*)"', again)
    assert warned, "The page no longer asks about an address at a domain that is not listed."
    police.browser.post(passing, {**hidden, **colleague, "warned_of": warned[1]})
    health.says_not_involved("Child 1", "not_known")
    calendar.minute_passes()
    public_ids = {contact.address_of("Child 1").split("/")[2] for contact in (police, health)}

    # Staff read, download, note a call, ask for a correction and withdraw.
    requests = {
        words: address
        for address, words in re.findall(
            r'href="(/audits/\d+/requests/\d+)"[^>]*>([^<]+)<', client.get(manager.audit).text
        )
    }
    returned = next(address for words, address in requests.items() if "eturned" in words)
    client.get(f"{returned}/answers")
    client.get(f"{manager.audit}/collation/export.csv").close()
    client.get(f"{manager.audit}/outstanding.csv").close()
    client.get(f"{returned}/reopen")
    client.post(f"{returned}/reopen", {"reason": "unclear", "note": f"{CANARY} note"})
    other = next(address for address in requests.values() if address != returned)
    contact_of_other = re.search(r'href="(/audits/\d+/contacts/\d+/call)"', client.get(other).text)
    assert contact_of_other
    call = client.get(contact_of_other[1]).text
    client.post(contact_of_other[1], {"said": f"{CANARY} said", **hidden_in(call, "press")})
    client.get(f"{other}/withdraw")
    client.post(f"{other}/withdraw", {"reason": f"{CANARY} reason"})
    manager.closes()
    calendar.minute_passes()
    clock.shift(timedelta(minutes=1))

    letters = [*letters, *post.new()]
    secrets = (
        {CANARY}
        | public_ids
        | {
            part
            for letter in letters
            for link in _LINK.findall(text_of(letter))
            for part in link.split("/")
            if len(part) > 20
        }
    )
    assert len(secrets) > 5, "The emails hold links."
    manager.signs_in()
    page, file = whole_log(client), client.get("/log.csv").data.decode("utf-8")
    with app.app_context():
        kept = "\n".join(f"{row.actor} {row.object} {row.detail}" for row in session.scalars(select(Event)))
    for text in (page, file, kept):
        assert [secret for secret in secrets if secret in text] == []
        assert _ADDRESS.findall(text) == []
        assert "/r/" not in text
    words = words_of(client.get("/log?kind=reading"))
    assert f"{MANAGER_NAME} read the answers: the return" in words
    assert "downloaded from the audit: .csv, 2 returns" in words
    said = {(row["who"], row["what"]) for row in csv_rows(file.encode())}
    assert {
        (f"Lead of {AGENCIES[0]}", "returned the audit"),
        (f"Lead of {AGENCIES[0]}", "passed it to Kim Vale"),
        (f"Lead of {AGENCIES[1]}", "returned it as not involved"),
        (MANAGER_NAME, "noted a call"),
        (MANAGER_NAME, "withdrew the request"),
    } <= said
    assert any(who == "Someone who is not signed in" and "wrong password" in what for who, what in said)
