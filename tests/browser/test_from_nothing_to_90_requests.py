"""From an empty installation to 90 requests in 15 cases, sent by a mail server, with every click counted.

By pages with pasted cells, with the sample chosen from an export, and by a workbook. `Hand` says what counts
as a click and as a page.
"""

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.hand import Hand
from tests.browser.installation import ROOT, Installation, quiet_tuesday
from tests.browser.people import Manager
from tests.sampling.exports import export_of_2014

pytestmark = pytest.mark.slow

MOST_CLICKS, MOST_PAGES = 40, 12
MOST_CLICKS_WITH_SAMPLE, MOST_CLICKS_BY_WORKBOOK = 45, 8
CASES, REQUESTS = 15, 90
# In seconds; mail leaves every two seconds.
PATIENCE = 60
AGENCIES = (
    ("Wrenford Children’s Social Care", "Children’s social care"),
    ("Wrenford Community Health", "Health"),
    ("Hill Surgery", "GP practice"),
    ("Northside Police", "Police"),
    ("Hilltop Primary School", "School or education"),
    ("Wrenford Early Help", "Early help"),
    ("Acorn Nursery", "Nursery"),
    ("Family Support Wrenford", "Voluntary sector"),
    ("Wrenford Youth Justice", "Youth justice"),
)
PEOPLE = "\n".join(
    ["Agency\tKind\tName\tEmail\tRole"]
    + [
        f"{name}\t{kind}\tLead {at}\tlead{at}@agency.example\tLead"
        for at, (name, kind) in enumerate(AGENCIES)
    ]
)
CASE_CELLS = "\n".join(
    ["Case\tAge\tGender\tCategory"]
    + [f"Child {at}\t{at % 14 + 1}\t{'FM'[at % 2]}\tneglect" for at in range(1, CASES + 1)]
)


def knew(case: int, agency: int) -> bool:
    """Whether an agency knew a case: each of the 15 is known to six of the nine."""
    return (case + agency) % 9 < 6


TICK_CELLS = "\n".join(
    ["\t".join(["Case", *(name for name, _kind in AGENCIES)])]
    + [
        "\t".join([f"Child {case}", *("Y" if knew(case, agency) else "" for agency in range(9))])
        for case in range(1, CASES + 1)
    ]
)


