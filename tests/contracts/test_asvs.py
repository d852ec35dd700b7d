"""docs/security/asvs.md has every requirement once, with a verdict, tests that exist and dated exceptions."""

import re
from pathlib import Path

from tests.contracts.test_stories import NAMED, cases_in

PAGE = Path(__file__).parents[2] / "docs" / "security" / "asvs.md"
# Levels 1 and 2 of OWASP ASVS 5.0.0: 253 requirements, as section:numbers.
LEVELS_1_AND_2 = """
1.1:1-2 1.2:1-9 1.3:1-11 1.4:1-3 1.5:1-2 2.1:1-3 2.2:1-3 2.3:1-4 2.4:1 3.2:1-2 3.3:1-4 3.4:1-6
3.5:1-5 3.7:1-2 4.1:1-3 4.2:1 4.3:1-2 4.4:1-4 5.1:1 5.2:1-3 5.3:1-2 5.4:1-3 6.1:1-3 6.2:1-12 6.3:1-4
6.4:1-4 6.5:1-5 6.6:1-3 6.8:1-4 7.1:1-3 7.2:1-4 7.3:1-2 7.4:1-5 7.5:1-2 7.6:1-2 8.1:1-2 8.2:1-3
8.3:1 8.4:1 9.1:1-3 9.2:1-4 10.1:1-2 10.2:1-2 10.3:1-4 10.4:1-11 10.5:1-5 10.6:1-2 10.7:1-3 11.1:1-2
11.2:1-3 11.3:1-3 11.4:1-4 11.5:1 11.6:1 12.1:1-3 12.2:1-2 12.3:1-4 13.1:1 13.2:1-5 13.3:1-2
13.4:1-5 14.1:1-2 14.2:1-4 14.3:1-3 15.1:1-3 15.2:1-3 15.3:1-7 16.1:1 16.2:1-5 16.3:1-4 16.4:1-3
16.5:1-3 17.1:1 17.2:1-4 17.3:1-2
"""
# Those of level 3 that docs/promises.md, section 1, names.
LEVEL_3 = ("1.2.10", "6.3.6", "8.3.2", "14.2.6", "14.2.7", "15.4.2")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)
VERDICT = re.compile(r"kept|not applicable|exception, 20\d\d-\d\d-\d\d")


def required() -> list[str]:
    """The numbers that the page has to have."""
    numbers = []
    for section in LEVELS_1_AND_2.split():
        name, _, runs = section.partition(":")
        for run in runs.split(","):
            first, _, last = run.partition("-")
            numbers += [f"{name}.{number}" for number in range(int(first), int(last or first) + 1)]
    return numbers


def problems(page: str) -> list[str]:
    """What is wrong with the rows of a page, in sentences; empty if nothing is."""
    found = []
    for number, _about, verdict, where in ROW.findall(page):
        if VERDICT.fullmatch(verdict) is None:
            found.append(f"{number} has the verdict “{verdict}”; an exception has its day.")
        if verdict.startswith("exception") and len(where.split(". ")) < 2:
            found.append(f"{number} is an exception without what limits it.")
        found += [
            f"{number} names {path}::{test}, which does not exist."
            for path, test in NAMED.findall(where)
            if test not in cases_in(path)
        ]
    return found


def test_every_requirement_is_on_the_page_once() -> None:
    assert len(required()) == 253
    numbers = [row[0] for row in ROW.findall(PAGE.read_text("utf-8"))]
    assert sorted(numbers) == sorted([*required(), *LEVEL_3])


def test_every_row_has_a_verdict_and_tests_that_exist() -> None:
    assert problems(PAGE.read_text("utf-8")) == [], "Mend these rows in docs/security/asvs.md."


def test_a_row_that_says_nothing_is_found() -> None:
    row = "| 1.1.1 | Decoded once | {} | {} |"
    assert problems(row.format("kept", "Jinja")) == []
    assert len(problems(row.format("mostly", "Jinja"))) == 1
    assert len(problems(row.format("exception", "Not yet. Limits: few people"))) == 1
    assert len(problems(row.format("exception, 2026-12-01", "Not yet"))) == 1
    assert problems(row.format("kept", "`contracts/test_asvs.py::test_nothing`")) == [
        "1.1.1 names contracts/test_asvs.py::test_nothing, which does not exist."
    ]
