"""A server with two workers, and browsers that time it."""

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
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HIDDEN = re.compile(r'name="(submission-id|seen-version)" value="([^"]*)"')


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def serve_app(target: str, environment: dict[str, str]) -> Iterator[int]:
    """Serve an app by gunicorn with two gthread workers; the port."""
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
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise SystemExit("The server under measurement did not start.")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            # The socket listens before the workers have loaded the app.
            browser = HttpBrowser(port)
            if browser.get("/survey-static/survey.css", (200, 404)) is not None:
                return
        time.sleep(0.1)
    raise SystemExit("The server under measurement did not answer.")


class HttpBrowser:
    """One browser; it keeps cookies and the last page's token.

    Each request comes on a connection of its own, as a reverse proxy sends it unless told otherwise: kept
    connections stay with the worker that took them, and by chance one worker may have taken all eight.
    """

    def __init__(self, port: int) -> None:
        """Begin with an empty one."""
        self.wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.page = ""

    def get(self, path: str, wanted: tuple[int, ...] = (200,)) -> str:
        """Fetch a page and keep it."""
        self.page = self._ask("GET", path, None, wanted)
        return self.page

    def post(self, path: str, **fields: str) -> str:
        """Post with the last page's token and ids; where it leads."""
        token = TOKEN.search(self.page)
        data = {"csrf_token": token[1] if token else "", **dict(HIDDEN.findall(self.page)), **fields}
        return self._ask("POST", path, urlencode(data), (302, 303))

    def _ask(self, method: str, path: str, body: str | None, wanted: tuple[int, ...]) -> str:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Connection": "close"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.wire.request(method, path, body, headers)
        answer = self.wire.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        if answer.status not in wanted:
            raise SystemExit(f"{method} {path} gave {answer.status}:\n{text[:1500]}")
        return answer.headers.get("Location") or text


class Timing:
    """How long each of many took, and how many there were in a second."""

    def __init__(self, seconds: list[float], elapsed: float) -> None:
        """Keep them."""
        self.seconds, self.elapsed = seconds, elapsed

    @property
    def rate(self) -> float:
        """How many in a second."""
        return len(self.seconds) / self.elapsed

    def percentile(self, percent: int) -> float:
        """A percentile, in milliseconds."""
        return quantiles(self.seconds, n=100)[percent - 1] * 1000


def time_repeatedly(acts: list[Callable[[], object]], *, seconds: float) -> Timing:
    """Do each of these over and over at the same time for some seconds; StopIteration ends one early."""
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
