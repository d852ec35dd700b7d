"""The fixtures of fault tests: an installation with a mail server and workers, and figures to print."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation import clock
from surveyapp.foundation.mail import circuit_breaker as breaker
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.mail.status import MailState, mail_state
from surveyapp.foundation.store.db import engine, session, transaction
from surveyapp.foundation.store.models import Outbox
from tests.bench.served import HttpBrowser, free_port
from tests.faults.fault_app import make_app
from tests.faults.figures import COUNTS, FigureNotes, gathered, store

HERE = Path(__file__).parent
BEGUN = pytest.StashKey[float]()
# Seconds to wait for what should come at once: a busy machine may take minutes to start a server.
PATIENCE = 300.0
# As in docs/hosting.md, “Servers”.
_AS_DOCUMENTED = ("--workers", "2", "--worker-class", "gthread", "--threads", "4", "--timeout", "60")


@dataclass(frozen=True)
class AcceptedMessage:
    """A message that the mail server accepted; `at` is in seconds since 1970."""

    at: float
    to: str
    message: EmailMessage

    @property
    def id(self) -> str:
        return str(self.message["Message-ID"])


class Sinkhole:
    """The mail server of sink.py as a process, whose mode a test sets."""

    def __init__(self, folder: Path, *options: str, port: int = 0) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.options = folder, options
        self.mode = "ok"
        self.running = self._start(port)
        self.port = int(self._written("port"))

    def _start(self, port: int) -> subprocess.Popen[bytes]:
        (self.folder / "port").unlink(missing_ok=True)
        command = [
            sys.executable,
            str(HERE / "sink.py"),
            str(self.folder),
            "--port",
            str(port),
            *self.options,
        ]
        return subprocess.Popen(command)

    def _written(self, name: str) -> str:
        wait_until((self.folder / name).exists, "the mail server listens")
        return (self.folder / name).read_text(encoding="utf-8")

    @property
    def mode(self) -> str:
        return (self.folder / "mode").read_text(encoding="utf-8")

    @mode.setter
    def mode(self, mode: str) -> None:
        beside = self.folder / "mode.part"
        beside.write_text(mode, encoding="utf-8")
        beside.rename(self.folder / "mode")

    def kill_at(self, point: str, worker: subprocess.Popen[bytes]) -> None:
        """Kill the worker with SIGKILL when the conversation reaches this point."""
        (self.folder / "victim").write_text(str(worker.pid), encoding="utf-8")
        self.mode = f"kill:{point}"

    @property
    def heard(self) -> list[str]:
        place = self.folder / "heard"
        return place.read_text(encoding="utf-8").splitlines() if place.exists() else []

    @property
    def accepted(self) -> list[AcceptedMessage]:
        records = [
            json.loads(file.read_text(encoding="utf-8")) for file in (self.folder / "accepted").glob("*.json")
        ]
        accepted = [
            AcceptedMessage(
                record["at"], record["to"], message_from_string(record["message"], policy=policy.default)
            )
            for record in records
        ]
        return sorted(accepted, key=lambda message: message.at)

    def stop(self) -> None:
        self.running.kill()
        self.running.wait()

    def start_again(self) -> None:
        self.running = self._start(self.port)
        self._written("port")


class FaultInstallation:
    """A database, a mail server, and as many workers as a test starts."""

    def __init__(self, database: str, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.sink: Sinkhole | None = None
        self.settings: dict[str, Any] = {
            "SQLALCHEMY_DATABASE_URI": database,
            "SURVEY_KEY_FILE": str(folder / "keys.json"),
            "SURVEY_MAIL_PER_MINUTE": 100_000,
            "SURVEY_SENDER": "audits@partnership.example",
            "SECRET_KEY": "0123456789abcdef0123456789abcdef",
        }
        self.workers: list[subprocess.Popen[bytes]] = []
        self._made: Flask | None = None

    @property
    def app(self) -> Flask:
        """The app in this process, in the place of a web server."""
        if self._made is None:
            self._made = make_app(self.settings)
        return self._made

    @property
    def mail_server(self) -> Sinkhole:
        assert self.sink is not None, "Start the mail server first."
        return self.sink

    def start_mail_server(self, *options: str, **settings: Any) -> Sinkhole:
        """Start the mail server; the app and every worker started later use it."""
        self.sink = Sinkhole(self.folder / "sink", *options)
        self.settings |= {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": self.sink.port, **settings}
        return self.sink

    def start_worker(self, *, lease: float = 900, **environ: str) -> subprocess.Popen[bytes]:
        """Start a worker as a process; `lease` is in seconds."""
        return self.start_program(["-m", "tests.faults.fault_app"], {"LEASE_SECONDS": str(lease), **environ})

    def start_workers(self, count: int, *, lease: float = 900) -> list[subprocess.Popen[bytes]]:
        """Start workers and wait until all of them work; `lease` is in seconds."""
        workers = [self.start_worker(lease=lease) for _ in range(count)]
        started = [self.folder / f"worker-{worker.pid}" for worker in workers]
        wait_until(lambda: all(file.exists() for file in started), "the workers have started")
        return workers

    def start_program(self, program: list[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
        """Start Python with these arguments, the settings of the installation and more of the environment."""
        flask = {f"FLASK_{name}": str(value) for name, value in self.settings.items()}
        # Flask reads the environment as JSON, which has true and not True.
        flask |= {name: value.lower() for name, value in flask.items() if value in ("True", "False")}
        environment = {**os.environ, **flask, "SURVEYAPP_FOLDER": str(self.folder), **environ}
        with (self.folder / "worker.log").open("ab") as log:
            command = [sys.executable, *program]
            worker = subprocess.Popen(command, env=environment, cwd=HERE.parents[1], stdout=log, stderr=log)
        self.workers.append(worker)
        return worker

    @property
    def log(self) -> str:
        """What every process started here has written so far."""
        return (self.folder / "worker.log").read_text(encoding="utf-8", errors="replace")

    def start_embedded(self) -> subprocess.Popen[bytes]:
        """Start the web app with its worker inside, as `make run` does."""
        program = ["-m", "waitress", "--listen=127.0.0.1:0", "wsgi:app"]
        return self.start_program(program, {"FLASK_SURVEY_WORKER": "true"})

    def serve(self, by: str) -> int:
        """Serve the web app, “standalone” or by “gunicorn” as in docs/hosting.md; returns the port."""
        port = free_port()
        program = {
            "standalone": ["-m", "surveyapp.standalone", "--port", str(port)],
            "gunicorn": ["-m", "gunicorn", *_AS_DOCUMENTED, "--bind", f"127.0.0.1:{port}", "wsgi:app"],
        }[by]
        server = self.start_program(program, {"FLASK_SURVEY_PUBLIC_BASE_URL": f"http://127.0.0.1:{port}"})

        def answers() -> bool:
            assert server.poll() is None, self.log
            try:
                return bool(HttpBrowser(port).get("/sign-in"))
            except OSError:
                return False

        wait_until(answers, "the server answers")
        return port

    def lapse(self) -> None:
        """End the leases of killed workers, the pause of mail and the lease of the tick now."""

        def past() -> None:
            before = clock.now() - timedelta(minutes=1)
            leased = update(Outbox).where(Outbox.lease_until.is_not(None))
            session.execute(leased.values(lease_until=before))
            session.execute(update(Outbox).where(Outbox.state == "queued").values(not_before=before))
            breaker.switches().mail_paused_until = None
            breaker.switches().tick_until = None

        self.change(past)

    def agencies(self, count: int) -> list[int]:
        """Make agencies with one contact each, agency1@agency.example and so on; returns their ids."""
        with self.app.app_context(), transaction():
            made = [
                Agency(
                    name=f"Agency {number}",
                    kind="police",
                    contacts=[Contact(name="Lead", email=f"agency{number}@agency.example", role="lead")],
                )
                for number in range(1, count + 1)
            ]
            session.add_all(made)
            session.flush()
            return [agency.id for agency in made]

    def queue(self, count: int, kind: str = "letter") -> list[int]:
        """Make agencies and queue one email for each; returns the agencies' ids."""
        ids = self.agencies(count)
        with self.app.app_context(), transaction():
            for number, agency_id in enumerate(ids, 1):
                to = f"agency{number}@agency.example"
                assert queue_email(kind, agency_id, to=to, key=f"{kind}:{agency_id}", now=clock.now())
        return ids

    def ask(self, question: Callable[[Session], Any]) -> Any:
        """Run a query in its own app context."""
        with self.app.app_context():
            answer = question(session)
            session.rollback()
            return answer

    @property
    def states(self) -> Counter[str]:
        """The number of messages by state."""
        counted = select(Outbox.state, func.count()).group_by(Outbox.state)
        found: Counter[str] = self.ask(lambda s: Counter(dict(s.execute(counted).all())))
        return found

    def rows(self) -> list[Outbox]:
        """Every message, detached from the session."""

        def all_of_them(s: Session) -> list[Outbox]:
            found = list(s.scalars(select(Outbox).order_by(Outbox.id)))
            s.expunge_all()
            return found

        rows: list[Outbox] = self.ask(all_of_them)
        return rows

    def wait_for(self, **states: int) -> None:
        """Wait until the states named have exactly these numbers of messages."""
        wanted = Counter(states)
        wait_until(lambda: all(self.states[name] == count for name, count in wanted.items()), f"{states}")

    def change(self, act: Callable[[], object]) -> None:
        """Run an act in one transaction of this process, as a page would."""
        with self.app.app_context(), transaction():
            act()

    def make_all_due(self) -> None:
        """End the pause of mail, and make every deferred message due."""

        def past() -> None:
            breaker.switches().mail_paused_until = clock.now()
            session.execute(update(Outbox).where(Outbox.state == "queued").values(not_before=clock.now()))

        self.change(past)

    @property
    def said(self) -> MailState:
        """The state of mail at the top of the mail page."""
        found: MailState = self.ask(lambda _session: mail_state(clock.now()))
        return found

    def end(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGCONT)
                worker.kill()
            worker.wait()
        if self.sink is not None:
            self.sink.stop()
        if self._made is not None:
            with self._made.app_context():
                engine().dispose()


