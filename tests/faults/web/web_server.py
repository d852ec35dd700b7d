"""gunicorn as docs/hosting.md starts it, whose processes a test kills or replaces."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from random import Random

from tests.bench.served import free_port
from tests.faults.conftest import PATIENCE, FaultInstallation, wait_until
from tests.faults.served.visitor import Visitor

# As in docs/hosting.md, “Servers”.
_OPTIONS = ("--worker-class", "gthread", "--threads", "4", "--timeout", "60", "--log-level", "warning")
# What is asked to see whether the server answers: a page that reads the database.
_PAGE = "/sign-in"


class WebServer:
    """A gunicorn master with its web processes, on one port for as long as the test lasts."""

    def __init__(
        self, installation: FaultInstallation, *, processes: int = 2, app: str = "wsgi:app", port: int = 0
    ) -> None:
        self.installation, self.processes, self.app = installation, processes, app
        self.port = port or free_port()
        self.master: subprocess.Popen[bytes] | None = None
        # Workers write the links of the first server.
        installation.settings.setdefault("SURVEY_PUBLIC_BASE_URL", self.address)
        # More variables of the environment, for the next start.
        self.environment: dict[str, str] = {}

    @property
    def address(self) -> str:
        """The address of the server, which is also that of the links in emails."""
        return f"http://127.0.0.1:{self.port}"

    def launch(self) -> None:
        """Start the server, without waiting until it answers."""
        bind = f"127.0.0.1:{self.port}"
        program = ["-m", "gunicorn", "--workers", str(self.processes), *_OPTIONS, "--bind", bind, self.app]
        settings = {"FLASK_SURVEY_PUBLIC_BASE_URL": self.address, "FLASK_SURVEY_WORKER": "false"}
        self.master = self.installation.start_program(program, {**settings, **self.environment})

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.launch()
        wait_until(self.answers, "the server answers")

    def answers(self) -> bool:
        """Whether a page is shown; AssertionError with the log if the server has ended."""
        assert self.master is not None
        assert self.master.poll() is None, self.installation.log
        with suppress(OSError):
            return Visitor(self.port).get(_PAGE).status == 200
        return False

    @property
    def web_processes(self) -> list[int]:
        """The numbers of the web processes that run now."""
        assert self.master is not None
        children = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children")
        with suppress(FileNotFoundError):
            return [int(number) for number in children.read_text(encoding="utf-8").split()]
        return []

    def kill_one(self, chance: Random) -> bool:
        """Kill one web process with SIGKILL; gunicorn starts another. False if none runs."""
        running = self.web_processes
        return bool(running) and self._kill(chance.choice(running))

    def kill_all(self) -> None:
        """Kill the master and every web process with SIGKILL, as when a container is killed."""
        assert self.master is not None
        running = self.web_processes
        # The master first, or it would start more.
        self.master.kill()
        self.master.wait()
        for number in running:
            self._kill(number)
        wait_until(lambda: not any(Path(f"/proc/{number}").exists() for number in running), "they have ended")

    def _kill(self, number: int) -> bool:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
            return True
        return False

    def replace_processes(self) -> None:
        """Replace every web process while the server goes on answering, as a deployment does (SIGHUP)."""
        assert self.master is not None
        before = set(self.web_processes)
        self.master.send_signal(signal.SIGHUP)

        def are_replaced() -> bool:
            running = set(self.web_processes)
            return len(running) == self.processes and not before & running

        wait_until(are_replaced, "every web process is replaced")

    def stop(self) -> None:
        """Stop the server in an orderly way."""
        assert self.master is not None
        self.master.terminate()
        self.master.wait(PATIENCE)
