"""Measures with 1,000,000 requests stored, and with 9,000 and 90: `python -m tests.bench.million`."""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from surveyapp.foundation import clock
from surveyapp.foundation.mail import worker
from tests.bench.installation import BenchInstallation, add_a_million
from tests.bench.lists import milliseconds, signed_in
from tests.bench.table import Line

BUDGET = "50 ms"
TIMES = 7
# Audits of 5,000 requests each, beside the one of 90 or 9,000.
MILLION = 200
# The first of those audits.
COPIED_AUDIT = 1000


def lines(folder: Path, *, audits: int = MILLION) -> Iterator[Line]:
    """tick() with nothing due, at three sizes; the pages of staff and contacts at the largest."""
    for agencies, cases in ((6, 15), (90, 100)):
        stock = BenchInstallation(folder / str(agencies), f"sqlite:///{folder / f'{agencies}.sqlite'}")
        with stock.app(SURVEY_WORKER=False):
            stock.add_audit(agencies=agencies, cases=cases)
            yield _ticks(agencies * cases)
    yield from _with_a_million(folder, audits)


def _ticks(stored: int) -> Line:
    worker.tick(clock.now())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        worker.tick(clock.now())
        took.append(time.perf_counter() - begun)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    what = f"tick(), {stored:,} requests stored, nothing due, p50"
    return (
        what,
        f"{BUDGET}; grew by 5 MB",
        f"{median(took) * 1000:.0f} ms; memory grew by {grown:.1f} MB",
        "",
    )


def _with_a_million(folder: Path, audits: int) -> Iterator[Line]:
    file = folder / "million.sqlite"
    stock = BenchInstallation(folder / "million", f"sqlite:///{file}")
    with stock.app(SURVEY_WORKER=False):
        stock.add_staff()
        small = stock.add_audit(agencies=6, cases=15)
        token, public_ids = stock.links(small)[0]
    begun = time.perf_counter()
    stored = add_a_million(file, small, audits=audits)
    yield (
        f"{stored:,} requests written, to be measured with",
        "",
        f"{time.perf_counter() - begun:.0f} s",
        "",
    )
    with stock.app(SURVEY_WORKER=False, PROPAGATE_EXCEPTIONS=True) as app:
        yield _ticks(stored)
        staff, contact = signed_in(app), app.test_client()
        landing = contact.get(f"/r/{token}/").text
        form_token = landing.partition('name="csrf_token" value="')[2].partition('"')[0]
        contact.post("/start/", data={"csrf_token": form_token, "token": token})
        pages = (
            ("form page", "20 ms", contact, f"/returns/{public_ids[0]}/"),
            ("Audits", "150 ms", staff, "/audits"),
            ("tracking page of 5,000 requests", "150 ms", staff, f"/audits/{COPIED_AUDIT}"),
            ("mail", "150 ms", staff, "/mail"),
            ("log", "150 ms", staff, "/log"),
        )
        for words, budget, browser, path in pages:
            if browser.get(path).status_code != 200:
                raise SystemExit(f"{path} was not shown")
            took = milliseconds(lambda browser=browser, path=path: browser.get(path))  # type: ignore[misc]
            what = f"{words} among {stored:,} requests, processor time"
            yield (what, budget, f"{took:.0f} ms", "")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="survey-bench-") as scratch:
        for line in lines(Path(scratch)):
            sys.stdout.write(f"| {' | '.join(line)} |\n")
            sys.stdout.flush()
