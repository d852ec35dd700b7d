"""`make bench`: measures each budget beside its floor, in one run, and writes docs/benchmark.md.

`make bench ARGS=quick` measures what contacts wait for, in less than two minutes, and prints the table only.
"""

import argparse
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path

from surveyapp.foundation import clock
from surveyapp.foundation.store.engine_listeners import durability_pragmas
from surveyapp.foundation.words.dates_and_lists import day_in_words
from tests.bench import (
    briefs,
    collating,
    landing,
    lists,
    mailing,
    million,
    pages,
    reporting,
    sampling,
    starting,
    whole_return,
)
from tests.bench.table import HEADING, Line, Row, row_of

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "benchmark.md"
LIBRARIES = ("Flask", "SQLAlchemy", "psycopg", "gunicorn")
# The first lines of the page, after the day.
_ABOUT = """The floors were measured in the same run: a bare Flask app
with the same pages and as many durable commits, or a library alone. “Times the floor” is how many times as
long as its floor something takes. [What was done for speed](decisions/speed-of-a-return.md), and
[why some budgets are not kept](decisions/budgets-not-kept.md)."""
Part = Callable[[Path], Iterator[Line]]
PARTS: dict[str, Part] = {
    "whole returns": whole_return.lines,
    "pages": pages.lines,
    "mail": mailing.lines,
    "large databases": million.lines,
    "lists": lists.lines,
    "collating and exports": collating.lines,
    "reports": reporting.lines,
    "briefs": briefs.lines,
    "samples": sampling.lines,
    "starting": starting.lines,
    "first visit": landing.lines,
}
QUICK: dict[str, Part] = {
    "whole returns": partial(whole_return.lines, seconds=4.0),
    "pages": partial(pages.lines, seconds=2.0),
    "mail": mailing.lines,
    "large databases": partial(million.lines, audits=20),
}


def say(line: str) -> None:
    """Print a line without buffering."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def machine() -> dict[str, str]:
    """The machine, the versions and the commit that were measured."""
    changed = bool(_git("status", "--porcelain", "--untracked-files=no"))
    return {
        "commit": _git("rev-parse", "--short=12", "HEAD") + (" with changes" if changed else ""),
        "machine": f"{os.cpu_count()} cores ({_processor()}), {_memory()} of memory, {platform.system()}",
        "Python": platform.python_version(),
        "SQLite": f"{sqlite3.sqlite_version}, {', '.join(durability_pragmas())}",
        **{name: version(name) for name in LIBRARIES},
    }


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def _processor() -> str:
    lines_of_it = Path("/proc/cpuinfo").read_text().splitlines()
    named = (line.partition(":")[2].strip() for line in lines_of_it if line.startswith("model name"))
    return next(named, platform.machine())


def _memory() -> str:
    pages_of_memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{pages_of_memory / 1e9:.0f} GB"


def measured(parts: dict[str, Part]) -> Iterator[Row]:
    """Measure the parts one after the other, each in a folder of its own that is emptied afterwards."""
    for name, part in parts.items():
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="survey-bench-") as folder:
            for line in part(Path(folder) / "bench"):
                row = row_of(line)
                say(row.as_markdown())
                yield row
        say(f"<!-- {name}: {time.perf_counter() - begun:.0f} s -->")


def written(rows: list[Row], facts: dict[str, str], *, note: str) -> str:
    """The page docs/benchmark.md."""
    missed = sum(row.kept is False for row in rows)
    kept = sum(row.kept is True for row in rows)
    day = day_in_words(clock.local_day(clock.now()))
    head = ["# Benchmark", "", f"`make bench` wrote this page on {day}. {_ABOUT}", ""]
    if note:
        head += [f"**{note}**", ""]
    head += [f"- {name}: {fact}" for name, fact in facts.items()]
    head += ["", f"{kept} of {kept + missed} budgets were kept."]
    return "\n".join([*head, "", HEADING, *(row.as_markdown() for row in rows), ""])


def main() -> None:
    """Measure, print the table, and after a whole run write it as Markdown and JSON."""
    reader = argparse.ArgumentParser(prog="make bench")
    reader.add_argument("size", nargs="?", choices=("full", "quick"), default="full")
    reader.add_argument("--note", default="", help="a sentence above the table, such as what else ran")
    wanted = reader.parse_args()
    facts, begun = machine(), time.perf_counter()
    say("\n".join(f"{name}: {fact}" for name, fact in facts.items()) + f"\n\n{HEADING}")
    rows = list(measured(QUICK if wanted.size == "quick" else PARTS))
    took = time.perf_counter() - begun
    say(f"\nAll of it took {took:.0f} s.")
    if wanted.size == "full":
        facts["time of the run"] = f"{took:.0f} s"
        FILE.write_text(written(rows, facts, note=wanted.note), encoding="utf-8")
        told = {**facts, "note": wanted.note, "rows": [row.as_json() for row in rows]}
        words = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        FILE.with_suffix(".json").write_text(words, encoding="utf-8")


if __name__ == "__main__":
    main()
