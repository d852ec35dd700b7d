"""The whole journey inside a host app, with the installed wheel; run by the Python that has it.

It prints lines about what it saw, which test_hosted.py reads.
"""

import re
import sys
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import surveyapp
from surveyapp import hide_survey_tables, signals

sys.path.insert(0, str(Path(__file__).parent))
from host import PREFIX, Visit, make_host  # type: ignore[import-not-found]  # in the same folder, outside any package

UK = ZoneInfo("Europe/London")
BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG")


def next_working_day(day: date) -> date:
    """The day itself, or the first after it that is neither at a weekend nor a bank holiday."""
    while day.weekday() >= 5 or day in BANK_HOLIDAYS:
        day += timedelta(days=1)
    return day


TODAY = datetime.now(UK).date()  # noqa: TID251 — the journey begins on the day on which it is run
DUE = next_working_day(TODAY + timedelta(days=30))
SET_UP = f"""
audit: Neglect in the host
form: repeat_child_protection_plans_2014
theme: Neglect
issue_on: {TODAY}
due_on: {DUE}
close_on: {DUE + timedelta(days=28)}
agencies:
  - name: Northside Police
    kind: police
    contacts:
      - {{name: Audit lead, email: audit@police.example, role: lead}}
  - name: Hilltop School
    kind: school
    contacts:
      - {{name: Head, email: head@school.example, role: lead}}
cases:
  - {{case: Child 1, age: 3 years, agencies: [Northside Police, Hilltop School]}}
"""
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HIDDEN = re.compile(r'name="(submission-id|seen-version)" value="([^"]*)"')


def say(words: str) -> None:
    """Print a line."""
    sys.stdout.write(words + "\n")


class Browser:
    """A browser that uses the host."""

    def __init__(self, app: Flask) -> None:
        """Begin without cookies."""
        self.http: FlaskClient = app.test_client()
        self.page = ""

    def get(self, path: str, status: int = 200) -> TestResponse:
        """Fetch a page."""
        return self._seen(self.http.get(path, base_url="https://intranet.example"), path, status)

    def post(self, path: str, status: int = 303, **fields: str) -> TestResponse:
        """Post fields with the token and the hidden ids of the last page."""
        hidden = dict(HIDDEN.findall(self.page))
        token = TOKEN.search(self.page)
        data = {"csrf_token": token[1] if token else "", **hidden, **fields}
        headers = {"Referer": "https://intranet.example/"}
        answer = self.http.post(path, data=data, headers=headers, base_url="https://intranet.example")
        return self._seen(answer, path, status)

    def _seen(self, answer: TestResponse, path: str, status: int) -> TestResponse:
        if answer.status_code != status:
            raise SystemExit(f"{path} gave {answer.status_code}, not {status}:\n{answer.text[:3000]}")
        self.page = answer.text if answer.mimetype == "text/html" else self.page
        return answer


def survey(app: Flask, *words: str) -> str:
    """Run a survey command in the host; returns its output."""
    result = app.test_cli_runner().invoke(args=["survey", *words])
    if result.exit_code:
        raise SystemExit(
            f"survey {words} ended with {result.exit_code}: {result.output} {result.exception!r}"
        )
    return result.output


def letters(app: Flask, address: str) -> list[str]:
    """The texts of the emails to this address, oldest first."""
    texts = []
    for file in sorted(Path(app.config["SURVEY_MAIL_FOLDER"]).glob("*.eml"), key=lambda path: int(path.stem)):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        if body is not None and address in str(message["To"]):
            texts.append(body.get_content())
    return texts


