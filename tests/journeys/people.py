"""The manager and the contacts of a journey, with methods for what they do and see."""

import email
import email.policy
import io
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import time_machine
from flask import Flask
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from surveyapp.foundation import clock
from surveyapp.foundation.mail.worker import drain, tick
from surveyapp.planning.setup.blank_workbook import blank_workbook
from tests.page_client import PageClient
from tests.sent_mail import recipient

_SPACES = re.compile(r"\s+")


def words_of(response: TestResponse) -> str:
    """The words of a page on one line, without markup."""
    return _SPACES.sub(" ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))).strip()


def hidden_in(page: str, *names: str) -> dict[str, object]:
    """The values of these hidden fields of a page."""
    return {name: re.findall(f'name="{name}" value="([^"]*)"', page)[0] for name in names}


def filled_workbook(*, cases: int, agencies: list[str], title: str) -> bytes:
    """The blank workbook filled in, with every agency ticked for every child."""
    book = load_workbook(io.BytesIO(blank_workbook()))
    values: dict[Any, Any] = {
        "audit": title,
        "form": "repeat_child_protection_plans_2014",
        "theme": "Repeat plans",
        "issue_on": datetime(2026, 11, 30),  # noqa: DTZ001 — a day in a cell has no zone
        "due_on": "2026-12-18",
        "close_on": "2027-01-15",
        "key_message": "the secure message of 27 November",
    }
    for row in book["Audit"].iter_rows(min_row=2):
        if row[0].value in values:
            row[1].value = values[row[0].value]
    for number, agency in enumerate(agencies, start=2):
        book["Agencies"].cell(number, 1, agency)
        book["Agencies"].cell(number, 2, "Police" if "Police" in agency else "Health")
        for column, value in enumerate(
            (agency, f"Lead of {agency}", address_of(agency), "lead", "01234 500100"), 1
        ):
            book["Contacts"].cell(number, column, value)
        book["Grid"].cell(1, number, agency)
    for number in range(1, cases + 1):
        for column, value in enumerate((f"Child {number}", f"{number} years", "female", "neglect"), 1):
            book["Cases"].cell(number + 1, column, value)
        book["Grid"].cell(number + 1, 1, f"Child {number}")
        for column in range(len(agencies)):
            book["Grid"].cell(number + 1, column + 2, "x")
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def address_of(agency: str) -> str:
    return f"audit@{agency.lower().replace(' ', '-')}.example"


class Calendar:
    """Moves the clock, and runs the worker as time passes."""

    def __init__(self, app: Flask, clock_hands: time_machine.Traveller) -> None:
        self.app = app
        self.hands = clock_hands

    def reaches(self, moment: datetime) -> None:
        """Move the clock to a moment in steps of twelve hours, running the worker at each."""
        while clock.now() < moment:
            self.hands.move_to(min(clock.now() + timedelta(hours=12), moment), tick=False)
            self.minute_passes()

    def minute_passes(self) -> None:
        with self.app.app_context():
            tick(clock.now())
            drain(clock.now)
            # The number of emails in a minute is limited; the next minute sends the rest.
            self.hands.shift(timedelta(seconds=61))
            drain(clock.now)


class Postbox:
    """The emails in the mail folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read: set[Path] = set()

    def new(self, to: str = "") -> list[EmailMessage]:
        """The unread emails, oldest first, which then count as read; `to` limits them to one address."""
        letters: list[EmailMessage] = []
        for path in sorted(set(self.folder.glob("*.eml")) - self.read):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if not to or recipient(letter) == to:
                self.read.add(path)
                letters.append(letter)
        return letters


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


class Manager:
    """The business manager, signed in."""

    def __init__(self, browser: PageClient) -> None:
        self.browser = browser
        self.audit = ""

    def signs_in(self) -> None:
        self.browser.sign_in()

    def uploads(self, workbook: bytes) -> None:
        self.browser.get("/audits/from-file")
        shown = self.browser.post(
            "/audits/from-file", {"file": (io.BytesIO(workbook), "audit.xlsx")}, status=200
        )
        page = shown.get_data(as_text=True)
        done = self.browser.post("/audits/from-file", hidden_in(page, "content", "name", "seen", "shown"))
        self.audit = done.headers["Location"].removesuffix("/set-up")

    def issues(self) -> None:
        self.browser.get(f"{self.audit}/issue")
        self.browser.post(f"{self.audit}/issue")

    def sees(self, *texts: str, at: str = "") -> None:
        page = words_of(self.browser.get(self.audit + at))
        for text in texts:
            assert text in page, f"“{text}” is not on the page:\n{page}"

    def does_not_see(self, *texts: str, at: str = "") -> None:
        page = words_of(self.browser.get(self.audit + at))
        for text in texts:
            assert text not in page, f"“{text}” is on the page:\n{page}"

    def chases(self) -> None:
        self.browser.get(f"{self.audit}/chasers?on={clock.local_day(clock.now())}")
        self.browser.post(f"{self.audit}/chasers")

    def closes(self) -> None:
        self.browser.get(f"{self.audit}/close")
        self.browser.post(f"{self.audit}/close")


class Contact:
    """A contact at an agency, with a link and a browser."""

    def __init__(self, app: Flask, address: str) -> None:
        self.browser = PageClient(app)
        self.address = address
        self.link = ""

    def reads(self, letters: list[EmailMessage]) -> str:
        """Read the only new email and keep its link; returns its text."""
        assert len(letters) == 1, f"{self.address} has {len(letters)} emails, not one."
        text = text_of(letters[0])
        match = re.search(r"^http://127\.0\.0\.1:5000(/r/[a-z2-7]{50}/)$", text, re.MULTILINE)
        assert match, f"The link does not stand alone on a line:\n{text}"
        self.link = match.group(1)
        return text

    def opens_the_link(self) -> str:
        return words_of(self.browser.get(self.link))

    def starts(self) -> None:
        self.browser.get(self.link)
        self.browser.post("/start/", {"token": self.link.split("/")[2]})

    def sees(self, *texts: str, at: str = "/returns/") -> None:
        page = words_of(self.browser.get(at))
        for text in texts:
            assert text in page, f"“{text}” is not on the page:\n{page}"

    def address_of(self, case: str) -> str:
        """The address of the form about a case, from the list of returns."""
        page = self.browser.get("/returns/").get_data(as_text=True)
        match = re.search(rf'href="(/returns/[a-z2-7]{{24}}/)[a-z]*"[^>]*>\s*{case}\b', page)
        assert match, f"{case} is not on the list."
        return match.group(1)

    def fills_in(
        self, case: str, answers: Mapping[str, object], *, then: str = "save", status: int = 303
    ) -> TestResponse:
        """Fill in the form about a case and press “save” or “check”."""
        address = self.address_of(case)
        page = self.browser.get(address).get_data(as_text=True)
        hidden = hidden_in(page, "submission-id", "seen-version")
        return self.browser.post(address, {**hidden, **answers, "next-step": then}, status=status)

    def returns(self, case: str, answers: Mapping[str, object]) -> None:
        checked = self.fills_in(case, answers, then="check")
        address = checked.headers["Location"]
        page = self.browser.get(address).get_data(as_text=True)
        hidden = hidden_in(page, "submission-id", "seen-version")
        done = self.browser.post(address, hidden)
        assert done.headers["Location"].endswith("/done")

    def says_not_involved(self, case: str, reason: str) -> None:
        address = self.address_of(case) + "not-involved"
        page = self.browser.get(address).get_data(as_text=True)
        hidden = hidden_in(page, "submission-id", "seen-version")
        self.browser.post(address, {**hidden, "reason": reason})
