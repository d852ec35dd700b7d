"""Tests that `make test` leaves out since they took long when they were measured; slow_tests.txt lists them.

A test that takes long by its nature (it starts processes, sets PDFs) is marked `slow` where it stands. Of the
others it is the sum that takes long: the slower ones are in the list and are marked `slow` here, so that the
rest takes a minute on two cores. `make slow-tests` measures again and writes the list. Tests that read a
database loaded beforehand, such as the demonstration, are slow too: loading it takes half a minute.
"""

from collections import defaultdict
from pathlib import Path

import pytest

LIST = Path(__file__).with_suffix(".txt")
# Seconds that one case of a test may take to be quick.
LONGEST = 0.03
# The fixture behind every database that is loaded beforehand.
LOADING = "with_loaded"


def mark_slow_tests(items: list[pytest.Item]) -> None:
    """Mark as slow what the list names; a test that is new or was renamed is quick until it is measured."""
    listed = set(LIST.read_text(encoding="utf-8").splitlines())
    for item in items:
        if _function_of(item.nodeid) in listed or LOADING in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


class MeasuredTests:
    """Writes the list at the end of a run, from the time that each test took without its fixtures.

    Fixtures are left out, since what several tests share would be counted for the first of them. A test that
    did not run keeps its place.
    """

    def __init__(self) -> None:
        self._seconds: dict[str, list[float]] = defaultdict(list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what a test took, in whichever process it ran."""
        if report.when == "call":
            self._seconds[_function_of(report.nodeid)].append(report.duration)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the list, in the process that has the reports of all the others."""
        if hasattr(session.config, "workerinput"):
            return
        kept = set(LIST.read_text(encoding="utf-8").splitlines()) - self._seconds.keys()
        slow = {name for name, seconds in self._seconds.items() if sum(seconds) / len(seconds) > LONGEST}
        LIST.write_text("".join(f"{name}\n" for name in sorted(kept | slow)), encoding="utf-8")


def _function_of(test: str) -> str:
    """The test without its parameters: `tests/x/test_y.py::test_z` of `tests/x/test_y.py::test_z[1]`."""
    return test.partition("[")[0]
