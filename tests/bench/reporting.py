"""Measures the report and the workbook of the demonstration: `python -m tests.bench.reporting`."""

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

from surveyapp.collating.charts.chart import chart_png
from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.commands.demonstration.audit import load_demonstration
from surveyapp.commands.export_formats import EXPORT_FORMATS
from surveyapp.exports.export import export_audit
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session
from surveyapp.planning.models import Audit
from surveyapp.report.parts import Chart
from surveyapp.report.report import report_of
from tests.bench.installation import BenchInstallation
from tests.bench.table import Line

ROOT = Path(__file__).parents[2]
TIMES = 5
REPORT_KINDS = {
    "docx": ("report in Word", "its charts in an empty document"),
    "pdf": ("report as PDF", "an empty page"),
    "xlsx": ("workbook", "its cells by XlsxWriter alone"),
}


def installation_in(folder: Path) -> BenchInstallation:
    """The installation whose database is in this folder."""
    return BenchInstallation(folder, f"sqlite:///{folder / 'reporting.sqlite'}")


def seconds_taken(act: Callable[[], object]) -> float:
    """How many seconds one call takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def measure_report(folder: Path, ending: str) -> None:
    """Print how long a report takes the first time and from then on, and its floor, in seconds as JSON."""
    with installation_in(folder).app():
        audit_id = session.scalars(select(Audit.id)).one()

        def once() -> None:
            built = export_audit(
                audit_id,
                EXPORT_FORMATS[ending],
                filters=Filters(),
                rule=DenominatorRule(),
                actor="bench",
                now=clock.now(),
            )
            with built.file as file:
                (folder / f"report.{ending}").write_bytes(file.read())
            if built.returns != 77:
                raise SystemExit(f"77 returns were stored, and {built.returns} stand in the report.")

        first = seconds_taken(once)
        warm = median(seconds_taken(once) for _ in range(TIMES))
        charts = [
            str(part.svg) for part in report_of(audit_id, now=clock.now()).parts() if isinstance(part, Chart)
        ]
    floors: dict[str, Callable[[], None]] = {"docx": lambda: bare_word(charts), "pdf": bare_pdf}
    if ending == "xlsx":
        floors["xlsx"] = bare_workbook(folder / "report.xlsx")
    floor = median(seconds_taken(floors[ending]) for _ in range(TIMES))
    sys.stdout.write("\n" + json.dumps({"first": first, "warm": warm, "floor": floor}) + "\n")


def bare_word(charts: list[str]) -> None:
    """The floor of Word: the same charts as pictures in an empty document, by python-docx and resvg alone."""
    import docx  # noqa: PLC0415 — as the program imports it

    made = docx.Document()
    for chart in charts:
        made.add_picture(io.BytesIO(chart_png(chart, dots=2)))
    made.save(io.BytesIO())


def bare_pdf() -> None:
    """The floor of the PDF: an empty page by Typst alone."""
    import typst  # noqa: PLC0415 — as the program imports it

    typst.compile(b'#set document(title: "x")\nx', pdf_standards=["ua-1"])


def bare_workbook(made: Path) -> Callable[[], None]:
    """The floor of the workbook: the same cells without formats by XlsxWriter alone."""
    import openpyxl  # noqa: PLC0415 — to measure, not to make
    import xlsxwriter  # noqa: PLC0415 — as the program imports it

    sheets = [list(source.iter_rows(values_only=True)) for source in openpyxl.load_workbook(made).worksheets]

    def write() -> None:
        book = xlsxwriter.Workbook(io.BytesIO())
        for rows in sheets:
            sheet = book.add_worksheet()
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
        book.close()

    return write


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table: name, budget, measured, floor."""
    folder.mkdir(exist_ok=True)
    with installation_in(folder).app():
        load_demonstration(now=clock.now())
    for ending, (name, beside) in REPORT_KINDS.items():
        program = [sys.executable, "-m", "tests.bench.reporting", str(folder), ending]
        said = subprocess.run(program, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        found = json.loads(said.splitlines()[-1])
        yield (
            f"{name} of 77 returns",
            "1 s",
            f"{found['warm']:.2f} s (the first of a process {found['first']:.2f} s)",
            f"{found['floor']:.2f} s for {beside}",
        )


def main() -> None:
    """Print the table; with arguments, measure one file in this process."""
    if sys.argv[2:]:
        measure_report(Path(sys.argv[1]), sys.argv[2])
        return
    with tempfile.TemporaryDirectory(prefix="survey-bench-") as folder:
        for line in lines(Path(folder)):
            sys.stdout.write(f"| {' | '.join(line)} |\n")


if __name__ == "__main__":
    main()
