"""Measures a contact's first visit over a slow connection: `python -m tests.bench.landing`."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from tests.bench.installation import BenchInstallation
from tests.bench.served import serve_app
from tests.bench.table import Line
from tests.browser.page_inspection import CHROMIUM, launch
from tests.browser.page_load import THREE_G_SLOW, first_visit

TIMES = 3
SLOW = "400 kbit/s, 400 ms there and back"


def lines(folder: Path) -> Iterator[Line]:
    """The bytes of a first visit to the page of a link, and its times on a slow connection."""
    stock = BenchInstallation(folder, f"sqlite:///{folder / 'landing.sqlite'}")
    with stock.app():
        token = stock.links(stock.add_audit(agencies=1, cases=3))[0][0]
    if not CHROMIUM:
        yield ("first visit, bytes on the wire", "60 kB", "not measured: no Chromium here", "")
        return
    with serve_app("wsgi:app", stock.environment) as port, sync_playwright() as playwright:
        browser = launch(playwright)
        address = f"http://127.0.0.1:{port}/r/{token}/"
        visits = [first_visit(browser, address, network=THREE_G_SLOW) for _ in range(TIMES)]
        size = max(visit.bytes for visit in visits)
        yield ("first visit, bytes on the wire", "60 kB", f"{size / 1000:.1f} kB", "")
        painted = median(visit.first_paint for visit in visits) / 1000
        loaded = median(visit.loaded for visit in visits) / 1000
        yield ("first visit, first paint", "2 s", f"{painted:.2f} s", SLOW)
        yield ("first visit, everything loaded", "2.5 s", f"{loaded:.2f} s", SLOW)
        browser.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="survey-bench-") as scratch:
        for line in lines(Path(scratch)):
            sys.stdout.write(f"| {' | '.join(line)} |\n")
