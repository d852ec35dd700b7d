"""An installation for browser tests: a folder with database, keys and mail, and a real server."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from zoneinfo import ZoneInfo

import holidays

from surveyapp.foundation.clock import local_day, now

ROOT = Path(__file__).parents[2]
ACCOUNT = "manager@partnership.example"
LONDON = ZoneInfo("Europe/London")
# In seconds; enough for a busy machine to import everything twice.
PATIENCE = 60
TUESDAY = 1


def quiet_tuesday() -> datetime:
    """Ten o'clock, UK time, on the next Tuesday without a bank holiday in the three weeks from it."""
    free = holidays.country_holidays("GB", subdiv="ENG")
    day = local_day(now()) + timedelta(days=1)
    while day.weekday() != TUESDAY or any(day + timedelta(days=n) in free for n in range(21)):
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 10, tzinfo=LONDON)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Installation:
    """The folder and the process of a server; its clock starts at `starts_at`, or at the real time."""

    folder: Path
    starts_at: datetime | None = None
    port: int = field(default_factory=free_port)
    password: str = ""
    # More settings of the server and of commands, as variables of the environment.
    settings: dict[str, str] = field(default_factory=dict)
    server: subprocess.Popen[bytes] | None = None
    # When the server was first opened, by the machine’s own clock: opened again, its clock goes on.
    _opened: float | None = None

    @property
    def address(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def today(self) -> date:
        """The server's day, at its start."""
        return self.starts_at.date() if self.starts_at else local_day(now())

    @property
    def config(self) -> dict[str, object]:
        """The settings of an app in the test's own process that makes rows for the server to show."""
        return {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{self.folder / 'data' / 'surveyapp.sqlite'}",
            "SURVEY_KEY_FILE": str(self.folder / "keys.json"),
            "SURVEY_MAIL_FOLDER": str(self.folder / "mail"),
            "SURVEY_PUBLIC_BASE_URL": self.address,
            "SURVEY_FORMS_FOLDER": str(ROOT / "forms"),
        }

    @property
    def _environment(self) -> dict[str, str]:
        ours = {
            "SURVEYAPP_FOLDER": str(self.folder),
            "FLASK_SURVEY_PUBLIC_BASE_URL": self.address,
            "FLASK_SURVEY_PARTNERSHIP": "Wrenford Safeguarding Children Partnership",
            "FLASK_SURVEY_MAIL_PER_MINUTE": "6000",
        }
        if self.starts_at is not None:
            gone_by = timedelta(seconds=time.monotonic() - self._opened if self._opened is not None else 0)
            ours["SERVER_STARTS_AT"] = (self.starts_at + gone_by).astimezone(UTC).isoformat()
        return {**os.environ, **ours, **self.settings}

    def survey(self, *arguments: str, typed: str = "") -> str:
        """Run a command of surveyapp; returns its output. AssertionError if it fails."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "survey", *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self._environment,
            check=False,
            text=True,
            capture_output=True,
            input=typed,
        )
        assert done.returncode == 0, f"survey {' '.join(arguments)} said: {done.stdout}{done.stderr}"
        return done.stdout

    def create_tables_and_account(self) -> None:
        """Make the tables and the manager's account."""
        self.survey("upgrade")
        self.password = token_urlsafe(15)
        self.survey("staff", "add", ACCOUNT, "--name", "Ann Lee", typed=self.password)

    def create_demonstration(self) -> None:
        """Make the tables and load the demonstration, which has an account of its own."""
        self.survey("upgrade")
        found = re.search(r"with the password (\S+)", self.survey("demo"))
        assert found, "survey demo no longer says how to sign in."
        self.password = found[1]

    def open(self) -> None:
        """Start the server, or start it again, and wait until it answers."""
        command = [sys.executable, "-m", "tests.browser.serving", "--port", str(self.port)]
        log = (self.folder / "server.log").open("ab")
        with log:
            self.server = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        self._opened = self._opened or time.monotonic()
        end = time.monotonic() + PATIENCE
        while not self._answers():
            if self.server.poll() is not None or time.monotonic() > end:
                raise AssertionError("The server does not answer:\n" + self.log)
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address + "/sign-in", timeout=5):  # noqa: S310 — our own server
                return True
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False

    @property
    def log(self) -> str:
        """The server's log so far."""
        return (self.folder / "server.log").read_text(encoding="utf-8")

    def close(self) -> None:
        """Stop the server."""
        if self.server is not None:
            self.server.terminate()
            self.server.wait(timeout=30)
