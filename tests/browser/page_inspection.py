"""Checks that need a browser: axe, overflow, requests to other hosts, errors in the console."""

import os
import re
import shutil
from dataclasses import dataclass, field
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

PHONE_WIDTH, DESKTOP_WIDTH = 320, 1100
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
AXE = Axe().axe_script
RUN_AXE = "axe.run({resultTypes: ['violations']}).then(results => results.violations)"
OVERFLOW_SCRIPT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# The innermost elements that reach beyond the page's right edge, so that a failure names its cause.
_TOO_WIDE_SCRIPT = """
() => [...document.body.querySelectorAll("*")]
  .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
  .filter((element, _, all) => !all.some((other) => other !== element && element.contains(other)))
  .slice(0, 5).map((element) => element.outerHTML.slice(0, 200))
"""
# Chromium writes a line about every page with a 4xx status, which a refusal has.
_REFUSAL = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
# Invisible values that change each time a page is rendered, such as tokens.
_CHANGING_VALUES = re.compile(r'value="[^"]{20,}"')
# The keys of GOV.UK Frontend's own texts, which its script prints where it lacks the text.
_TEXT_KEYS = re.compile(
    r"textareaDescription|(?:characters|words)(?:Under|At|Over)Limit|(?:show|hide)Password"
)
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)


def launch(playwright: Playwright) -> Browser:
    """Start the machine's own Chromium."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


def is_browser_required() -> bool:
    """Whether a missing browser fails the tests, since on a build machine nothing may be skipped."""
    return os.environ.get("CI") == "true"


class FaultRecorder:
    """Records requests to other hosts, console messages and script errors of a browser context."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self._failures_expected = False
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", self._error)

    def expects_failures(self) -> None:
        """Ignore messages about failed loading, since this test stops the server."""
        self._failures_expected = True

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.hostname != "127.0.0.1":
            self.faults.append(f"A request left the machine: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if self._failures_expected and message.text.startswith("Failed to load resource"):
            return
        if message.type in {"error", "warning"} and not _REFUSAL.match(message.text):
            where = message.page.url if message.page else ""
            self.faults.append(f"The console of {where} says: {message.text}")

    def _error(self, error: WebError) -> None:
        self.faults.append(f"A script failed: {error.error}")


@dataclass
class PageInspector:
    """Checks each page by axe (WCAG) at both widths, and that nothing is wider than the page.

    Axe is a script itself, so a page of a browser without scripts is copied to a second browser that runs it.
    """

    page: Page
    scripts: bool = True
    _stage: Page | None = None
    _seen: set[str] = field(default_factory=set)

    def look(self) -> None:
        """Inspect the current page, unless it was inspected before; AssertionError with its faults."""
        as_it_stands = _CHANGING_VALUES.sub("", self.page.content())
        if as_it_stands in self._seen:
            return
        self._seen.add(as_it_stands)
        before = self.page.viewport_size
        shown = self.page if self.scripts else self._staged()
        shown.evaluate(AXE)
        faults: list[str] = []
        for width in (PHONE_WIDTH, DESKTOP_WIDTH):
            shown.set_viewport_size({"width": width, "height": HEIGHT})
            faults += [f"{width} px: {fault}" for fault in _violations(shown)]
            wider = shown.evaluate(OVERFLOW_SCRIPT)
            if wider > 0:
                causes = " ".join(shown.evaluate(_TOO_WIDE_SCRIPT))
                faults.append(f"{width} px: the page is {wider} px too wide: {causes}")
        if shown is self.page and before:
            self.page.set_viewport_size(before)
        faults += [f"A screen reader hears “{key}”." for key in set(_TEXT_KEYS.findall(shown.content()))]
        headings = self.page.locator("h1").count()
        if headings != 1:
            faults.append(f"The page has {headings} h1.")
        assert not faults, f"{self.page.url} ({self.page.title()}):\n" + "\n".join(faults)

    def _staged(self) -> Page:
        """The current page without its scripts, in the browser in which axe can run."""
        if self._stage is None:
            browser = self.page.context.browser
            assert browser is not None
            context = browser.new_context()
            context.route("**/*", self._answer)
            self._stage = context.new_page()
        self._stage.goto(self.page.url)
        return self._stage

    def _answer(self, route: Route) -> None:
        if route.request.resource_type == "document":
            html = _SCRIPT.sub("", self.page.content())
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            route.continue_()

    def close(self) -> None:
        """Close the second browser."""
        if self._stage is not None:
            self._stage.context.close()


def _violations(page: Page) -> list[str]:
    found: list[dict[str, Any]] = page.evaluate(RUN_AXE)
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in found
        for node in violation["nodes"]
    ]
