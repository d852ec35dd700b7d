"""`make shots`: photographs every page of the demonstration, for staff and contacts, into shots/."""

import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests.browser.installation import ACCOUNT, ROOT, Installation
from tests.browser.page_inspection import (
    CHROMIUM,
    DESKTOP_WIDTH,
    HEIGHT,
    OVERFLOW_SCRIPT,
    PHONE_WIDTH,
    launch,
)
from tests.browser.people import links_in_letters

FOLDER = ROOT / "shots"
WIDTHS = (PHONE_WIDTH, 400, DESKTOP_WIDTH)
# What “Your account” leads to.
ACCOUNT_PARTS = ("", "/password", "/second-factor", "/passkeys")
SERGEANT = "protection.unit@police.wrenford.example"


@dataclass
class Camera:
    """Photographs a page at each width and as print; the file names sort in the order taken."""

    page: Page
    taken: int = field(default=0)

    def go(self, address: str, name: str) -> None:
        """Open a page and photograph it."""
        self.page.goto(address)
        self.take(name)

    def take(self, name: str) -> None:
        """Photograph the current page."""
        self.taken += 1
        begin = f"{self.taken:02}-{name}"
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self.page.screenshot(path=FOLDER / f"{begin}-{width}.png", full_page=True, animations="disabled")
            wider = self.page.evaluate(OVERFLOW_SCRIPT)
            if wider > 0:
                print(f"{begin}: {wider} px too wide at {width} px")  # noqa: T201 — what the command is for
        # A4 at 96 dots an inch, less its margins.
        self.page.set_viewport_size({"width": 718, "height": 1000})
        self.page.emulate_media(media="print")
        self.page.screenshot(path=FOLDER / f"{begin}-print.png", full_page=True, animations="disabled")
        self.page.emulate_media(media="screen")
        self.page.set_viewport_size({"width": DESKTOP_WIDTH, "height": HEIGHT})


def staff_pages(camera: Camera, password: str) -> None:
    """The pages of the manager."""
    page = camera.page
    camera.go("/", "front")
    camera.go("/sign-in", "sign-in")
    page.get_by_role("button", name="Sign in", exact=True).click()
    camera.take("sign-in-mistakes")
    page.get_by_label("Email").fill(ACCOUNT)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    camera.take("audits")
    page.locator("table a").first.click()
    audit = page.url.removesuffix("/")
    camera.take("tracking")
    for path in (
        "totals",
        "outstanding",
        "chasers",
        "extend",
        "close",
        "set-up",
        "edit",
        "cases",
        "cases/add",
        "grid",
        "issue",
        "concerns",
        "enquiries",
        "references",
        "brief",
    ):
        camera.go(f"{audit}/{path}", path.replace("/", "-"))
    camera.go("/resources", "resources")
    _collation(camera, f"{audit}/collation")
    _conclusions(camera, audit)
    _voices(camera, audit)
    _report(camera, f"{audit}/report")
    page.goto(audit)
    for word in ("returned", "started", "sent"):
        page.goto(audit)
        cell = page.locator(f".survey-state--{word} a").first
        if cell.count():
            cell.click()
            camera.take(f"request-{word}")
    asked = page.url
    for path in ("send-again", "change-contact", "withdraw"):
        camera.go(f"{asked}/{path}", path)
    camera.go("/audits/new", "new-audit")
    page.get_by_role("button", name="Save and add the cases").click()
    camera.take("new-audit-mistakes")
    camera.go("/audits/from-file", "from-file")
    _set_up_second(camera)
    camera.go("/agencies", "agencies")
    page.locator("main table a, main li a").first.click()
    camera.take("agency")
    camera.go(page.url + "/contacts/add", "contact-add")
    camera.go("/agencies/add", "agency-add")
    camera.go("/forms", "forms")
    page.locator("main a").first.click()
    camera.take("form-preview")
    for address in ("/staff", "/staff/invite", "/staff/1", *(f"/account{part}" for part in ACCOUNT_PARTS)):
        camera.go(address, address[1:].replace("/", "-"))
    camera.go("/mail", "mail")
    camera.go("/log", "log")
    camera.go("/log?kind=reading&person=a", "log-narrowed")
    camera.go("/mail/folder", "mail-folder")
    page.locator("tbody a").first.click()
    camera.take("letter")
    camera.go("/closed-days", "closed-days")
    camera.go("/health", "health")
    camera.go("/nowhere", "no-such-page")