def wait_until(true: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Wait until `true` returns true; AssertionError that names `what` if it does not within `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"Waited {seconds} seconds in vain for: {what}"
        time.sleep(0.05)


@pytest.fixture
def installation(database: str, tmp_path: Path) -> Iterator[FaultInstallation]:
    """An installation on the test's database, with the settings of production."""
    made = FaultInstallation(database, tmp_path)
    yield made
    made.end()


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> FigureNotes:
    """Notes figures, which are printed at the end of the run: `figure("3 s")`, `figure.count(kills=8)`."""
    return FigureNotes(request.node)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--figures", type=Path, help="where to write the figures of the run, as JSON")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Note when the run began."""
    session.config.stash[BEGUN] = time.monotonic()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the figures of all tests, and write them down if a place was named."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    run = gathered(report for report in reports if report.when == "call")
    if run.sentences:
        terminalreporter.section("figures")
        for line in sorted(run.sentences):
            terminalreporter.line(line)
        for name, words in COUNTS.items():
            terminalreporter.line(f"{run.sums[name]:>8,} {words}")
    if (place := config.getoption("--figures")) is not None:
        seconds = time.monotonic() - config.stash[BEGUN]
        selection = config.getoption("keyword")
        store(run, place, engine=config.getoption("--engine"), seconds=seconds, selection=selection)
