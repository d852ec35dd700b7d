"""The figures of fault tests: noted by each test, printed and stored by the run, shown in docs/promises.md.

`python -m tests.faults.figures FOLDER` writes the table of the last run from FOLDER/sqlite.json and
FOLDER/postgresql.json into docs/promises.md, between the two comments that mark its place. The tests that run
by themselves are added from sqlite-alone.json and postgresql-alone.json.
"""

import json
import platform
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "promises.md"
MARK, END = "<!-- figures of the last run -->", "<!-- end of the figures -->"
# What a test may count, and how the table says it; the promise is that those marked are 0.
COUNTS = {
    "messages": "messages queued",
    "kills": "processes killed",
    "chasers_twice": "chasers sent twice",
    "repeated": "other messages repeated, each with its Message-ID",
    "doubtful": "messages “not certain”",
    "messages_lost": "messages lost silently",
    "confirmed": "returns confirmed to a browser",
    "confirmed_lost": "confirmed returns lost",
    "requests_in_reload": "web requests while the program was replaced",
    "requests_failed": "of them failed",
}
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_SENTENCE, _COUNTS = "figure", "counts"


@dataclass
class RunFigures:
    """The sums and sentences of one run on one engine."""

    sums: Counter[str] = field(default_factory=Counter)
    sentences: list[str] = field(default_factory=list)
    passed: int = 0
    failed: int = 0


class FigureNotes:
    """Notes the figures of one test: a sentence by a call, numbers by `count`."""

    def __init__(self, node: pytest.Item) -> None:
        # Kept in the test's report, which reaches the process that prints them.
        self._node = node

    def __call__(self, words: str) -> None:
        """Note a sentence, printed after the run beside the name of the test."""
        self._node.user_properties.append((_SENTENCE, f"{self._node.name}: {words}"))

    def count(self, **numbers: int) -> None:
        """Add to the sums of the run. Raises KeyError for a name that is not in COUNTS."""
        for name in numbers:
            COUNTS[name]
        self._node.user_properties.append((_COUNTS, numbers))


def gathered(reports: Iterable[pytest.TestReport]) -> RunFigures:
    """The figures in the reports of a run, those of failed tests too."""
    run = RunFigures()
    for report in reports:
        run.passed += report.passed
        run.failed += report.failed
        for name, noted in report.user_properties:
            if name == _SENTENCE:
                run.sentences.append(str(noted))
            elif name == _COUNTS and isinstance(noted, dict):
                run.sums.update(noted)
    return run


def store(run: RunFigures, place: Path, *, engine: str, seconds: float, selection: str) -> None:
    """Write the figures of a run as JSON.

    `seconds` is how long it took; `selection` names the tests, and is empty for all of them.
    """
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    found = {
        "engine": engine,
        "at": datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        "selection": selection,
        "tests": run.passed,
        "failed": run.failed,
        "seconds": round(seconds),
        "counts": {name: run.sums[name] for name in COUNTS},
        "sentences": run.sentences,
    }
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def added(run: dict[str, Any], alone: dict[str, Any]) -> dict[str, Any]:
    """A run together with that of the tests marked `alone`, which follows it."""
    sums = {name: run[name] + alone[name] for name in ("tests", "failed", "seconds", "sentences")}
    counts = {name: count + alone["counts"][name] for name, count in run["counts"].items()}
    return {**run, **sums, "counts": counts, "selection": run["selection"] or alone["selection"]}


def table(runs: dict[str, dict[str, Any]]) -> list[str]:
    """The lines of the table: a row for each count, a column for each engine."""
    engines = [engine for engine in ENGINES if engine in runs]
    rows = [
        ("", *(ENGINES[engine] for engine in engines)),
        ("---", *("---:" for _ in engines)),
        ("day of the run", *(runs[engine]["at"][:10] for engine in engines)),
        ("fault tests passed", *(f"{runs[engine]['tests']:,}" for engine in engines)),
        ("failed", *(f"{runs[engine]['failed']:,}" for engine in engines)),
        ("seconds", *(f"{runs[engine]['seconds']:,}" for engine in engines)),
        *(
            (words, *(f"{runs[engine]['counts'][name]:,}" for engine in engines))
            for name, words in COUNTS.items()
        ),
    ]
    lines = [f"| {' | '.join(row)} |".replace("|  |", "| |") for row in rows]
    if any(runs[engine]["selection"] for engine in engines):
        lines += [
            "",
            "These runs were of a selection of the fault tests.",
        ]
    return lines


def with_table(page: str, lines: list[str]) -> str:
    """The page with this table in its place. Raises ValueError where a mark is missing."""
    begin, end = page.index(MARK) + len(MARK), page.index(END)
    return f"{page[:begin]}\n\n" + "\n".join(lines) + f"\n\n{page[end:]}"


def main(folder: Path) -> None:
    """Write the table of the last run into docs/promises.md."""
    runs = {}
    for engine in ENGINES:
        found = [folder / f"{engine}.json", folder / f"{engine}-alone.json"]
        if all(file.exists() for file in found):
            runs[engine] = added(*(json.loads(file.read_text("utf-8")) for file in found))
    PAGE.write_text(with_table(PAGE.read_text("utf-8"), table(runs)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
