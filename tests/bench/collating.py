"""Measures collating and exporting at the sizes of the budgets: `python -m tests.bench.collating`."""

import contextlib
import io
import json
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import collate
from surveyapp.commands.export_formats import EXPORT_FORMATS
from surveyapp.defining.definition import AuditForm
from surveyapp.exports.export import export_audit
from surveyapp.exports.queries import TEXT_PLACE
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.keys import keys
from surveyapp.planning.models import Audit
from tests.bench.installation import BenchInstallation
from tests.bench.table import Line

AGENCIES = 8
SIZES = ((77, "30 ms", 15), (5_000, "300 ms", 5), (100_000, "5 s", 3))
EXPORTED_RETURNS = 5_000
AT_ONCE = 2_000
# As in the demonstration: one question in twenty is blank, and one answer in three has a comment.
BLANK, COMMENTED = 0.05, 0.35
# Typst alone sets this many returns: all of them would take gigabytes.
TYPST_RETURNS = 250
BARE_TEMPLATE = b"""
#set document(title: "Returns")
#set text(lang: "en", region: "GB")
#title()
#for each in json(bytes(sys.inputs.said)) {
  heading(each.name)
  for (asked, answer) in each.answers { heading(level: 2, asked); par(answer) }
}
"""
KILO = 1024


def answers_of(form: AuditForm, chance: random.Random, tokens: list[bytes]) -> Iterator[tuple[Any, ...]]:
    """Random answer rows of one return: question, line, option, encrypted text."""
    for question in form.questions:
        if question.required or chance.random() > BLANK:
            for part in question.items:
                yield question.id, part.id, chance.choice(("yes", "yes", "no")), None
            if question.answers:
                yield question.id, "", chance.choice(question.answers).value, None
        if question.comment and chance.random() < COMMENTED:
            yield question.id, "comment", "", chance.choice(tokens)


