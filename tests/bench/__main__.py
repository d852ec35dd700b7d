"""`make bench`: prints each figure of the budgets beside its floor, measured in the same run."""

import os
import platform
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError

from surveyapp.foundation import clock
from surveyapp.foundation.mail import worker
from surveyapp.foundation.mail.outbox import TEST_KIND, queue_email
from surveyapp.foundation.store.db import engine, session, transaction
from surveyapp.foundation.store.models import Outbox
from tests.bench import briefs, collating, floor, landing, lists, reporting, sampling, starting
from tests.bench.installation import (
    AGENCIES,
    CASES,
    EMAIL,
    PASSWORD,
    RETURNED,
    BenchInstallation,
    add_a_million,
    postgresql,
)
from tests.bench.served import HttpBrowser, Timing, serve_app, time_repeatedly

SECONDS = 5.0
MESSAGES = 300
ROOT = Path(__file__).parents[2]


def say(line: str) -> None:
    """Print a line without buffering."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def row(what: str, budget: str, measured: str, beside: str) -> None:
    """Print one line of the table without buffering."""
    say(f"| {what} | {budget} | {measured} | {beside} |")


def started_browser(port: int, token: str) -> HttpBrowser:
    """A contact's browser that has pressed Start."""
    browser = HttpBrowser(port)
    browser.get(f"/r/{token}/")
    browser.post("/start/", token=token)
    return browser


def measure_pages(stock: BenchInstallation, folder: Path) -> None:
    """Measure the form page and the tracking pages."""
    with stock.app():
        stock.add_staff()
        small = stock.add_audit(agencies=6, cases=15, returned=RETURNED)
        large = stock.add_audit(agencies=90, cases=100, returned=RETURNED)
        links = stock.links(small)
    with serve_app("wsgi:app", stock.environment) as port:
        browsers = [started_browser(port, links[n % len(links)][0]) for n in range(8)]
        forms = [f"/returns/{links[n % len(links)][1][0]}/" for n in range(8)]
        acts: list[Callable[[], object]] = [
            partial(browser.get, form) for browser, form in zip(browsers, forms, strict=True)
        ]
        html = browsers[0].get(forms[0])
        one, eight = time_repeatedly(acts[:1], seconds=SECONDS), time_repeatedly(acts, seconds=SECONDS)
        manager = HttpBrowser(port)
        manager.get("/sign-in")
        manager.post("/sign-in", email=EMAIL, password=PASSWORD)
        boards = [manager.get(f"/audits/{audit_id}") for audit_id in (small, large)]
        looks = [
            time_repeatedly([partial(manager.get, f"/audits/{audit_id}")], seconds=SECONDS)
            for audit_id in (small, large)
        ]
    bare_one, bare_eight = measure_bare_view(folder, html)
    size = len(html.encode())
    row(
        "form page, 1 at a time, p50",
        "6 ms",
        f"{one.percentile(50):.1f} ms",
        f"{bare_one.percentile(50):.1f} ms",
    )
    row(
        "form page, 8 at a time",
        "250 a second",
        f"{eight.rate:.0f} a second",
        f"{bare_eight.rate:.0f} a second",
    )
    row(
        "form page, 8 at a time, p95",
        "60 ms",
        f"{eight.percentile(95):.0f} ms",
        f"{bare_eight.percentile(95):.0f} ms",
    )
    row("HTML of the form page", "40 kB", f"{size / 1000:.1f} kB", "")
    for name, budget, look, board in zip(("90", "9,000"), ("20 ms", "150 ms"), looks, boards, strict=True):
        beside = measure_bare_view(folder, board, both=False)[0]
        measured = f"{look.percentile(50):.1f} ms"
        row(f"dashboard of {name} requests, p50", budget, measured, f"{beside.percentile(50):.1f} ms")


def measure_bare_view(folder: Path, html: str, *, both: bool = True) -> tuple[Timing, Timing]:
    """Measure a bare Flask view that returns the same bytes, for one browser and for eight."""
    file = folder / "floor.html"
    file.write_text(html)
    with serve_app("tests.bench.floor:bare_app()", {floor.BYTES: str(file)}) as port:
        acts: list[Callable[[], object]] = [partial(HttpBrowser(port).get, "/page") for _ in range(8)]
        one = time_repeatedly(acts[:1], seconds=2)
        return one, time_repeatedly(acts, seconds=SECONDS) if both else one


