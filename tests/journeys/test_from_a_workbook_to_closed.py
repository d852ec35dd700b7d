from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from tests.journeys.people import Calendar, Contact, Manager, Postbox, address_of, filled_workbook, hidden_in
from tests.page_client import PageClient
from tests.sent_mail import recipient

AGENCIES = ["Northside Police", "Harbour Health"]
ANSWERS = {
    "supervision": "yes",
    "supervision-comment": "Monthly, with actions.",
    "strengths_or_concerns": "no",
}


@pytest.fixture
def manager(client: PageClient) -> Manager:
    return Manager(client)


@pytest.fixture
def calendar(app: Flask, clock: time_machine.Traveller) -> Calendar:
    return Calendar(app, clock)


@pytest.fixture
def post(tmp_path: Path) -> Postbox:
    return Postbox(tmp_path / "mail")


def test_an_audit_from_a_workbook_to_closed(  # noqa: PLR0915 — one story, told in one go
    app: Flask, manager: Manager, calendar: Calendar, post: Postbox
) -> None:
    # Setting up and issuing.
    manager.uploads(filled_workbook(cases=3, agencies=AGENCIES, title="Repeat plans, winter"))
    manager.sees("3 cases, 2 agencies, 6 requests", at="/set-up")
    assert post.new() == [], "Setting up sends nothing."
    manager.issues()
    manager.sees("0 of 6 returned (0%)", "6 outstanding")
    calendar.minute_passes()
    assert {recipient(letter) for letter in post.new()} == {address_of(agency) for agency in AGENCIES}
    manager.issues()
    calendar.minute_passes()
    assert post.new() == [], "Issuing twice sends nothing twice."

    # The police read their email, open the link, and come back on another day.
    police = Contact(app, address_of("Northside Police"))
    post.read.clear()
    text = police.reads(post.new(police.address))
    for words in (
        "Child 1",
        "Child 3",
        "Friday 18 December 2026",
        "01234 567890",
        "secure message of 27 November",
    ):
        assert words in text
    assert "Northside Police" in police.opens_the_link()
    manager.does_not_see("started")
    police.starts()
    police.sees("0 of 3 returned", "Child 2")
    police.fills_in("Child 1", {"supervision": "yes", "supervision-comment": "Monthly, with actions."})
    manager.sees("0 of 6 returned (0%)", "1 started")

    # The page names what is missing and keeps the typed text.
    again = police.fills_in(
        "Child 1", {"supervision": "no", "supervision-comment": "زيارة 👩‍👧"}, then="check", status=422
    )
    assert "زيارة 👩‍👧" in again.get_data(as_text=True)
    police.returns("Child 1", ANSWERS)
    calendar.minute_passes()
    receipt = post.new(police.address)
    assert len(receipt) == 1
    assert "Monthly, with actions" not in receipt[0].as_string(), "A receipt shows no answer."
    manager.sees("1 of 6 returned (16.7%)", "5 outstanding")
    police.says_not_involved("Child 2", "not_known")
    manager.sees("2 of 6 returned (33.3%)", "nil")

    # At the first slot, five working days before the due date, one chaser lists everything outstanding.
    calendar.reaches(datetime(2026, 12, 11, 10, tzinfo=UTC))
    chasers = [
        letter
        for letter in post.new()
        if "harbour" in recipient(letter) or "still" in letter["Subject"].lower()
    ]
    health = Contact(app, address_of("Harbour Health"))
    theirs = [letter for letter in chasers if recipient(letter) == health.address]
    assert "Child 1, Child 2 and Child 3" in health.reads(theirs[-1:])
    mine = [letter for letter in chasers if recipient(letter) == police.address]
    assert [("Child 3" in letter.as_string(), "Child 1" in letter.as_string()) for letter in mine] == [
        (True, False)
    ]

    # The police return the last one through the same link and get no further email.
    police.starts()
    police.sees("2 of 3 returned")
    police.returns("Child 3", ANSWERS)
    calendar.reaches(datetime(2026, 12, 14, 9, tzinfo=UTC))
    manager.signs_in()
    manager.sees("3 of 6 returned (50%)")
    manager.chases()
    calendar.reaches(datetime(2026, 12, 18, 10, tzinfo=UTC))
    chasers = [letter for letter in post.new(police.address) if "still" in letter["Subject"].lower()]
    assert chasers == [], "Nobody is chased once all is returned."
    health.starts()
    health.fills_in("Child 1", {"supervision": "no", "strengths_or_concerns": "no"})

    # Returns close by themselves at five o’clock on the closing day.
    calendar.reaches(datetime(2027, 1, 15, 16, 59, tzinfo=UTC))
    manager.signs_in()
    manager.sees("3 of 6 returned (50%)")
    post.new()
    calendar.reaches(datetime(2027, 1, 15, 17, 1, tzinfo=UTC))
    calendar.reaches(datetime(2027, 2, 12, 17, 1, tzinfo=UTC))
    assert post.new() == [], "Nothing goes out after returns have closed."
    manager.signs_in()
    manager.sees("3 of 6 returned (50%)", "closed")
    police.starts()
    police.sees("closed")
    police.sees("Monthly, with actions.", at=police.address_of("Child 1") + "copy")


def test_a_close_by_hand_stops_answers_in_pages_already_open(
    app: Flask, manager: Manager, calendar: Calendar, post: Postbox
) -> None:
    manager.uploads(filled_workbook(cases=1, agencies=AGENCIES[:1], title="Closed by hand"))
    manager.issues()
    calendar.minute_passes()
    police = Contact(app, address_of("Northside Police"))
    police.reads(post.new(police.address))
    police.starts()
    there = police.address_of("Child 1")
    page = police.browser.get(there).get_data(as_text=True)
    manager.closes()
    manager.sees("0 of 1 returned (0%)", "closed")
    hidden = hidden_in(page, "submission-id", "seen-version")
    late = police.browser.post(there, {**hidden, **ANSWERS, "next-step": "save"}, status=409)
    assert "has not been sent" in late.get_data(as_text=True)
    manager.sees("0 of 1 returned (0%)")