def whole_journey(folder: Path) -> None:
    """Go from a set-up file to closed returns."""
    app = make_host(folder)
    heard: list[str] = []
    journey = (
        signals.requests_issued,
        signals.audit_returned,
        signals.chasers_sent,
        signals.returns_closed,
    )
    listeners = [lambda _app, name=signal.name, **_facts: heard.append(name) for signal in journey]
    for signal, listener in zip(journey, listeners, strict=True):
        signal.connect(listener, app)
    say(survey(app, "upgrade").strip().splitlines()[-1])
    path = folder / "audit.yaml"
    path.write_text(SET_UP)
    survey(app, "set-up", str(path))

    manager = Browser(app)
    manager.get(f"{PREFIX}/audits", status=401)
    manager.get("/")
    manager.post("/let-me-in", status=302, who="Mo of the host")
    manager.get(f"{PREFIX}/audits")
    if "Intranet of the host" not in manager.page:
        raise SystemExit("The host's layout is not round our pages.")
    say("the host's layout is round our pages")
    manager.get(f"{PREFIX}/audits/1/issue")
    manager.post(f"{PREFIX}/audits/1/issue")
    survey(app, "work", "--once")
    (letter,) = letters(app, "audit@police.example")
    link = re.search(rf"https://intranet\.example{PREFIX}/r/([a-z2-7]{{50}})/", letter)
    if link is None:
        raise SystemExit(f"The email has no link below {PREFIX}:\n{letter}")

    police = Browser(app)
    answered(police, link[1])
    manager.get(f"{PREFIX}/audits/1")
    if "1 of 2 returned" not in manager.page:
        raise SystemExit(f"The tracking page does not count the return:\n{manager.page[:3000]}")
    say("1 of 2 returned")
    say(f"status: {survey(app, 'status', '1').splitlines()[0]}")
    chased(app)
    manager.get(f"{PREFIX}/log")
    if "Signing in and accounts" in manager.page or "returned the audit" not in manager.page:
        raise SystemExit("The log of a host does not list its audits, or lists signing in.")
    manager.get(f"{PREFIX}/audits/1/close")
    manager.post(f"{PREFIX}/audits/1/close")
    police.get(f"{PREFIX}/r/{link[1]}/")
    say(f"status: {survey(app, 'status', '1').splitlines()[0]}")
    say(f"signals: {' '.join(heard)}")
    with app.app_context():
        visits = app.extensions["sqlalchemy"].session.query(Visit).count()
    say(f"visits of the host: {visits}")


def answered(police: Browser, token: str) -> None:
    """Answer a request through the link."""
    police.get(f"{PREFIX}/r/{token}/")
    answer = police.post(f"{PREFIX}/start/", token=token)
    # Start leads to the form, since there is only one request.
    form = answer.headers["Location"]
    police.get(form)
    answers: dict[str, Any] = {"supervision": "yes", "strengths_or_concerns": "no", "next-step": "check"}
    checked = police.post(form, **answers)
    police.get(checked.headers["Location"])
    returned = police.post(checked.headers["Location"])
    police.get(returned.headers["Location"])


def chased(app: Flask) -> None:
    """Run the worker each morning until the due day; only the contact who has not returned gets chasers."""
    days = [TODAY + timedelta(days=number) for number in range(1, (DUE - TODAY).days + 1)]
    for day in days:
        with time_machine.travel(datetime.combine(day, time(9), UK), tick=False):
            survey(app, "work", "--once")
    chasers = [len(letters(app, address)) - 1 for address in ("audit@police.example", "head@school.example")]
    say(f"a receipt for the police, two chasers for the school: {chasers}")


def own_things_stay(folder: Path) -> None:
    """Print what shows that the host's own pages, filters and handlers are unchanged."""
    app = make_host(folder)
    survey(app, "upgrade")
    browser = Browser(app)
    lost = browser.get("/nowhere", status=404)
    failed = browser.get("/broken", status=500)
    say(f"{lost.text}; {failed.text}")
    home = browser.get("/")
    ours = {"Content-Security-Policy", "Referrer-Policy", "X-Robots-Tag"} & set(home.headers.keys())
    say(f"headers of ours on the host's pages: {len(ours)}")
    say(f"filter: {app.jinja_env.filters['day'](1)}")
    say(f"handlers of ours for the whole app: {len(app.before_request_funcs.get(None, []))}")
    say(f"staff command: {'staff' in app.cli.commands['survey'].listed}")
    hidden = hide_survey_tables(None, "survey_audit", "table", True, None)
    shown = hide_survey_tables(None, "visit", "table", True, None)
    say(f"autogenerate sees survey_audit: {hidden}, visit: {shown}")


def two_apps(folder: Path) -> None:
    """Run two hosts in one process, each with its own keys, database and prefix."""
    first = make_host(folder / "first", "first", "/one")
    second = make_host(folder / "second", "second", "")
    for app in (first, second):
        survey(app, "upgrade")
    path = folder / "audit.yaml"
    path.write_text(SET_UP)
    survey(first, "set-up", str(path))
    for app, prefix in ((first, "/one"), (second, "")):
        browser = Browser(app)
        browser.post("/let-me-in", status=302, who="Mo")
        browser.get(f"{prefix}/audits")
        say(f"{app.name} shows the audit: {'Neglect in the host' in browser.page}")
    same = first.extensions["survey"].keys == second.extensions["survey"].keys
    say(f"the same keys: {same}")


if __name__ == "__main__":
    say(f"from {Path(surveyapp.__file__).parent}")
    {"journey": whole_journey, "own": own_things_stay, "two": two_apps}[sys.argv[1]](Path(sys.argv[2]))
