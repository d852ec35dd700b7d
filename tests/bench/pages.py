"""Measures the form page and the tracking page: `python -m tests.bench.pages`."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.bench import floor
from tests.bench.installation import EMAIL, PASSWORD, RETURNED, BenchInstallation
from tests.bench.processor_time import largest_memory
from tests.bench.served import HttpBrowser, Timing, serve_app, served, time_repeatedly
from tests.bench.table import Line

AT_ONCE = 8
SECONDS = 5.0


def started_browser(port: int, token: str) -> HttpBrowser:
    """A contact's browser that has pressed Start."""
    browser = HttpBrowser(port)
    browser.get(f"/r/{token}/")
    browser.post("/start/", token=token)
    return browser


def lines(folder: Path, *, seconds: float = SECONDS) -> Iterator[Line]:
    """The form page, one and eight at a time; the tracking pages of 90 and 9,000 requests; the memory."""
    stock = BenchInstallation(folder, f"sqlite:///{folder / 'pages.sqlite'}")
    with stock.app():
        stock.add_staff()
        audits = {
            "90": stock.add_audit(agencies=6, cases=15, returned=RETURNED),
            "9,000": stock.add_audit(agencies=90, cases=100, returned=RETURNED),
        }
        links = stock.links(audits["90"])
    with served("wsgi:app", stock.environment) as server:
        browsers = [started_browser(server.port, links[n % len(links)][0]) for n in range(AT_ONCE)]
        forms = [f"/returns/{links[n % len(links)][1][0]}/" for n in range(AT_ONCE)]
        acts: list[Callable[[], object]] = [
            partial(browser.get, form) for browser, form in zip(browsers, forms, strict=True)
        ]
        html = browsers[0].get(forms[0])
        one, eight = time_repeatedly(acts[:1], seconds=seconds), time_repeatedly(acts, seconds=seconds)
        manager = HttpBrowser(server.port)
        manager.get("/sign-in")
        manager.post("/sign-in", email=EMAIL, password=PASSWORD)
        looks = {}
        for size, audit_id in audits.items():
            look = partial(manager.get, f"/audits/{audit_id}")
            looks[size] = (look(), time_repeatedly([look], seconds=seconds))
        memory = largest_memory(server.pid)
    bare_one, bare_eight = _bare_view(folder, html, seconds=seconds)
    yield _median("form page, 1 at a time, p50", "6 ms", one, bare_one)
    yield (
        "form page, 8 at a time",
        "250 a second",
        f"{eight.rate:.0f} a second",
        f"{bare_eight.rate:.0f} a second",
    )
    yield (
        "form page, 8 at a time, p95",
        "60 ms",
        f"{eight.percentile(95):.0f} ms",
        f"{bare_eight.percentile(95):.0f} ms",
    )
    yield ("HTML of the form page", "40 kB", f"{len(html.encode()) / 1000:.1f} kB", "")
    for size, budget in (("90", "20 ms"), ("9,000", "150 ms")):
        board, timing = looks[size]
        bare = _bare_view(folder, board, seconds=seconds)[0]
        yield _median(f"tracking page of {size} requests, p50", budget, timing, bare)
    yield ("memory of a web worker after these pages", "120 MB", f"{memory:.0f} MB", "")


def _median(what: str, budget: str, ours: Timing, bare: Timing) -> Line:
    return (what, budget, f"{ours.percentile(50):.1f} ms", f"{bare.percentile(50):.1f} ms")


def _bare_view(folder: Path, html: str, *, seconds: float) -> tuple[Timing, Timing]:
    """A bare Flask view that returns the same bytes, for one browser and for eight."""
    file = folder / "floor.html"
    file.write_text(html)
    with serve_app("tests.bench.floor:bare_app()", {floor.BYTES: str(file)}) as port:
        acts: list[Callable[[], object]] = [partial(HttpBrowser(port).get, "/page") for _ in range(AT_ONCE)]
        return time_repeatedly(acts[:1], seconds=seconds / 2), time_repeatedly(acts, seconds=seconds / 2)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="survey-bench-") as scratch:
        for line in lines(Path(scratch)):
            sys.stdout.write(f"| {' | '.join(line)} |\n")
