"""Every story of staff in docs/stories.md names the tests that hold it, or says why it has none."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
# The sections whose stories have such a table: business manager, executive, administrator.
SECTIONS = ("3.1", "3.5", "3.6")
STORY = re.compile(r"^\| ([A-Z]{2}\d+) \| P\d \| (.+) \|$", re.MULTILINE)
HELD = re.compile(r"^\| ([A-Z]{2}\d+) \| (.*?) \| ?(.*?) ?\|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
NOT_BUILT = "**Not built yet"
HEAD = "| Code | Tests | What is missing, and why |"


def section(number: str, book: str) -> tuple[str, str]:
    """The stories of a section, and the table of their tests."""
    text = re.split(r"^#{2,3} (?=\d)", book.partition(f"\n### {number} ")[2], maxsplit=1, flags=re.MULTILINE)[
        0
    ]
    stories, head, held = text.partition(HEAD)
    assert head, f"Section {number} of docs/stories.md has no table “{HEAD}”."
    return stories, held


@cache
def cases_in(path: str) -> frozenset[str]:
    """The names of the tests in a file below tests/; none if there is no such file."""
    file = TESTS / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def problems(stories: str, held: str) -> list[str]:
    """What is wrong with a table of tests, in sentences; empty if nothing is."""
    told, rows = dict(STORY.findall(stories)), {code: row for code, *row in HELD.findall(held)}
    found = [f"{code} has no row of tests." for code in told if code not in rows]
    found += [f"{code} has tests and is no story of this section." for code in rows if code not in told]
    for code, (tests, missing) in rows.items():
        named = NAMED.findall(tests)
        found += [
            f"{code} names {path}::{test}, which does not exist."
            for path, test in named
            if test not in cases_in(path)
        ]
        if not named and not missing:
            found.append(f"{code} names no test and gives no reason.")
        if NOT_BUILT in told.get(code, "") and not missing:
            found.append(f"{code} is not all built, and its row of tests does not say what is missing.")
        if NOT_BUILT in missing and NOT_BUILT not in told.get(code, NOT_BUILT):
            found.append(
                f"{code} is all built by its story, and its row of tests says that something is not."
            )
    return found


@pytest.mark.parametrize("number", SECTIONS)
def test_every_story_names_the_tests_that_hold_it_or_says_why_not(number: str) -> None:
    stories, held = section(number, (ROOT / "docs" / "stories.md").read_text("utf-8"))
    assert len(STORY.findall(stories)) >= 6
    assert problems(stories, held) == [], "Mend the table “Tests of these stories” in docs/stories.md."


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("", ["BM1 has no row of tests."]),
        ("| BM1 | None | |", ["BM1 names no test and gives no reason."]),
        ("| BM1 | None | It comes later |", []),
        (
            "| BM1 | listed: `contracts/test_stories.py::test_nothing` | |",
            ["BM1 names contracts/test_stories.py::test_nothing, which does not exist."],
        ),
        (
            "| BM1 | listed: `no/test_file.py::test_nothing` | |",
            ["BM1 names no/test_file.py::test_nothing, which does not exist."],
        ),
        (
            "| BM1 | None | Later |\n| BM2 | None | Later |",
            ["BM2 has tests and is no story of this section."],
        ),
    ],
)
def test_a_row_that_holds_nothing_is_found(held: str, said: list[str]) -> None:
    assert problems("| BM1 | P1 | Set up an audit | I see it |", held) == said


def test_story_and_row_agree_on_whether_all_is_built() -> None:
    listed = "| BM1 | listed: `contracts/test_stories.py::test_a_row_that_holds_nothing_is_found` |"
    partly, whole = (
        f"| BM1 | P1 | Set up | {words} |" for words in ("**Not built yet:** the list", "The list")
    )
    assert problems(partly, f"{listed} |") == [
        "BM1 is not all built, and its row of tests does not say what is missing."
    ]
    assert problems(whole, f"{listed} **Not built yet:** the list |") == [
        "BM1 is all built by its story, and its row of tests says that something is not."
    ]
    assert problems(partly, f"{listed} **Not built yet:** the list |") == problems(whole, f"{listed} |") == []
