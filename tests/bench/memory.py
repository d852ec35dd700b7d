"""Measures the memory of a web process and of the worker: `python -m tests.bench.memory`.

A day of use, made short: every page and file that a manager’s links lead to, then strangers who try to
sign in all at once.
"""

import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

from surveyapp.commands.demonstration.audit import load_demonstration
from surveyapp.foundation import clock
from tests.bench.installation import EMAIL, PASSWORD, BenchInstallation
from tests.bench.served import HttpBrowser, free_port

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "deploy" / "gunicorn.conf.py"
# In megabytes.
BUDGET = 120
FLOOD_SECONDS = 20.0
STRANGERS = 16
_LINK = re.compile(r'href="(/[^"#]*)"')
# What would end the manager’s session, and what lists without end.
_LEFT_OUT = re.compile(r"/sign-out|/survey-static/|[?]|/mail/folder/")
Line = tuple[str, str, str, str]


def lines(folder: Path) -> Iterator[Line]:
    """A line for each process and moment, in megabytes that are its own (anonymous, no shared files)."""
    stock = BenchInstallation(folder, f"sqlite:///{folder / 'memory.sqlite'}")
    with stock.app():
        stock.add_staff()
        load_demonstration(now=clock.now())
    port = free_port()
    environment = {
        **os.environ,
        **stock.environment,
        "FLASK_SURVEY_PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "FLASK_TRUSTED_PROXIES": "1",
        "SURVEYAPP_BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": "1",
        # As the services in deploy/ set it.
        "MALLOC_ARENA_MAX": "2",
    }
    web = _started(environment, "-m", "gunicorn", "--config", str(SETTINGS))
    worker = _started(environment, "-m", "flask", "--app", "wsgi", "survey", "work")
    try:
        _wait_for(port)
        process = _only_child(web.pid)
        yield from _measured("first page", process, worker.pid)
        pages = _walk(port)
        yield from _measured(f"{pages} pages and files", process, worker.pid)
        tries, most = _flood(port, process)
        flood = f"{tries} strangers’ sign-ins (at most {most} MB meanwhile)"
        yield from _measured(flood, process, worker.pid)
    finally:
        for started in (web, worker):
            started.send_signal(signal.SIGTERM)
            started.wait(60)


def _started(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait_for(port: int) -> None:
    for _ in range(600):
        with suppress(OSError, HTTPException):
            HttpBrowser(port).get("/sign-in")
            return
        time.sleep(0.1)
    raise SystemExit("The server under measurement did not answer.")


def _only_child(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return int(children[0])


def _memory(pid: int) -> int:
    """The memory of a process, in megabytes: resident, with the files it has mapped."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text("ascii"))
    return int(found[1]) // 1024 if found else 0


def _measured(after: str, web: int, worker: int) -> Iterator[Line]:
    time.sleep(3)
    yield f"memory of a web process after {after}", f"{BUDGET} MB", f"{_memory(web)} MB", ""
    yield "memory of the worker then", f"{BUDGET} MB", f"{_memory(worker)} MB", ""


def _walk(port: int) -> int:
    """Fetch what the links of a manager’s pages lead to, each address once; returns how many."""
    manager = HttpBrowser(port)
    manager.get("/sign-in")
    manager.post("/sign-in", email=EMAIL, password=PASSWORD)
    seen, ahead = {"/audits"}, ["/audits"]
    while ahead:
        with suppress(SystemExit, UnicodeDecodeError):
            page = manager.get(ahead.pop(), (200, 302, 303, 404, 409))
            found = [link for link in _LINK.findall(page) if not _LEFT_OUT.search(link) and link not in seen]
            seen.update(found)
            ahead += dict.fromkeys(found)
    return len(seen)


def _flood(port: int, web: int) -> tuple[int, int]:
    """Try to sign in with ever new names and addresses; returns how often, and the most memory meanwhile."""
    end, tries, most = time.monotonic() + FLOOD_SECONDS, [0], _memory(web)

    def stranger() -> None:
        browser = HttpBrowser(port)
        browser.get("/sign-in")
        while time.monotonic() < end:
            address = ".".join(str(secrets.randbelow(256)) for _ in range(4))
            browser.headers = {"X-Forwarded-For": address, "X-Forwarded-Proto": "http"}
            with suppress(SystemExit, OSError):
                browser.post("/sign-in", email=f"{secrets.token_hex(6)}@a.example", password="x" * 20)
            tries[0] += 1

    threads = [threading.Thread(target=stranger) for _ in range(STRANGERS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        most = max(most, _memory(web))
        time.sleep(0.05)
    return tries[0], most


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="survey-bench-") as scratch:
        for line in lines(Path(scratch)):
            sys.stdout.write(f"| {' | '.join(line)} |\n")
            sys.stdout.flush()
