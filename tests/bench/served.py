"""A server with two workers, and browsers that measure how fast it answers."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HIDDEN = re.compile(r'name="(submission-id|seen-version)" value="([^"]*)"')


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """A server under measurement: its port, and the id of the process whose children answer."""

    port: int
    pid: int


@contextlib.contextmanager
def serve_app(target: str, environment: dict[str, str]) -> Iterator[int]:
    """Serve an app by gunicorn with two gthread workers; yields the port."""
    with served(target, environment) as server:
        yield server.port


@contextlib.contextmanager
def served(target: str, environment: dict[str, str]) -> Iterator[Server]:
    """Serve an app by gunicorn with two gthread workers of four threads each."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--workers",
        "2",
        "--worker-class",
        "gthread",
        "--threads",
        "4",
    ]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "error", "--keep-alive", "30", target]
    base = {"FLASK_SURVEY_PUBLIC_BASE_URL": f"http://127.0.0.1:{port}"}
    server = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **base, **environment}, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port, server)
        yield Server(port, server.pid)
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise SystemExit("The server under measurement did not start.")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            # The socket accepts connections before the workers have loaded the app.
            browser = HttpBrowser(port)
            if browser.get("/survey-static/survey.css", (200, 404)) is not None:
                return
        time.sleep(0.1)
    raise SystemExit("The server under measurement did not answer.")


class HttpBrowser:
    """A browser that keeps cookies and the last page.

    Each request has its own connection, as from a reverse proxy by default: a kept connection stays with the
    worker that accepted it, and by chance one worker may have accepted all eight.
    """

    def __init__(self, port: int) -> None:
        """Begin without cookies."""
        self.wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        # More headers of each request.
        self.headers: dict[str, str] = {}
        self.page = ""

    def get(self, path: str, wanted: tuple[int, ...] = (200,)) -> str:
        """Fetch a page and keep it; SystemExit unless its status is one of `wanted`."""
        self.page = self._ask("GET", path, None, wanted)
        return self.page

    def post(self, path: str, **fields: str) -> str:
        """Post fields with the last page's token and hidden ids; returns the address of the redirect."""
        token = TOKEN.search(self.page)
        data = {"csrf_token": token[1] if token else "", **dict(HIDDEN.findall(self.page)), **fields}
        return self._ask("POST", path, urlencode(data), (302, 303))

    def _ask(self, method: str, path: str, body: str | None, wanted: tuple[int, ...]) -> str:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Connection": "close", **self.headers}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.wire.request(method, path, body, headers)
        answer = self.wire.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        if answer.status not in wanted:
            raise SystemExit(f"{method} {path} gave {answer.status}:\n{text[:1500]}")
        return answer.headers.get("Location") or text


class Timing:
    """The durations of many calls, in seconds, and the time that all of them took together."""

    def __init__(self, seconds: list[float], elapsed: float) -> None:
        """`elapsed` is in seconds."""
        self.seconds, self.elapsed = seconds, elapsed

    @property
    def rate(self) -> float:
        """Calls a second."""
        return len(self.seconds) / self.elapsed

    def percentile(self, percent: int) -> float:
        """A percentile of the durations, in milliseconds."""
        return quantiles(self.seconds, n=100)[percent - 1] * 1000


def time_repeatedly(acts: list[Callable[[], object]], *, seconds: float) -> Timing:
    """Repeat each act in its own thread for some seconds; StopIteration ends a thread early."""
    took: list[float] = []
    end = time.perf_counter() + seconds

    def over_and_over(act: Callable[[], object]) -> None:
        while (begun := time.perf_counter()) < end:
            try:
                act()
            except StopIteration:
                return
            took.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    threads = [threading.Thread(target=over_and_over, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Timing(took, time.perf_counter() - begun)