@dataclass
class MailSink:
    """A mail server that takes every message."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> str:
        return (self.folder / "port").read_text(encoding="utf-8")

    def recipients(self) -> list[str]:
        files = (self.folder / "accepted").glob("*.json")
        return sorted(json.loads(file.read_text(encoding="utf-8"))["to"] for file in files)

    def takes(self, number: int) -> list[str]:
        """Wait until so many messages have come; returns their recipients."""
        wait_until(lambda: len(self.recipients()) >= number)
        return self.recipients()


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.2)


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[MailSink]:
    folder = tmp_path / "mail-server"
    folder.mkdir()
    process = subprocess.Popen([sys.executable, str(ROOT / "tests" / "faults" / "sink.py"), str(folder)])
    wait_until((folder / "port").exists)
    yield MailSink(folder, process)
    process.kill()
    process.wait()


@pytest.fixture
def installation(browser: Browser, tmp_path: Path, mail: MailSink) -> Iterator[Installation]:  # noqa: ARG001 — without one, no server
    """An installation in which there is nothing but the manager’s account."""
    folder = tmp_path / "house"
    folder.mkdir()
    settings = {"FLASK_MAIL_SERVER": "127.0.0.1", "FLASK_MAIL_PORT": mail.port}
    installation = Installation(folder, starts_at=quiet_tuesday(), settings=settings)
    installation.create_tables_and_account()
    installation.open()
    yield installation
    installation.close()
    assert "Traceback" not in installation.log, installation.log


@pytest.fixture
def hand(people: Callable[..., Any]) -> Hand:
    """The hand of a manager who has signed in and sees that nothing is there."""
    manager = people(Manager)
    manager.signs_in()
    hand = Hand(manager)
    hand.reads("No audit has been set up yet.")
    return hand


def paste_agencies(hand: Hand) -> None:
    hand.follows("Agencies and their contacts")
    hand.types(hand.manager.page.get_by_label("Paste the cells here"), PEOPLE)
    hand.presses("Preview")
    hand.presses("Store this")
    hand.reads("Stored: 9 agencies and 9 contacts added.")


def plan_audit(hand: Hand) -> None:
    page = hand.manager.page
    hand.presses("Go on: plan an audit")
    hand.types(page.get_by_label("Title"), "Repeat plans, autumn", "Repeat child protection plans")
    hand.clicks_on(page.get_by_label("Repeat Child Protection Plans", exact=True))
    hand.presses("Save and add the cases")


def check_and_issue(hand: Hand, mail: MailSink, *, emails: int) -> None:
    hand.reads(f"for {REQUESTS} returns")
    hand.presses(f"Issue {REQUESTS} requests")
    hand.reads(f"{REQUESTS} requests issued.", f"0 of {REQUESTS} returned")
    assert len(set(mail.takes(emails))) == emails
    assert len(mail.recipients()) == emails


def test_by_pages_with_pasted_cells(hand: Hand, mail: MailSink) -> None:
    page = hand.manager.page
    paste_agencies(hand)
    plan_audit(hand)
    hand.types(page.get_by_label("Paste the cells here"), CASE_CELLS)
    hand.presses("Preview")
    hand.presses("Store this")
    hand.types(page.get_by_label("Paste the cells here"), TICK_CELLS)
    hand.presses("Preview")
    hand.presses("Store this")
    hand.reads(f"{CASES} cases, 9 agencies, {REQUESTS} requests")
    hand.presses("Save and go on")
    check_and_issue(hand, mail, emails=9)
    assert len(hand.clicks) <= MOST_CLICKS, hand.account
    assert len(hand.pages) <= MOST_PAGES, hand.account


def test_with_the_sample_chosen_from_an_export(hand: Hand, mail: MailSink, tmp_path: Path) -> None:
    page = hand.manager.page
    export = tmp_path / "export.csv"
    export.write_text(export_of_2014(), encoding="utf-8")
    paste_agencies(hand)
    plan_audit(hand)
    hand.presses("Choose the sample from an export")
    hand.chooses_file(page.get_by_label("File of the export"), export)
    hand.types(page.get_by_label("Day", exact=True), "16", "1", "2014")
    hand.presses("Read the list")
    hand.clicks_on(page.get_by_text("Change the rules, the size or the seed"))
    hand.clicks_on(page.get_by_label("Only repeat plans"))
    hand.types(page.get_by_label("Longest time between the plans"), "3 years")
    hand.clicks_on(page.get_by_label("Only one child of each sibling group"))
    hand.presses("Choose again")
    hand.reads(f"{CASES} of ")
    hand.presses("Make these the audit’s cases")
    hand.chooses_file(page.get_by_label("File of the export"), export)
    key = hand.downloads(page.get_by_role("button", name="Download the key"))
    assert len(key.read_text(encoding="utf-8").splitlines()) == CASES + 1
    hand.presses("Go on: which agency knew which child")
    hand.presses("Choose the agencies")
    hand.presses("Go on to the grid")
    for name, _kind in AGENCIES[:6]:
        head = page.locator("thead th").filter(has_text=name)
        hand.clicks_on(head.get_by_role("button"))
    expect(page.locator("[data-ticks-count]")).to_have_text(f"{CASES} cases, 6 agencies, {REQUESTS} requests")
    hand.presses("Save and go on")
    check_and_issue(hand, mail, emails=6)
    assert len(hand.clicks) <= MOST_CLICKS_WITH_SAMPLE, hand.account


def test_by_a_workbook(hand: Hand, mail: MailSink, tmp_path: Path) -> None:
    page = hand.manager.page
    hand.follows("Set up from a file")
    blank = hand.downloads(page.get_by_role("link", name="Download the blank workbook"))
    filled = fill(blank, tmp_path / "audit-set-up.xlsx", hand.manager.installation)
    hand.chooses_file(page.get_by_label("Set-up file"), filled)
    hand.presses("Check this file")
    hand.presses("Set up this audit")
    hand.presses("Go on: check and issue")
    check_and_issue(hand, mail, emails=9)
    assert len(hand.clicks) <= MOST_CLICKS_BY_WORKBOOK, hand.account


def fill(blank: Path, filled: Path, installation: Installation) -> Path:
    """Write the same agencies, cases and ticks into the product’s own workbook."""
    book = openpyxl.load_workbook(io.BytesIO(blank.read_bytes()))
    days = {"issue_on": 0, "due_on": 21, "close_on": 35}
    said: dict[str, Any] = {
        "audit": "Repeat plans, autumn",
        "form": "repeat_child_protection_plans_2014",
        **{name: installation.today + timedelta(days=gap) for name, gap in days.items()},
    }
    for row in book["Audit"].iter_rows(min_row=2):
        if str(row[0].value) in said:
            row[1].value = said[str(row[0].value)]
    for at, (name, kind) in enumerate(AGENCIES):
        book["Agencies"].append((name, kind))
        book["Contacts"].append((name, f"Lead {at}", f"lead{at}@agency.example", "lead"))
        book["Grid"].cell(1, at + 2, name)
    for case in range(1, CASES + 1):
        book["Cases"].append((f"Child {case}", f"{case % 14 + 1} years", "female"))
        book["Grid"].cell(case + 1, 1, f"Child {case}")
        for agency in range(9):
            book["Grid"].cell(case + 1, agency + 2, "x" if knew(case, agency) else None)
    book.save(filled)
    return filled
