"""What a browser sees that no reader of HTML does: axe, overflow, requests that leave, console errors."""

import os
import re
import shutil
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Route,
    WebError,
)

PHONE, DESK = 320, 1100
HEIGHT = 900
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# A refusal is a page with a 4xx status, and Chromium writes a line about each.
_REFUSAL = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)


def launch(playwright: Playwright) -> Browser:
    """Start the machine's own Chromium."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


def is_needed() -> bool:
    """Whether a missing browser is a failure: on a build machine nothing may be skipped."""
    return os.environ.get("CI") == "true"


class Watch:
    """Listens to everything a browser context does, and keeps what should not have been."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", self._error)

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.hostname != "127.0.0.1":
            self.faults.append(f"A request left the machine: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _REFUSAL.match(message.text):
            where = message.page.url if message.page else ""
            self.faults.append(f"The console of {where} says: {message.text}")

    def _error(self, error: WebError) -> None:
        self.faults.append(f"A script failed: {error.error}")


def look(page: Page, *, scripts: bool = True, widths: tuple[int, ...] = (PHONE, DESK)) -> None:
    """Hold the page as it stands to WCAG by axe at each width, and let nothing stand out at the side."""
    before = page.viewport_size
    shown = page if scripts else _twin(page)
    faults: list[str] = []
    for width in widths:
        shown.set_viewport_size({"width": width, "height": HEIGHT})
        faults += [f"{width} px: {fault}" for fault in _axe(shown)]
        wider = shown.evaluate(WIDER)
        if wider > 0:
            faults.append(f"{width} px: the page is {wider} px too wide")
    if shown is not page:
        shown.context.close()
    elif before:
        page.set_viewport_size(before)
    headings = page.locator("h1").count()
    if headings != 1:
        faults.append(f"The page has {headings} h1.")
    assert not faults, f"{page.url} ({page.title()}):\n" + "\n".join(faults)


def _axe(page: Page) -> list[str]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['help']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def _twin(page: Page) -> Page:
    """The page as it stands without scripts, in a context where axe, a script itself, may run."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context()
    html, address = _SCRIPT.sub("", page.content()), page.url

    def answer(route: Route) -> None:
        if route.request.resource_type == "document":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            route.continue_()

    context.route("**/*", answer)
    twin = context.new_page()
    twin.goto(address)
    return twin
