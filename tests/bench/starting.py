"""Measures the processor time of starting: `python -m tests.bench.starting`."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from surveyapp.commands.demonstration.audit import load_demonstration
from surveyapp.foundation import clock
from tests.bench.installation import BenchInstallation
from tests.bench.served import HttpBrowser, free_port
from tests.bench.table import Line

ROOT = Path(__file__).parents[2]
TIMES = 5
LIBRARIES = "import flask, flask_sqlalchemy, flask_wtf, flask_mail"
COMMAND = ("-m", "flask", "--app", "wsgi", "survey")


def lines(folder: Path) -> Iterator[Line]:
    """A line for each start, in multiples of importing the libraries that every host has."""
    stock = BenchInstallation(folder, f"sqlite:///{folder / 'starting.sqlite'}")
    with stock.app():
        load_demonstration(now=clock.now())
    floor = _least_time(stock, "-c", LIBRARIES)
    for what, budget, seconds in (
        ("survey --help", 2.5, _least_time(stock, *COMMAND, "--help")),
        ("survey status", 2.5, _least_time(stock, *COMMAND, "status", "1")),
        ("start of the server and its first page", 4, min(_first_page(stock) for _ in range(TIMES))),
    ):
        times = f"{seconds / floor:.1f} times, {seconds:.2f} s"
        yield f"{what}, processor time", f"{budget} times the floor", times, f"{floor:.2f} s, {LIBRARIES}"


def _least_time(stock: BenchInstallation, *arguments: str) -> float:
    """The least processor time of several runs of Python, in seconds."""
    return min(_processor_time(_started(stock, *arguments)) for _ in range(TIMES))


def _first_page(stock: BenchInstallation) -> float:
    """The processor time of a server that starts, shows one page and stops, in seconds."""
    port = free_port()
    server = _started(stock, "-m", "surveyapp.standalone", "--port", str(port))
    while server.poll() is None:
        try:
            HttpBrowser(port).get("/sign-in")
            break
        except OSError:
            time.sleep(0.05)
    server.terminate()
    return _processor_time(server)


def _started(stock: BenchInstallation, *arguments: str) -> subprocess.Popen[bytes]:
    # Without the files of compiled modules a run would measure Python’s compiler.
    environment = {**os.environ, **stock.environment, "PYTHONDONTWRITEBYTECODE": ""}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _processor_time(process: subprocess.Popen[bytes]) -> float:
    """Wait for a process; the seconds of processor time that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process.wait(60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="survey-bench-") as scratch:
        for line in lines(Path(scratch)):
            sys.stdout.write(f"| {' | '.join(line)} |\n")
