"""The processes of deploy/compose.yaml without containers: two web servers, two workers, one key file."""

import signal
import subprocess
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import yaml

from tests.bench.served import free_port
from tests.faults.conftest import PATIENCE, FaultInstallation, wait_until
from tests.faults.served.visitor import PageResponse, Visitor

COMPOSE = yaml.safe_load(
    Path(__file__).parents[3].joinpath("deploy", "compose.yaml").read_text(encoding="utf-8")
)
BROKER = "redis://127.0.0.1:6379/13"
# As deploy/gunicorn.conf.py has them.
GUNICORN = ("--workers", "2", "--worker-class", "gthread", "--threads", "4", "--timeout", "60")


@dataclass
class TwoWebs:
    """Two machines with a web server and a worker each; they share the database, the broker and the keys."""

    installation: FaultInstallation
    ports: tuple[int, int] = field(default_factory=lambda: (free_port(), free_port()))
    webs: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # What both machines call themselves: the address of what stands in front of them.
        self.installation.settings["SURVEY_PUBLIC_BASE_URL"] = self.address

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.ports[0]}"

    def _machine(self, port: int) -> dict[str, str]:
        """The environment of a machine: a folder of its own, and nothing of the other’s but the settings."""
        folder = self.installation.folder / f"machine-{port}"
        folder.mkdir(exist_ok=True)
        return {"SURVEYAPP_FOLDER": str(folder), "FLASK_CELERY_BROKER_URL": BROKER}

    def start_webs(self, *ports: int) -> None:
        """Start the web servers of these machines, and wait until they answer."""
        for port in ports:
            program = ["-m", "gunicorn", *GUNICORN, "--bind", f"127.0.0.1:{port}", "wsgi:app"]
            self.webs[port] = self.installation.start_program(program, self._machine(port))
        for port in ports:
            wait_until(partial(self._answers, port), "the web server answers")

    def _answers(self, port: int) -> bool:
        assert self.webs[port].poll() is None, self.log
        try:
            return Visitor(port).ask("GET", "/sign-in").status == 200
        except OSError:
            return False

    def kill_web(self, port: int) -> None:
        """Kill a machine’s web server with all its processes, as when its power fails."""
        web = self.webs.pop(port)
        children = Path(f"/proc/{web.pid}/task/{web.pid}/children").read_text(encoding="utf-8").split()
        web.kill()
        for child in map(int, children):
            subprocess.run(["kill", f"-{signal.SIGKILL.value}", str(child)], check=False)
        web.wait()

    def start_worker(self, port: int) -> None:
        """Start a machine’s worker, with the command of deploy/compose.yaml."""
        _celery, *arguments = COMPOSE["services"]["worker"]["command"]
        schedule = str(self.installation.folder / f"beat-{port}")
        arguments = [schedule if argument.startswith("/tmp/") else argument for argument in arguments]  # noqa: S108 — the container’s
        self.installation.start_program(["-m", "celery", *arguments], self._machine(port))

    def survey_process(self, port: int, *words: str) -> subprocess.Popen[bytes]:
        """Start a command of a machine."""
        program = ["-m", "flask", "--app", "wsgi", "survey", *words]
        return self.installation.start_program(program, self._machine(port))

    def survey(self, *words: str) -> None:
        """Run a command on the first machine; AssertionError if it fails."""
        assert self.survey_process(self.ports[0], *words).wait(PATIENCE) == 0, self.log

    def visitor(self) -> "AlternatingVisitor":
        """A browser behind what shares requests out between the two."""
        return AlternatingVisitor(self.ports[0], webs=self)

    @property
    def log(self) -> str:
        """What all processes have written."""
        return (self.installation.folder / "worker.log").read_text(encoding="utf-8")


@dataclass
class AlternatingVisitor(Visitor):
    """A browser whose every request goes to the other web server, and to the one left if one is dead."""

    webs: TwoWebs = field(kw_only=True)
    visited: list[int] = field(default_factory=list)

    def ask(self, method: str, path: str, body: str | bytes | None = None, **options: object) -> PageResponse:
        running = [port for port in self.webs.ports if port in self.webs.webs]
        others = [port for port in running if port != self.port]
        self.port = others[0] if others else running[0]
        self.visited.append(self.port)
        return super().ask(method, path, body, **options)  # type: ignore[arg-type]
