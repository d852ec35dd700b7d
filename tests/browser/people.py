"""People with a browser each: what they do, and what they must see."""

import io
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import openpyxl
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.installation import ACCOUNT, Installation
from tests.browser.page_inspection import DESKTOP_WIDTH, HEIGHT, PHONE_WIDTH, FaultRecorder, PageInspector
from tests.sent_mail import recipient

# In seconds; the worker sends mail every two seconds.
MAIL_PATIENCE = 20
_LINK = re.compile(r"https?://\S+/r/\S+")


class Person:
    """Somebody at a browser. Without `scripts` it runs no JavaScript; `phone` makes it 320 px wide."""

    def __init__(
        self,
        browser: Browser,
        installation: Installation,
        *,
        scripts: bool = True,
        phone: bool = False,
        **options: Any,
    ) -> None:
        self.installation, self.scripts = installation, scripts
        self.context = browser.new_context(
            base_url=installation.address,
            java_script_enabled=scripts,
            viewport={"width": PHONE_WIDTH if phone else DESKTOP_WIDTH, "height": HEIGHT},
            locale="en-GB",
            **options,
        )
        self.context.set_default_timeout(10_000)
        self.watch = FaultRecorder(self.context)
        self.page: Page = self.context.new_page()
        self.looker = PageInspector(self.page, scripts=scripts)

    def leave(self) -> None:
        self.looker.close()
        self.context.close()

    def looks(self) -> None:
        """Inspect the current page at both widths."""
        # A form that a script sends leaves its page only once the server has answered.
        expect(self.page.locator("form[data-sending]")).to_have_count(0)
        self.page.wait_for_load_state()
        self.looker.look()

    def opens(self, address: str) -> None:
        self.page.goto(address)
        self.looks()

    def follows(self, words: str) -> None:
        """Follow a link by its words."""
        self.page.get_by_role("link", name=words).first.click()
        self.looks()

    def presses(self, words: str) -> None:
        """Press a button, or a link that looks like one."""
        self.page.get_by_role("button", name=words).first.click()
        self.looks()

    def reads(self, *sentences: str) -> None:
        """Find each of these texts visible on the page."""
        for words in sentences:
            expect(self.page.get_by_text(words).first).to_be_visible()

    def reads_heading(self, words: str) -> None:
        expect(self.page.locator("h1")).to_have_text(words)

    def reads_nowhere(self, words: str) -> None:
        expect(self.page.get_by_text(words)).to_have_count(0)

    def is_told(self, *mistakes: str) -> None:
        """Find an error summary with exactly these mistakes."""
        summary = self.page.locator(".govuk-error-summary")
        expect(summary.locator("li")).to_have_text(list(mistakes))
        assert self.page.title().startswith("Error: "), self.page.title()
        if self.scripts:
            expect(summary).to_be_focused()


class Executive(Person):
    """A member of the partnership's executive, with an account of their own."""

    def signs_in(self, name: str) -> None:
        """Sign in with a new account of this name."""
        address = f"{name.lower().replace(' ', '.')}@partnership.example"
        password = token_urlsafe(15)
        words = ("staff", "add", address, "--name", name, "--role", "executive")
        self.installation.survey(*words, typed=password)
        self.opens("/audits")
        self.page.get_by_label("Email").fill(address)
        self.page.get_by_label("Password").fill(password)
        self.presses("Sign in")
        self.reads_heading("Audits")


