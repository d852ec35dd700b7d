"""Every promise of docs/promises.md has a fault test named after it.

The name of a fault test begins with the promises that it proves and the faults that it injects:
`test_p4_p5_m13_…` kills a worker at a point of M13 and proves P4 and P5. A promise marked “Not built yet”
needs none.
"""

import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROMISE = re.compile(r"^\| (P\d+) \|(.*)$", re.MULTILINE)
CODES = re.compile(r"def test_((?:[a-z]{1,2}\d{1,2}_(?:to_)?)+)")
NOT_BUILT = "Not built yet"


def promises() -> dict[str, bool]:
    """Every promise of section 1, and whether it is kept already."""
    page = (ROOT / "docs" / "promises.md").read_text("utf-8")
    section = page[page.index("## 1. The promises") : page.index("## 2. The faults")]
    return {code: NOT_BUILT not in row for code, row in PROMISE.findall(section)}


def files_by_promise() -> dict[str, list[str]]:
    """The files of fault tests for each promise, by the names of their tests."""
    found = defaultdict[str, list[str]](list)
    for file in sorted((ROOT / "tests" / "faults").rglob("test_*.py")):
        for codes in CODES.findall(file.read_text("utf-8")):
            for code in re.findall(r"p\d+", codes):
                found[code.upper()].append(file.name)
    return found


def test_the_page_lists_twenty_promises_in_order() -> None:
    assert list(promises()) == [f"P{number}" for number in range(1, 21)]


@pytest.mark.parametrize("promise", [f"P{number}" for number in range(1, 21)])
def test_every_promise_that_is_kept_has_a_fault_test_named_after_it(promise: str) -> None:
    if promises()[promise]:
        assert files_by_promise()[promise], (
            f"No test in tests/faults/ begins with “test_{promise.lower()}_”: "
            f"write one that injects a fault against {promise}."
        )


def test_every_fault_test_is_named_after_a_promise_or_a_fault() -> None:
    unnamed = [
        f"{file.name}: {name}"
        for file in sorted((ROOT / "tests" / "faults").rglob("test_*.py"))
        for name in re.findall(r"def test_\w+", file.read_text("utf-8"))
        if not CODES.match(name)
    ]
    assert unnamed == []


def test_no_fault_test_is_named_after_a_promise_that_is_not_on_the_page() -> None:
    assert set(files_by_promise()) <= set(promises())