def write_returns(path: Path, audit_id: int, form: AuditForm, returns: int, tokens: list[bytes]) -> int:
    """Write returns into an audit of one case by plain SQL; returns the number of answer rows."""
    chance = random.Random(2014)  # noqa: S311 — the same returns each time
    now = clock.now().replace(tzinfo=None).isoformat(" ")
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-100000;")
        asked = db.execute(
            "SELECT agency_id, grant_id FROM survey_audit_request WHERE audit_id = ? ORDER BY id", (audit_id,)
        ).fetchall()
        db.execute("DELETE FROM survey_audit_request WHERE audit_id = ?", (audit_id,))
        cases = -(-returns // AGENCIES)
        db.executemany(
            "INSERT INTO survey_case (id, audit_id, position, pseudonym, age_months, unborn, gender,"
            " category, plan, sibling_group, needs)"
            " VALUES (?, ?, ?, ?, ?, 0, 'female', 'neglect', 'plan', '', '[]')",
            ((10 + n, audit_id, 10 + n, f"Case {n}", n % 200) for n in range(cases)),
        )
        db.executemany(
            "INSERT INTO survey_audit_request (id, public_id, reference, audit_id, case_id, agency_id,"
            " grant_id, issued_at, withdrawn_reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            (
                (n + 1, f"p{n}", f"R{n}", audit_id, 10 + n // AGENCIES, *asked[n % AGENCIES], now)
                for n in range(returns)
            ),
        )
        db.executemany(
            "INSERT INTO survey_revision (id, return_id, submission_id, seen_version, kind, grant_id,"
            " created_at, keyed_by, received_by) VALUES (?, ?, ?, 0, 'submit', ?, ?, '', '')",
            ((n + 1, n + 1, f"s{n}", asked[n % AGENCIES][1], now) for n in range(returns)),
        )
        db.executemany(
            "INSERT INTO survey_return (id, request_id, version, current_revision_id, returned_at,"
            " first_returned_at, nil_reason, is_late, reopening_reason, kept_wordings)"
            " VALUES (?, ?, 1, ?, ?, ?, '', 0, '', '[]')",
            ((n + 1, n + 1, n + 1, now, now) for n in range(returns)),
        )
        for first in range(0, returns, AT_ONCE):
            db.executemany(
                "INSERT INTO survey_answer (revision_id, question, item, option, text)"
                " VALUES (?, ?, ?, ?, ?)",
                (
                    (n + 1, *answer)
                    for n in range(first, min(first + AT_ONCE, returns))
                    for answer in answers_of(form, chance, tokens)
                ),
            )
        db.commit()
        return int(db.execute("SELECT count(*) FROM survey_answer").fetchone()[0])


def filled_installation(folder: Path, returns: int) -> tuple[BenchInstallation, int, int]:
    """A database with one audit of the 2014 form; also the audit's id and the number of its answer rows."""
    stock = BenchInstallation(folder, address(folder))
    with stock.app():
        audit_id = stock.add_audit(agencies=AGENCIES, cases=1)
        form = session.get_one(Audit, audit_id).form
        said = [
            f"The file shows this clearly, and the plan of month {n} follows it up. " * 3 for n in range(40)
        ]
        tokens = [keys().texts.encrypt(comment, TEXT_PLACE) for comment in said]
    path = Path(str(make_url(stock.database).database))
    return stock, audit_id, write_returns(path, audit_id, form, returns, tokens)


def address(folder: Path) -> str:
    """The address of the database in a folder."""
    return f"sqlite:///{folder / 'collating.sqlite'}"


def median_time(act: Callable[[], object], times: int) -> str:
    """The median time of some runs in words, by the clock and of the CPU; on a busy machine they differ."""
    spans, own = [], []
    for _ in range(times):
        begun, busy = time.perf_counter(), time.process_time()
        act()
        spans.append(time.perf_counter() - begun)
        own.append(time.process_time() - busy)
    return f"{median(spans) * 1000:.1f} ms (CPU {median(own) * 1000:.1f})"


def measure_collation(folder: Path, returns: int, budget: str, times: int) -> Iterator[Line]:
    """The line of the table for collating this many returns; its floor is a bare count of the answers."""
    stock, audit_id, rows = filled_installation(folder, returns)
    with stock.app():
        audit = session.scalars(select(Audit).where(Audit.id == audit_id)).one()

        def once() -> None:
            if collate(audit, now=clock.now()).returns != returns:
                raise SystemExit(f"{returns} returns were stored, and others collated.")

        def bare() -> None:
            session.execute(
                text("SELECT question, item, option, count(*) FROM survey_answer GROUP BY 1, 2, 3")
            ).all()

        once()
        measured, floor = median_time(once, times), median_time(bare, times)
        tracemalloc.start()
        once()
        peak = tracemalloc.get_traced_memory()[1] / KILO
        tracemalloc.stop()
    yield (
        f"collate {returns:,} returns ({rows:,} answers), p50",
        budget,
        f"{measured}, {peak:,.0f} kB at most",
        f"{floor} for count(*) alone",
    )


def peak_memory() -> float:
    """The peak memory of this process, in MB."""
    # The figure of getrusage includes the process that started this one.
    status = Path("/proc/self/status")
    if status.exists():
        told = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(told.split()[1]) / KILO
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILO


def measure_export(folder: Path, name: str) -> None:
    """Export a file; print its time in seconds and its memory in MB as JSON. Needs a fresh process."""
    with BenchInstallation(folder, address(folder)).app():
        audit_id = session.scalars(select(Audit.id)).one()
        before, begun, busy = peak_memory(), time.perf_counter(), time.process_time()
        built = export_audit(
            audit_id,
            EXPORT_FORMATS[name],
            filters=Filters(),
            rule=DenominatorRule(),
            actor="bench",
            now=clock.now(),
        )
        found = {"seconds": time.perf_counter() - begun, "busy": time.process_time() - busy}
        found |= {"before": before, "peak": peak_memory()}
        with built.file, (folder / f"x.{name}").open("wb") as file:
            shutil.copyfileobj(built.file, file)
    sys.stdout.write("\n" + json.dumps(found) + "\n")


def bare_workbook(path: Path) -> tuple[str, int]:
    """Write the same cells by a bare XlsxWriter loop; returns the time in words and the number of cells."""
    import xlsxwriter  # noqa: PLC0415 — as the program imports it

    book = load_workbook(path, read_only=True)
    sheets = [
        [
            [(column, cell) for column, cell in enumerate(row) if cell is not None]
            for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book
    ]
    book.close()
    begun, busy = time.perf_counter(), time.process_time()
    bare = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True})
    day = bare.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for rows in sheets:
        sheet = bare.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in row:
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif isinstance(cell, (int, float)):
                    sheet.write_number(number, column, cell)
                else:
                    sheet.write_datetime(number, column, cell, day)
    bare.close()
    took_it = f"{time.perf_counter() - begun:.1f} s (CPU {time.process_time() - busy:.1f})"
    return took_it, sum(len(row) for rows in sheets for row in rows)


