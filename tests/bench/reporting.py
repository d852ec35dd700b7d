"""The report of the demonstration in Word and PDF; alone by `python -m tests.bench.reporting`."""

import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from sqlalchemy import select

from surveyapp.collating.charts import png
from surveyapp.collating.figures import Rule
from surveyapp.collating.filters import Filters
from surveyapp.commands.demonstration import load_demonstration
from surveyapp.foundation import clock
from surveyapp.foundation.db import session
from surveyapp.planning.models import Audit
from surveyapp.reporting.exporting import ENDINGS, export_audit
from surveyapp.reporting.report import report_of
from surveyapp.reporting.report_parts import Chart
from tests.bench.stock import Stock

ROOT = Path(__file__).parents[2]
TIMES = 5
Line = tuple[str, str, str, str]


def stocked(folder: Path) -> Stock:
    """The database of a folder."""
    return Stock(folder, f"sqlite:///{folder / 'reporting.sqlite'}")


def took(act: Callable[[], object]) -> float:
    """Seconds for one go."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def measured(folder: Path, ending: str) -> None:
    """Make a report in a process of its own, cold and then warm, beside its floor; print what it took."""
    with stocked(folder).app():
        audit_id = session.scalars(select(Audit.id)).one()

        def once() -> None:
            built = export_audit(
                audit_id, ENDINGS[ending], filters=Filters(), rule=Rule(), actor="bench", now=clock.now()
            )
            with built.file as file:
                (folder / f"report.{ending}").write_bytes(file.read())
            if built.returns != 77:
                raise SystemExit(f"77 returns were stored, and {built.returns} stand in the report.")

        first = took(once)
        warm = median(took(once) for _ in range(TIMES))
        charts = [
            str(each.svg) for each in report_of(audit_id, now=clock.now()).parts() if isinstance(each, Chart)
        ]
    floor = median(took({"docx": lambda: bare_word(charts), "pdf": bare_pdf}[ending]) for _ in range(TIMES))
    sys.stdout.write("\n" + json.dumps({"first": first, "warm": warm, "floor": floor}) + "\n")


def bare_word(charts: list[str]) -> None:
    """The same drawings as pictures in an empty document: python-docx and resvg alone."""
    import docx  # noqa: PLC0415 — as the program imports it

    made = docx.Document()
    for each in charts:
        made.add_picture(io.BytesIO(png(each, dots=2)))
    made.save(io.BytesIO())


def bare_pdf() -> None:
    """An empty page: Typst alone."""
    import typst  # noqa: PLC0415 — as the program imports it

    typst.compile(b'#set document(title: "x")\nx', pdf_standards=["ua-1"])


def lines(folder: Path) -> Iterator[Line]:
    """What there is to say of reports."""
    folder.mkdir(exist_ok=True)
    with stocked(folder).app():
        load_demonstration(now=clock.now())
    for ending, name in (("docx", "Word"), ("pdf", "PDF")):
        program = [sys.executable, "-m", "tests.bench.reporting", str(folder), ending]
        said = subprocess.run(program, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        found = json.loads(said.splitlines()[-1])
        floor = "its charts in an empty document" if ending == "docx" else "an empty page"
        yield (
            f"report of 77 returns, {name}",
            "1 s",
            f"{found['warm']:.2f} s (the first of a process {found['first']:.2f} s)",
            f"{found['floor']:.2f} s for {floor}",
        )


def main() -> None:
    """Measure reports alone, or one of them for the process above."""
    if sys.argv[2:]:
        measured(Path(sys.argv[1]), sys.argv[2])
        return
    with tempfile.TemporaryDirectory(prefix="survey-bench-") as folder:
        for line in lines(Path(folder)):
            sys.stdout.write(f"| {' | '.join(line)} |\n")


if __name__ == "__main__":
    main()
