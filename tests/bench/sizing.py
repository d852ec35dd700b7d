"""The sizing table: `python -m tests.bench.sizing` measures, computes, and writes it into docs/sizing.md.

Processor time is measured, not time by the clock, so that the figures hold on a machine that does other
things as well. Needs PostgreSQL on this machine, and Linux's /proc.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text, update

from surveyapp.commands.demonstration.audit import load_demonstration
from surveyapp.foundation import clock
from surveyapp.foundation.mail.outbox import TEST_KIND, queue_email
from surveyapp.foundation.store.db import engine, session, transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest
from tests.bench.installation import BenchInstallation, postgresql
from tests.bench.processor_time import processor_seconds
from tests.bench.served import served
from tests.bench.whole_return import add_contacts, return_whole

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "sizing.md"
MARK, END = "<!-- measured -->", "<!-- end of what is measured -->"
RETURNS, MESSAGES, AUDITS = 150, 200, 3
PARTNERSHIPS, AUDITS_A_YEAR, REQUESTS = (1, 10, 50, 150), 6, 90
# The busiest hour: every partnership has an audit due on the same day, half of its returns come in on that
# day, and a fifth of those within one hour.
ON_THE_DAY, IN_THE_HOUR = 0.5, 0.2
HOUR = 3600


@dataclass(frozen=True)
class Measured:
    """What one run has measured; processor seconds, bytes, and numbers for one audit of 90 requests."""

    web_seconds: float
    database_seconds: float
    mail_seconds: float
    mail_database_seconds: float
    postgresql_bytes: float
    sqlite_bytes: float
    emails: float
    web_megabytes: float
    worker_megabytes: float

    @property
    def returns_an_hour(self) -> float:
        """Returns that one core makes in an hour, its share of the database included."""
        return HOUR / (self.web_seconds + self.database_seconds)

    @property
    def emails_an_hour(self) -> float:
        """Emails that one core hands over in an hour, its share of the database included."""
        return HOUR / (self.mail_seconds + self.mail_database_seconds)


def backends_seconds(address: str) -> float:
    """The processor seconds of all connections to a PostgreSQL database of this machine that are open now."""
    with engine().connect() as connection:
        found = connection.execute(
            text("SELECT pid FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"),
            {"name": address.rpartition("/")[2]},
        ).scalars()
        pids = list(found)
    total = 0.0
    for pid in pids:
        with suppress(OSError):
            total += processor_seconds(pid)
    return total


def memory_megabytes(pid: int) -> float:
    """The memory of one process in MB, what it shares with others counted in proportion."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


def measure_returns(folder: Path, address: str) -> tuple[float, float, float]:
    """Processor seconds of web server and database for a whole return, and MB of one web process."""
    stock = BenchInstallation(folder / "returns", address)
    with stock.app():
        links = iter(add_contacts(stock, RETURNS + 20))
        with served("wsgi:app", stock.environment) as server:
            # Both processes load every page before anything is counted.
            for _ in range(20):
                return_whole(server.port, next(links))
            web, database = processor_seconds(server.pid), backends_seconds(address)
            for link in links:
                return_whole(server.port, link)
            web, database = processor_seconds(server.pid) - web, backends_seconds(address) - database
            children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
            megabytes = max(memory_megabytes(int(child)) for child in children)
    return web / RETURNS, database / RETURNS, megabytes


@contextmanager
def mail_server(folder: Path) -> Iterator[int]:
    """The mail server of the fault tests; yields its port."""
    folder.mkdir()
    program: list[str | Path] = [sys.executable, ROOT / "tests" / "faults" / "sink.py", folder]
    server = subprocess.Popen(program, stdout=subprocess.DEVNULL)
    try:
        while not (folder / "port").exists():
            time.sleep(0.05)
        yield int((folder / "port").read_text())
    finally:
        server.terminate()
        server.wait(10)


def measure_mail(folder: Path, address: str) -> tuple[float, float, float]:
    """Processor seconds of worker and database for an email over SMTP, and MB of a worker."""
    stock = BenchInstallation(folder / "returns", address)
    with mail_server(folder / "sink") as port, stock.app():
        waiting = select(func.count()).where(Outbox.state != "sent", Outbox.kind == TEST_KIND.name)
        with transaction():
            session.execute(update(Outbox).where(Outbox.state == "queued").values(state="cancelled"))
            for number in range(MESSAGES):
                to, key = f"a{number}@agency.example", f"sizing:{number}"
                queue_email(TEST_KIND.name, 0, to=to, key=key, now=clock.now())
        settings = {
            "FLASK_SURVEY_MAIL_FOLDER": "",
            "FLASK_MAIL_SERVER": "127.0.0.1",
            "FLASK_MAIL_PORT": str(port),
        }
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "survey", "work"]
        environment = {**os.environ, **stock.environment, **settings}
        worker = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        try:
            # From a quarter to the end, so that the start of the worker is not counted.
            counted = MESSAGES * 3 // 4
            while (session.scalar(waiting) or 0) > counted:
                session.rollback()
                time.sleep(0.02)
            begun, database = processor_seconds(worker.pid), backends_seconds(address)
            while session.scalar(waiting):
                session.rollback()
                time.sleep(0.05)
            session.rollback()
            own = processor_seconds(worker.pid) - begun
            database = backends_seconds(address) - database
            megabytes = memory_megabytes(worker.pid)
        finally:
            worker.terminate()
            worker.wait(30)
    return own / counted, database / counted, megabytes


