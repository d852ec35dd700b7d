"""Measures how fast mail leaves for a local server: `python -m tests.bench.mailing`."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select

from surveyapp.foundation import clock
from surveyapp.foundation.mail import worker
from surveyapp.foundation.mail.outbox import TEST_KIND, queue_email
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.engine_listeners import durability_pragmas
from surveyapp.foundation.store.models import Outbox
from tests.bench import floor
from tests.bench.installation import BenchInstallation
from tests.bench.table import Line

MESSAGES = 300
ROOT = Path(__file__).parents[2]


def lines(folder: Path) -> Iterator[Line]:
    """Messages a second that a local server accepts; SystemExit if any of them is missing."""
    sink = folder / "sink"
    sink.mkdir(parents=True)
    program: list[str | Path] = [sys.executable, ROOT / "tests" / "faults" / "sink.py", sink]
    server = subprocess.Popen(program, stdout=subprocess.DEVNULL)
    try:
        while not (sink / "port").exists() or not (sink / "port").read_text():
            time.sleep(0.05)
        port = int((sink / "port").read_text())
        rate = _sent_a_second(BenchInstallation(folder, f"sqlite:///{folder / 'mail.sqlite'}"), port)
        bare_rate = floor.smtp_messages(port, b"Subject: floor\r\n\r\n" + b"x" * 2000, MESSAGES)
    finally:
        server.terminate()
        server.wait(10)
    # A write-ahead log needs a version of SQLite in which it is safe (promises D6).
    budget = 100 if "journal_mode=WAL" in durability_pragmas() else 40
    yield (
        "mail to a local server, SQLite",
        f"{budget} a second",
        f"{rate:.0f} a second",
        f"{bare_rate:.0f} a second by smtplib",
    )


def _sent_a_second(stock: BenchInstallation, port: int) -> float:
    with stock.app(SURVEY_MAIL_FOLDER="", MAIL_SERVER="127.0.0.1", MAIL_PORT=port):
        with transaction():
            for number in range(MESSAGES):
                address = f"a{number}@agency.example"
                queue_email(TEST_KIND.name, 0, to=address, key=f"bench:{number}", now=clock.now())
        begun = time.perf_counter()
        came_to = worker.drain(clock.now)
        rate = came_to["sent"] / (time.perf_counter() - begun)
        sent = session.scalar(select(func.count()).where(Outbox.state == "sent"))
    if came_to["sent"] != MESSAGES or sent != MESSAGES:
        raise SystemExit(f"{MESSAGES} messages were queued and this came of them: {came_to}")
    return rate


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="survey-bench-") as scratch:
        for line in lines(Path(scratch)):
            sys.stdout.write(f"| {' | '.join(line)} |\n")