def _collation(camera: Camera, collation: str) -> None:
    """The pages of figures, and those that compare them."""
    for path, name in (
        ("", "collation"),
        ("?kinds=school", "collation-filtered"),
        ("?kinds=school&plans=none", "collation-nothing-left"),
        ("/questions/see_child_alone", "question"),
        ("/disagreement", "disagreement"),
        ("/compare", "comparison-none"),
        ("/benchmark", "benchmark"),
        ("/benchmark/change", "benchmark-change"),
        ("/then-and-now", "then-and-now"),
    ):
        camera.go(collation + path, name)
    camera.page.goto(f"{collation}/disagreement")
    camera.page.locator("tbody th a").first.click()
    camera.take("case")


def _conclusions(camera: Camera, audit: str) -> None:
    """The conclusions, the action plan, and the pages on all audits."""
    page = camera.page
    for path in ("conclusions", "findings/add", "recommendations/add", "actions/add", "re-audit", "actions"):
        camera.go(f"{audit}/{path}", path.replace("/", "-"))
    page.locator("tbody th a").first.click()
    camera.take("action")
    page.get_by_label("Done").check()
    page.get_by_role("button", name="Save this update").click()
    camera.take("action-mistakes")
    camera.go("/overdue-actions", "overdue-actions")
    camera.go("/recurring", "recurring")


def _voices(camera: Camera, audit: str) -> None:
    """The pages of comments, themes, quotes, workshops, families and narratives."""
    for path, name in (
        ("voices", "voices"),
        ("comments?each=20", "comments"),
        ("comments?shown=unread", "comment"),
        ("themes", "themes"),
        ("quotes", "quotes"),
        ("quotes/1", "quote"),
        ("workshops/1", "workshop"),
        ("families", "families"),
        ("families/1", "family"),
        ("narratives/case_example", "case-example"),
    ):
        camera.go(f"{audit}/{path}", name)


def _report(camera: Camera, report: str) -> None:
    """The outline of the report, two of its sections, and its details."""
    for path, name in (
        ("", "report"),
        ("/sections/audit", "report-methodology"),
        ("/sections/question-see_child_alone", "report-question"),
        ("/details", "report-details"),
        ("/template", "report-template"),
    ):
        camera.go(report + path, name)
    camera.page.get_by_role("button", name="Upload this template").click()
    camera.take("report-template-mistakes")


def _set_up_second(camera: Camera) -> None:
    """Set up a second audit from a file, up to its issue page."""
    page = camera.page
    text = (ROOT / "surveyapp" / "commands" / "demonstration" / "audit.yaml").read_text("utf-8")
    days = {"issue_on": "2027-03-01", "due_on": "2027-03-19", "close_on": "2027-04-09"}
    for name, day in days.items():
        text = text.replace(f"{{{name}}}", day)
    text = re.sub(r"^audit: .*$", "audit: Repeat plans, spring", text, flags=re.MULTILINE)
    mistaken = text.replace("kind: police", "kind: polis")
    for words, name in ((mistaken, "from-file-mistakes"), (text, "from-file-preview")):
        page.locator("input[type=file]").set_input_files(
            {"name": "spring.yaml", "mimeType": "application/yaml", "buffer": words.encode()}
        )
        page.get_by_role("button", name="Check this file").click()
        camera.take(name)
    page.get_by_role("button", name="Set up this audit").click()
    camera.take("set-up-second")
    audit = page.url.rpartition("/")[0]
    camera.go(f"{audit}/grid", "grid-second")
    camera.go(f"{audit}/issue", "before-issue")
    page.get_by_role("link", name="will get it").first.click()
    camera.take("email-preview")