def measure_returns(stock: BenchInstallation, name: str, budget: str, commits: float) -> None:
    """Measure whole returns: open the form, fill it in, check it and return it, stored with fsync."""
    with stock.app():
        links = stock.links(stock.add_audit(agencies=AGENCIES, cases=CASES))
        if engine().dialect.name == "postgresql":
            # A server in use analyses its tables by itself, within a minute of the writes.
            session.execute(text("ANALYZE"))
            session.commit()
    with serve_app("wsgi:app", stock.environment) as port:
        acts: list[Callable[[], object]] = []
        for token, public_ids in links:
            browser, left = started_browser(port, token), iter(public_ids)

            def whole(browser: HttpBrowser = browser, left: Iterator[str] = left) -> None:
                address = f"/returns/{next(left)}/"
                browser.get(address)
                answers = {
                    "supervision": "yes",
                    "supervision-comment": "Monthly.",
                    "strengths_or_concerns": "no",
                }
                check = browser.post(address, **answers, **{"next-step": "check"})
                browser.get(check)
                browser.post(check)

            acts.append(whole)
        found = time_repeatedly(acts, seconds=SECONDS * 1.5)
    row(
        f"whole return on {name}, 8 at a time",
        budget,
        f"{found.rate:.0f} a second",
        f"{commits:.0f} commits a second",
    )


def measure_mail(stock: BenchInstallation, folder: Path) -> None:
    """Measure messages that a local mail server accepts; SystemExit if any is missing."""
    sink = folder / "sink"
    sink.mkdir()
    program: list[str | Path] = [sys.executable, ROOT / "tests" / "faults" / "sink.py", sink]
    server = subprocess.Popen(program, stdout=subprocess.DEVNULL)
    try:
        while not (sink / "port").exists() or not (sink / "port").read_text():
            time.sleep(0.05)
        port = int((sink / "port").read_text())
        settings = {"SURVEY_MAIL_FOLDER": "", "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": port}
        with stock.app(**settings):
            with transaction():
                # Emails that earlier measurements queued are not counted here.
                session.execute(update(Outbox).where(Outbox.state == "queued").values(state="cancelled"))
                for number in range(MESSAGES):
                    address = f"a{number}@agency.example"
                    queue_email(TEST_KIND.name, 0, to=address, key=f"bench:{number}", now=clock.now())
            begun = time.perf_counter()
            came_to = worker.drain(clock.now)
            rate = came_to["sent"] / (time.perf_counter() - begun)
            sent = session.scalar(
                select(func.count()).where(Outbox.state == "sent", Outbox.kind == TEST_KIND.name)
            )
        if came_to["sent"] != MESSAGES or sent != MESSAGES:
            raise SystemExit(f"{MESSAGES} messages were queued and this came of them: {came_to}")
        bare_rate = floor.smtp_messages(port, b"Subject: floor\r\n\r\n" + b"x" * 2000, MESSAGES)
    finally:
        server.terminate()
        server.wait(10)
    row(
        "mail to a local server, SQLite",
        "40 a second",
        f"{rate:.0f} a second",
        f"{bare_rate:.0f} a second by smtplib",
    )


def measure_tick(stock: BenchInstallation) -> None:
    """Measure tick() on a million requests with nothing due."""
    with stock.app():
        audit = stock.add_audit(agencies=1, cases=1)
    begun = time.perf_counter()
    count = add_a_million(Path(stock.database.removeprefix("sqlite:///")), audit)
    say(f"<!-- {count:,} requests written in {time.perf_counter() - begun:.0f} s -->")
    with stock.app():
        worker.tick(clock.now())
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        took = []
        for _ in range(7):
            begun = time.perf_counter()
            worker.tick(clock.now())
            took.append(time.perf_counter() - begun)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    row(
        "tick(), 1,000,000 requests stored, p50",
        "50 ms",
        f"{median(took) * 1000:.0f} ms",
        f"memory grew by {grown:.1f} MB",
    )


def main() -> None:
    """Measure everything, in well under four minutes."""
    begun = time.perf_counter()
    folder = Path(tempfile.mkdtemp(prefix="survey-bench-"))
    say(f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; ")
    say("client and server on the same machine.\n\n| What | Budget | Measured | Floor |\n|---|---|---|---|")
    try:
        stock = BenchInstallation(folder, f"sqlite:///{folder / 'bench.sqlite'}")
        measure_pages(stock, folder)
        commits = floor.commits_a_second(stock.database, 2)
        measure_returns(stock, "SQLite", "40 a second", commits)
        measure_mail(stock, folder)
        try:
            with postgresql() as address:
                measure_returns(
                    BenchInstallation(folder / "pg", address),
                    "PostgreSQL",
                    "80 a second",
                    floor.commits_a_second(address, 2),
                )
        except OperationalError:
            row(
                "whole return on PostgreSQL, 8 at a time",
                "80 a second",
                "not measured: no PostgreSQL here",
                "",
            )
        measure_tick(BenchInstallation(folder / "million", f"sqlite:///{folder / 'million.sqlite'}"))
        for line in (*collating.lines(folder / "collating"), *reporting.lines(folder / "reporting")):
            row(*line)
        for line in (*starting.lines(folder / "starting"), *landing.lines(folder / "landing")):
            row(*line)
        for line in briefs.lines(folder / "briefs"):
            row(*line)
        for line in (*sampling.lines(folder / "sampling"), *lists.lines(folder / "lists")):
            row(*line)
        commit, took = 1000 / floor.commits_a_second(stock.database, 2), time.perf_counter() - begun
        say(f"\nOne commit of one row takes {commit:.1f} ms. All of it took {took:.0f} s.")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
