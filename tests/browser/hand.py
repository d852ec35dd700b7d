"""Counts what a journey costs the person at the browser: presses of the mouse, and pages shown."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Response, expect

from tests.browser.people import Manager

# Every page notes each press that comes from the mouse and not from a script, and keeps it for the next page.
_NOTE_PRESSES = """
addEventListener("mousedown", ({isTrusted, target}) => {
  if (!isTrusted) return;
  const notes = JSON.parse(localStorage.getItem("presses") || "[]");
  const words = target.labels?.[0]?.innerText || target.innerText || target.name || target.tagName;
  notes.push(`${location.pathname}: ${words.trim().split("\\n")[0].slice(0, 60)}`);
  localStorage.setItem("presses", JSON.stringify(notes));
}, {capture: true});
"""
_NOT_A_PAGE = frozenset(range(300, 400)) | {204}


@dataclass
class Hand:
    """Somebody’s hand on the mouse and the keyboard, from the page that is shown as it begins.

    A click is every press of the mouse on a link, a button, a tick or a text box. A file counts two: the
    press on the page and one in the machine’s own window. Typing, pasting and the Tab key are no clicks. A
    page is every document shown in the window, the first and the last included, also one that answers a sent
    form; a redirect is none, and neither is a file that is downloaded.
    """

    manager: Manager
    pages: list[str] = field(default_factory=list)
    # Presses outside the page, in windows of the machine’s own.
    outside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        page = self.manager.page
        page.context.add_init_script(_NOTE_PRESSES)
        page.on("response", self._note_page)
        page.reload()
        page.evaluate("localStorage.removeItem('presses')")
        self.looks()

    def _note_page(self, response: Response) -> None:
        request = response.request
        if not request.is_navigation_request() or request.frame != self.manager.page.main_frame:
            return
        is_file = "attachment" in response.headers.get("content-disposition", "")
        if response.status not in _NOT_A_PAGE and not is_file:
            self.pages.append(
                f"{request.method} {response.url.removeprefix(self.manager.installation.address)}"
            )

    @property
    def clicks(self) -> list[str]:
        """Every click so far, with its page and the words on which it was made."""
        noted: list[str] = json.loads(self.manager.page.evaluate("localStorage.getItem('presses') || '[]'"))
        return noted + self.outside

    @property
    def account(self) -> str:
        """What was clicked and shown, to be read when a journey costs too much."""
        clicks = self.clicks
        return "\n".join(
            [
                f"{len(clicks)} clicks:",
                *clicks,
                f"{len(self.pages)} pages:",
                *dict(enumerate(self.pages, 1)).values(),
            ]
        )

    def looks(self) -> None:
        """Wait for the page and inspect it by axe, at both widths."""
        self.manager.looks()

    def clicks_on(self, there: Locator) -> None:
        """Click without leaving the page."""
        there.first.click()

    def follows(self, words: str) -> None:
        """Follow a link of the page’s content, and look at the next page."""
        self._goes(self.manager.page.locator("main").get_by_role("link", name=words))

    def presses(self, words: str) -> None:
        """Press a button, or a link that looks like one, and look at the next page."""
        self._goes(self.manager.page.locator("main").get_by_role("button", name=words))

    def _goes(self, there: Locator) -> None:
        before = len(self.pages)
        there.first.click()
        for _attempt in range(200):
            if len(self.pages) > before:
                break
            self.manager.page.wait_for_timeout(50)
        self.looks()

    def types(self, box: Locator, *words: str) -> None:
        """Click into a box and type or paste; more words go into the boxes after it, by Tab."""
        box.first.click()
        for number, text in enumerate(words):
            if number:
                self.manager.page.keyboard.press("Tab")
            self.manager.page.keyboard.press("ControlOrMeta+a")
            self.manager.page.keyboard.insert_text(text)

    def chooses_file(self, box: Locator, file: Path) -> None:
        """Choose a file: a press on the page, and one in the machine’s own window."""
        with self.manager.page.expect_file_chooser() as chooser:
            box.click()
        chooser.value.set_files(file)
        self.outside.append(f"the machine’s own window: {file.name}")

    def downloads(self, there: Locator) -> Path:
        """Press what downloads a file."""
        with self.manager.page.expect_download() as download:
            there.click()
        return Path(download.value.path())

    def reads(self, *sentences: str) -> None:
        """Find each of these texts visible on the page."""
        for words in sentences:
            expect(self.manager.page.get_by_text(words).first).to_be_visible()
