"""From returns to the draft of a report with findings and quotes, and to a brief that is released."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
from playwright.sync_api import expect

from tests.browser.people import Executive, Manager
from tests.browser.test_voices import commented_audit
from tests.row_maker import Maker

QUOTES, FINDINGS = 5, 3


def taken(manager: Manager, words: str) -> bytes:
    """The file that a link or a button downloads."""
    with manager.page.expect_download() as download:
        manager.page.get_by_role("link", name=words).or_(
            manager.page.get_by_role("button", name=words)
        ).first.click()
    return Path(download.value.path()).read_bytes()


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def _approved_the_second_time(manager: Manager, executive: Executive, release: str) -> None:
    """An executive finds what waits, sends it back, and releases it once it is asked for again."""
    executive.signs_in("Joan Ellery")
    executive.follows("1 brief waits for your approval")
    executive.reads("It points at no child.")
    executive.page.get_by_text("Send it back").first.click()
    executive.page.get_by_label("What is to be changed").fill("Say what the board is to do.")
    executive.presses("Send it back")
    executive.reads("The brief is sent back, with your reason.")
    manager.opens("/audits")
    manager.follows("1 brief was sent back")
    manager.reads("Sent back by Joan Ellery", "Say what the board is to do.")
    manager.presses("Ask for approval")
    executive.opens(release)
    executive.presses("Approve and release")
    executive.reads("Released: approved by Joan Ellery")


def test_from_returns_to_a_report_with_findings_and_quotes_and_a_brief(
    manager: Manager, make: Maker, people: Callable[..., Any]
) -> None:
    audit, page = commented_audit(make), manager.page

    # Five quotes by keyboard: strength, first theme, and the key that opens the form of the quote.
    for number in range(QUOTES):
        page.goto(f"/audits/{audit}/comments?shown=unread#read")
        expect(page.locator(f"#comment-{number + 1}")).to_be_focused()
        for key in ("s", "1", "q"):
            page.keyboard.press(key)
        manager.reads_heading("Choose a quote")
        manager.presses("Save this quote")
    manager.opens(f"/audits/{audit}/quotes")
    manager.reads("Said about Child 1.")

    # Three findings with a challenge, each based on the figures of a question and on a quote.
    for number in range(FINDINGS):
        manager.opens(f"/audits/{audit}/findings/add")
        page.get_by_label("What was found").fill(f"Supervision is kept up, as files show ({number + 1}).")
        page.get_by_label("Challenge to the board").fill("How does the board know that it is used?")
        page.locator("input[name=questions]").nth(1).check()
        page.locator("input[name=quotes]").nth(number).check()
        manager.presses("Save this finding")
    manager.reads("Finding 3", "24 of 24 returns (100%)")

    # The author's text, then the report.
    manager.opens(f"/audits/{audit}/report/sections/conclusions")
    page.locator("textarea").first.fill("Files are in better order than in the last audit.")
    manager.presses("Save your text")
    manager.opens(f"/audits/{audit}/report")
    report = text_of(taken(manager, "Download as PDF"))
    for words in (
        "Finding 3",
        "How does the board know that it is used?",
        "Said about Child 1.",
        "Files are in better order than in the last audit.",
        "In 24 of 24 returns (100%)",
        "Internal version, not for publication.",
    ):
        assert words in report
    assert taken(manager, "Download for Word").startswith(b"PK")
    manager.follows("Look it through and release it")

    # The brief: the texts that its author writes.
    manager.opens(f"/audits/{audit}/brief")
    page.get_by_label("What we are worried about").fill("Nobody wrote down why\nThree children moved")
    page.get_by_label("What good practice we saw").fill("Supervision every month")
    page.get_by_role("button", name="Save", exact=True).click()
    manager.looks()
    manager.follows("keep it and say why")
    for box in page.locator("input[name^=reason-]").all():
        box.fill("It points at no child.")
    manager.presses("Save these reasons")
    manager.presses("Ask for approval")
    manager.reads("Approval is asked for.")

    _approved_the_second_time(manager, people(Executive), f"/audits/{audit}/brief/release")
    manager.opens(f"/audits/{audit}/brief")
    assert "Supervision every month" in text_of(taken(manager, "PDF of the brief as it stands"))
    manager.opens(f"/audits/{audit}/before-the-meeting")
    manager.reads("24 of 24 returned (100%).")