def contact_pages(camera: Camera, link: str) -> None:
    """The pages of a contact, from the link to the copy after the return."""
    page = camera.page
    camera.go(link[:-3], "wrong-link")
    camera.go("/returns/", "no-link")
    camera.go("/privacy", "privacy")
    camera.go("/accessibility", "accessibility")
    camera.go(link, "landing")
    page.get_by_role("button", name="Start now").click()
    camera.take("returns")
    page.get_by_text("Not started").first.locator("xpath=ancestor::li").get_by_role("link").first.click()
    camera.take("form")
    form = page.url
    for path in ("pass-on", "ask", "blank", "not-involved"):
        camera.go(f"{form}{path}", path)
    page.goto(form)
    page.locator("#question-2").get_by_label("Yes").first.check()
    page.locator("#question-2 textarea").fill(
        "Discussed with Sarah Jones on 3 November.\nThe note is on file."
    )
    page.locator("#question-3 textarea").focus()
    page.locator("[data-looks]").first.wait_for()
    camera.take("form-points-out")
    page.get_by_role("button", name="Check and return").click()
    camera.take("form-mistakes")
    page.goto(form + "check")
    camera.take("check-missing")
    page.goto(form)
    page.locator("#question-13").get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Check and return").click()
    camera.take("check")
    page.get_by_role("button", name=re.compile("^Return this audit")).click()
    camera.take("done")
    camera.go(form + "copy", "copy")
    camera.go(form, "form-returned")
    page.goto("/returns/")
    todo = page.get_by_text("Not started")
    if todo.count():
        todo.first.locator("xpath=ancestor::li").get_by_role("link").first.click()
        page.goto(page.url + "not-involved")
        page.get_by_label("This child is not known to us").check()
        page.get_by_role("button", name="Return as not involved").click()
        camera.take("done-not-involved")


def after_close(staff: Camera, contact: Camera, link: str) -> None:
    """The pages of the manager and of a contact once returns are closed."""
    staff.page.goto("/audits")
    staff.page.get_by_role("link", name=re.compile("demonstration")).click()
    audit = staff.page.url
    page = contact.page
    page.goto("/returns/")
    open_ones = page.get_by_text(re.compile("Not started|Started"))
    form = ""
    if open_ones.count():
        open_ones.first.locator("xpath=ancestor::li").get_by_role("link").first.click()
        form = page.url
    staff.page.goto(f"{audit}/close")
    staff.page.get_by_role("button", name="Close returns now").click()
    staff.take("after-close")
    if form:
        page.get_by_role("button", name="Save and come back later").click()
        contact.take("late-text")
    staff.go(f"{audit}/close", "closed")
    staff.go(audit, "tracking-closed")
    staff.go(f"{audit}/reopen", "reopen")
    contact.go(link, "landing-closed")
    contact.go("/returns/", "returns-closed")
    page.locator("main li a").first.click()
    contact.take("one-closed")
    contact.go("/fresh-link/", "fresh-link")
    staff.go("/sign-out", "sign-out")


def _tell_of_faults(response: Response) -> None:
    if response.status >= 500:
        print(f"{response.url} fell over with {response.status}")  # noqa: T201 — as above


def _photograph(browser: Browser, installation: Installation) -> None:
    def camera(taken: int) -> Camera:
        context = browser.new_context(
            base_url=installation.address, locale="en-GB", viewport={"width": DESKTOP_WIDTH, "height": HEIGHT}
        )
        context.set_default_timeout(15_000)
        context.on("response", _tell_of_faults)
        return Camera(context.new_page(), taken)

    link = links_in_letters(installation, SERGEANT)[0]
    staff, contact = camera(0), camera(60)
    staff_pages(staff, installation.password)
    contact_pages(contact, link)
    staff.taken = 80
    after_close(staff, contact, link)


def main() -> None:
    """Take all photographs."""
    if not CHROMIUM:
        sys.exit("There is no Chromium here: apt-get install chromium.")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        installation = Installation(Path(folder))
        installation.create_demonstration()
        installation.open()
        browser = launch(playwright)
        try:
            _photograph(browser, installation)
        finally:
            browser.close()
            installation.close()
    print(f"{len(list(FOLDER.iterdir()))} pictures are in {FOLDER.name}/.")  # noqa: T201 — likewise


if __name__ == "__main__":
    main()
