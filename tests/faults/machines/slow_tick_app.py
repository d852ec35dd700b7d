"""A worker whose ticks take TICK_SECONDS, with a lease of TICK_LEASE_SECONDS; it notes each in TICKS.

`python -m tests.faults.machines.slow_tick_app`. With WAITS it does nothing until another worker ticks.
Everything else is as in fault_app.
"""

import os
import signal
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType

from surveyapp.foundation.mail import worker
from tests.faults.fault_app import make_app


def note(word: str, number: int) -> None:
    """Append a line; O_APPEND keeps the lines of several processes whole."""
    line = f"{word} {number} {os.getpid()} {time.time()}\n"
    place = os.open(Path(os.environ["TICKS"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(place, line.encode())
    os.close(place)


def slow_operation(_now: datetime) -> None:
    """Take as long as the test says."""
    number = time.monotonic_ns()
    note("begun", number)
    time.sleep(float(os.environ["TICK_SECONDS"]))
    note("ended", number)


def main() -> None:
    """Run the worker until SIGTERM."""
    worker.TICK_LEASE = timedelta(seconds=float(os.environ["TICK_LEASE_SECONDS"]))
    worker.TICK_EVERY = timedelta(seconds=0.5)
    worker.POLL_SECONDS = 0.1
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    app = make_app()
    state = app.extensions["survey"]
    app.extensions["survey"] = replace(state, timed_operations=(slow_operation, *state.timed_operations))
    note("ready", 0)
    while "WAITS" in os.environ and "begun" not in Path(os.environ["TICKS"]).read_text(encoding="utf-8"):
        time.sleep(0.02)
    with app.app_context():
        worker.work_until_stopped(stop)


if __name__ == "__main__":
    main()