def stored_bytes() -> int:
    """The size of the tables and indexes of the database under measurement."""
    if engine().dialect.name == "postgresql":
        session.execute(text("CHECKPOINT"))
        return int(session.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    pages = session.execute(text("PRAGMA page_count")).scalar_one()
    return int(pages) * int(session.execute(text("PRAGMA page_size")).scalar_one())


def measure_growth(folder: Path, address: str) -> tuple[float, float]:
    """Bytes and emails of an audit of 90 requests, with answers, events, comments, report and conclusions."""
    stock = BenchInstallation(folder, address)
    sizes, emails = [], []
    with stock.app():
        for number in range(AUDITS):
            audit = load_demonstration(now=clock.now())
            asked = select(func.count()).where(AuditRequest.audit_id == audit.id)
            if session.scalar(asked) != REQUESTS:
                raise SystemExit("The demonstration no longer has 90 requests.")
            # So that the next one is loaded beside it.
            audit.title = f"Audit {number}"
            session.commit()
            sizes.append(stored_bytes())
            emails.append(session.scalar(select(func.count()).select_from(Outbox)) or 0)
            session.rollback()
    # From the first to the last, so that what every database has is not counted.
    return (sizes[-1] - sizes[0]) / (AUDITS - 1), (emails[-1] - emails[0]) / (AUDITS - 1)


def measure(folder: Path) -> Measured:
    """Measure everything, in about a minute on an idle machine."""
    with postgresql() as address:
        web, database, web_megabytes = measure_returns(folder, address)
        mail, mail_database, worker_megabytes = measure_mail(folder, address)
    with postgresql() as address:
        postgresql_bytes, emails = measure_growth(folder / "growth", address)
    file = folder / "growth-sqlite" / "growth.sqlite"
    sqlite_bytes, _ = measure_growth(file.parent, f"sqlite:///{file}")
    return Measured(
        web,
        database,
        mail,
        mail_database,
        postgresql_bytes,
        sqlite_bytes,
        emails,
        web_megabytes,
        worker_megabytes,
    )


def page(found: Measured) -> str:
    """The measured part of docs/sizing.md, with the arithmetic."""
    return "\n".join([*_figures(found), "", "From these:", "", *_sums(found), "", *_table(found)])


def _figures(found: Measured) -> list[str]:
    version = ["git", "rev-parse", "--short=8", "HEAD"]
    commit = subprocess.run(version, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return [
        f"Measured on {machine}, at {commit}, by `python -m tests.bench.sizing`:",
        "",
        "| What | Measured |",
        "|---|---|",
        f"| a whole return of seven requests: web server | {_ms(found.web_seconds)} of a processor |",
        f"| the same: PostgreSQL | {_ms(found.database_seconds)} |",
        f"| an email over SMTP: worker | {_ms(found.mail_seconds)} |",
        f"| the same: PostgreSQL | {_ms(found.mail_database_seconds)} |",
        f"| an audit of {REQUESTS} requests in PostgreSQL | {_mb(found.postgresql_bytes)} |",
        f"| the same in SQLite | {_mb(found.sqlite_bytes)} |",
        f"| emails of such an audit | {found.emails:.0f} |",
        f"| memory of a web process | {found.web_megabytes:.0f} MB |",
        f"| memory of a worker | {found.worker_megabytes:.0f} MB |",
    ]


def _sums(found: Measured) -> list[str]:
    of_return = f"{_ms(found.web_seconds)} + {_ms(found.database_seconds)}"
    of_mail = f"{_ms(found.mail_seconds)} + {_ms(found.mail_database_seconds)}"
    year = found.postgresql_bytes * AUDITS_A_YEAR
    limit = "an installation sends at most `SURVEY_MAIL_PER_MINUTE` x 60, 1,200 unless set otherwise"
    return [
        f"- returns an hour for each core: 3,600 s / ({of_return}) = **{found.returns_an_hour:,.0f}**",
        f"- emails an hour for each core: 3,600 s / ({of_mail}) = **{found.emails_an_hour:,.0f}**; {limit}",
        f"- growth of a database a year: {AUDITS_A_YEAR} x {_mb(found.postgresql_bytes)} = **{_mb(year)}**",
    ]


def _table(found: Measured) -> Iterator[str]:
    heads = (
        "Partnerships",
        "Returns a year",
        "Returns in the busiest hour",
        "Cores busy with them",
        "Emails a year",
        "Cores busy with an email for each of those returns",
        "Growth a year",
        "Memory of web processes and workers",
    )
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for number in PARTNERSHIPS:
        audits = number * AUDITS_A_YEAR
        busiest = number * REQUESTS * ON_THE_DAY * IN_THE_HOUR
        memory = number * (2 * found.web_megabytes + found.worker_megabytes) / 1000
        cells = (
            f"{number}",
            f"{number} x {AUDITS_A_YEAR} x {REQUESTS} = {audits * REQUESTS:,}",
            f"{number} x {REQUESTS} x {ON_THE_DAY} x {IN_THE_HOUR} = {busiest:,.0f}",
            f"{busiest / found.returns_an_hour:.3f}",
            f"{audits * found.emails:,.0f}",
            f"{busiest / found.emails_an_hour:.3f}",
            f"{audits * found.postgresql_bytes / 1e9:.2f} GB",
            f"{memory:.1f} GB",
        )
        yield f"| {' | '.join(cells)} |"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def _mb(size: float) -> str:
    return f"{size / 1e6:.2f} MB"


def main() -> None:
    """Measure, and write the table between the two marks of docs/sizing.md."""
    folder = Path(tempfile.mkdtemp(prefix="survey-sizing-"))
    try:
        measured = page(measure(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(f"{measured}\n")
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(MARK)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{MARK}\n\n{measured}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
