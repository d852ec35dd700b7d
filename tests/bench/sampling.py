"""Measures reading 10,000 children and choosing a sample: `python -m tests.bench.sampling`."""

import csv
import io
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from xml.parsers import expat

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.planning.models import Audit
from surveyapp.sampling.operations import change_rules, store_population
from tests.bench.installation import BenchInstallation
from tests.bench.table import Line
from tests.sampling.exports import LISTED_ON, RULES_OF_2014, as_workbook, export_of_2014, population_of

CHILDREN, REPEATS = 10_000, 1_700
TIMES = 5
BUDGET = "1 s"


def taken(act: Callable[[], object]) -> str:
    """The median time of some calls in words, by the clock and of the CPU."""
    spans, busy = [], []
    for _ in range(TIMES):
        begun, own = time.perf_counter(), time.process_time()
        act()
        spans.append((time.perf_counter() - begun) * 1000)
        busy.append((time.process_time() - own) * 1000)
    return f"{median(spans):.0f} ms (CPU {median(busy):.0f})"


def parse(workbook: bytes) -> None:
    """Unpack a workbook and parse each of its parts, without looking at anything."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        for part in archive.namelist():
            expat.ParserCreate().ParseFile(archive.open(part))


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table: name, budget, measured, floor."""
    text = export_of_2014(plans=CHILDREN, repeats=REPEATS)
    workbook = as_workbook(text)
    stock = BenchInstallation(folder, f"sqlite:///{folder / 'sampling.sqlite'}")
    with stock.app():
        audit_id = stock.add_audit(agencies=1, cases=1)
        audit = session.get_one(Audit, audit_id)
        audit.issued_at = None
        session.commit()

        def read(content: str | bytes) -> None:
            population = population_of(content)
            with transaction():
                store_population(
                    session.get_one(Audit, audit_id),
                    population,
                    listed_on=LISTED_ON,
                    keep={},
                    actor="bench",
                    now=clock.now(),
                )

        def choose() -> None:
            with transaction():
                sample = change_rules(
                    session.get_one(Audit, audit_id),
                    RULES_OF_2014,
                    size=25,
                    seed=1,
                    actor="bench",
                    now=clock.now(),
                )
                if len(sample.chosen) != 25:
                    raise SystemExit("25 children were to be chosen.")

        for kind, content, floor in (
            ("a CSV", text, taken(lambda: list(csv.reader(io.StringIO(text)))) + " for csv.reader alone"),
            ("an .xlsx", workbook, taken(lambda: parse(workbook)) + " for parsing its XML alone"),
        ):
            read_in = taken(partial(read, content))
            yield (
                f"read {CHILDREN:,} children from {kind} ({len(content) / 1e6:.1f} MB), choose 15, p50",
                BUDGET,
                read_in,
                floor,
            )
        choose()
        yield f"choose 25 of {CHILDREN:,} children again by other rules, p50", BUDGET, taken(choose), ""


def main() -> None:
    """Print the table."""
    folder = Path(tempfile.mkdtemp(prefix="survey-bench-"))
    try:
        for line in lines(folder):
            sys.stdout.write(f"| {' | '.join(line)} |\n")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