def run_alone(part: str, folder: Path, name: str) -> dict[str, float]:
    """Run one part in a process of its own; returns the figures that it printed."""
    program = [sys.executable, "-m", "tests.bench.collating", part, str(folder), name]
    told = subprocess.run(program, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    found: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return found


def set_by_typst(folder: Path, name: str) -> None:
    """Set the words of some returns by Typst alone, tagged too; print the seconds and MB as JSON."""
    import typst  # noqa: PLC0415 — as the program imports it

    told = json.loads((folder / f"x.{name}").read_text())
    asked = {entry["id"]: entry["ask"] for entry in told["codebook"]}
    said = [
        {
            "name": f"{each['case']}: {each['agency']}",
            "answers": [[asked[one["question"]], one["label"] + one["text"]] for one in each["answers"]],
        }
        for each in told["each_return"][:TYPST_RETURNS]
    ]
    begun = time.perf_counter()
    typst.compile(BARE_TEMPLATE, sys_inputs={"said": json.dumps(said)}, pdf_standards=["ua-1"])
    sys.stdout.write(
        "\n" + json.dumps({"seconds": time.perf_counter() - begun, "peak": peak_memory()}) + "\n"
    )


def exports(folder: Path) -> Iterator[Line]:
    """The lines of the table for the exports of 5,000 returns; the workbook and the PDF have a floor."""
    filled_installation(folder, EXPORTED_RETURNS)
    budgets = {"xlsx": "5 s, 150 MB", "csv": "", "json": "", "returns.pdf": "20 s, 200 MB", "zip": ""}
    for name, budget in budgets.items():
        one, size = run_alone("export", folder, name), (folder / f"x.{name}").stat().st_size / 1e6
        beside = ""
        if name == "xlsx":
            floor, cells = bare_workbook(folder / "x.xlsx")
            beside = f"{floor} by XlsxWriter alone ({cells:,} cells)"
        if name == "returns.pdf":
            bare = run_alone("typst", folder, "json")
            beside = f"{bare['seconds']:.1f} s, {bare['peak']:.0f} MB by Typst for {TYPST_RETURNS:,} of them"
        yield (
            f".{name} of {EXPORTED_RETURNS:,} returns ({size:.1f} MB)",
            budget,
            (
                f"{one['seconds']:.1f} s (CPU {one['busy']:.1f}), {one['peak']:.0f} MB"
                f" (grew by {one['peak'] - one['before']:.0f})"
            ),
            beside,
        )


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table: name, budget, measured, floor."""
    for returns, budget, times in SIZES:
        yield from measure_collation(folder / str(returns), returns, budget, times)
    yield from exports(folder / "exports")


def main() -> None:
    """Print the table; with arguments, measure one part in this process."""
    if sys.argv[1:2] == ["export"]:
        measure_export(Path(sys.argv[2]), sys.argv[3])
        return
    if sys.argv[1:2] == ["typst"]:
        set_by_typst(Path(sys.argv[2]), sys.argv[3])
        return
    folder = Path(tempfile.mkdtemp(prefix="survey-bench-"))
    try:
        for line in lines(folder):
            sys.stdout.write(f"| {' | '.join(line)} |\n")
            sys.stdout.flush()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