class Manager(Person):
    """The partnership's business manager, who ignores emails sent before they came."""

    def __init__(self, browser: Browser, installation: Installation, **options: Any) -> None:
        super().__init__(browser, installation, **options)
        self.old_letters = Counter(to for _, to, _ in _letters(installation))

    def signs_in(self) -> None:
        self.opens("/audits")
        self.reads_heading("Sign in")
        self.page.get_by_label("Email").fill(ACCOUNT)
        self.page.get_by_label("Password").fill(self.installation.password)
        self.presses("Sign in")
        self.reads_heading("Audits")

    def fills_in_the_blank_workbook(self, title: str, folder: Path) -> Path:
        """Download the product's own workbook, and write three children and two agencies into it."""
        self.opens("/audits/from-file")
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name="Download the blank workbook").click()
        book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
        today = self.installation.today
        said = {
            "audit": title,
            "form": "repeat_child_protection_plans_2014",
            "theme": "Repeat plans",
            "key_message": "The secure message of Monday holds the key to Child 1, Child 2 and Child 3.",
            "issue_on": today,
            # Five working days after tomorrow, so that the first chaser leaves tomorrow.
            "due_on": today + timedelta(days=8),
            "close_on": today + timedelta(days=15),
        }
        sheet = book["Audit"]
        for row in range(2, sheet.max_row + 1):
            if (name := str(sheet.cell(row, 1).value)) in said:
                sheet.cell(row, 2).value = said[name]  # type: ignore[assignment]
        book["Agencies"].append(("Northside Police", "Police"))
        book["Agencies"].append(("Hill Surgery", "GP practice"))
        for name, email, agency in (
            ("Sergeant Bell", "audit@police.example", "Northside Police"),
            ("Pat Lowe", "manager@surgery.example", "Hill Surgery"),
        ):
            book["Contacts"].append((agency, name, email, "lead", "01632 960001"))
        for number, age in enumerate(("3 years", "6 months", "11 years"), 1):
            book["Cases"].append(
                (f"Child {number}", age, "female", "neglect", "child protection", None, None)
            )
        grid = book["Grid"]
        for column, words in enumerate(("Northside Police", "Hill Surgery"), 2):
            grid.cell(1, column, words)
        for row_number in (2, 3, 4):
            for column, words in enumerate((f"Child {row_number - 1}", "x", "x"), 1):
                grid.cell(row_number, column, words)
        filled = folder / "autumn.xlsx"
        book.save(filled)
        return filled

    def sends_the_file(self, file: Path) -> None:
        self.page.get_by_label(re.compile("file", re.IGNORECASE)).set_input_files(file)
        self.presses("Check this file")

    def opens_the_audit(self, title: str) -> None:
        self.opens("/audits")
        self.follows(title)

    def reads_the_letters_to(self, address: str, *, at_least: int = 1) -> str:
        """Open the newest email to somebody in the mail folder; returns its link, or an empty text."""
        end = time.monotonic() + MAIL_PATIENCE
        while True:
            self.page.goto("/mail/folder")
            rows = self.page.locator("tbody tr").filter(has_text=address)
            if rows.count() - self.old_letters[address] >= at_least:
                break
            assert time.monotonic() < end, f"{address} got fewer than {at_least} letters."
            time.sleep(0.5)
        self.looks()
        rows.first.get_by_role("link").click()
        self.looks()
        links = self.page.locator("main a[href*='/r/']")
        return (links.first.get_attribute("href") or "") if links.count() else ""

    def cell(self, case: str, agency: str) -> Locator:
        """A cell of the tracking grid."""
        grid = self.page.locator("table.survey-grid")
        column = grid.locator("thead th").all_inner_texts().index(agency)
        row = grid.locator("tbody tr").filter(has=self.page.get_by_role("rowheader", name=case, exact=True))
        return row.locator("th, td").nth(column)


class Contact(Person):
    """A contact of an agency, who has no account but only a link."""

    def starts(self, link: str) -> None:
        """Open the link from the email and press Start."""
        self.opens(link)
        self.page.get_by_role("button", name=re.compile("^(Start now|Carry on|See your returns)$")).click()
        self.looks()
        # A contact with a single request is led to its form, without a list.
        expect(self.page.locator("h1")).to_contain_text(re.compile("Your returns|Your agency’s file"))

    def opens_child(self, number: int) -> None:
        if self.page.locator("h1").inner_text() == f"Your agency’s file on Child {number}":
            return
        self.page.get_by_role("link", name=f"Child {number}").first.click()
        self.looks()

    def question(self, number: int) -> Locator:
        return self.page.locator(f"#question-{number}")

    def answers(self, number: int, *options: str) -> None:
        """Choose options of a question by the first words of their labels."""
        for words in options:
            self.question(number).get_by_label(re.compile(f"^{re.escape(words)}")).first.check()

    def comments(self, number: int, words: str) -> None:
        self.question(number).locator("textarea").fill(words)

    def has_commented(self, number: int, words: str) -> None:
        expect(self.question(number).locator("textarea")).to_have_value(words)

    def mistake_at(self, number: int) -> None:
        """Find one error message at the question itself."""
        expect(self.question(number).locator(".govuk-error-message")).to_have_count(1)

    def prints(self) -> list[str]:
        """The buttons and links to other pages that are visible when the page is printed."""
        self.page.emulate_media(media="print")
        left = [
            element.inner_text()
            for element in self.page.locator(".govuk-button, .govuk-back-link, .govuk-skip-link").all()
            if element.is_visible()
        ]
        self.page.emulate_media(media="screen")
        return left


def links_in_letters(installation: Installation, to: str) -> list[str]:
    """The links in all emails to somebody, oldest first."""
    return [
        link
        for _, address, text in sorted(_letters(installation))
        if address == to
        for link in _LINK.findall(text)
    ]


def _letters(installation: Installation) -> Iterator[tuple[int, str, str]]:
    """The number, the recipient and the text of each email in the mail folder."""
    for file in (installation.folder / "mail").glob("*.eml"):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        yield int(file.stem), recipient(message), body.get_content() if body is not None else ""


def table_day(day: date) -> str:
    """A day as tables show it: Mon 9 March."""
    return f"{day:%a} {day.day} {day:%B}"
