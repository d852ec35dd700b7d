"""The benchmark’s verdicts: whether a budget in words is kept by a figure in words."""

import pytest

from tests.bench.table import is_kept, row_of, times_the_floor


@pytest.mark.parametrize(
    ("budget", "measured", "kept"),
    [
        ("6 ms", "5.9 ms", True),
        ("6 ms", "6.1 ms", False),
        ("1 s", "820 ms (1,100 ms the first time)", True),
        ("30 ms", "1.2 s (CPU 0.02)", False),
        ("250 a second", "250 a second", True),
        ("250 a second", "249 a second", False),
        ("40 a second; 3 times the floor", "41 a second; 2.9 times; p95 300 ms", True),
        ("40 a second; 3 times the floor", "41 a second; 3.1 times; p95 300 ms", False),
        ("20 s, 200 MB", "19.0 s (CPU 18.0), 201 MB (grew by 90)", False),
        ("20 s, 200 MB", "19.0 s", False),
        ("40 kB", "39.9 kB", True),
        ("2.5 times the floor", "2.4 times, 0.80 s", True),
        ("", "3 ms", None),
        ("60 kB", "not measured: no Chromium here", None),
    ],
)
def test_a_budget_is_kept_by_every_one_of_its_figures(
    budget: str,
    measured: str,
    kept: bool | None,  # noqa: FBT001 — a parameter of pytest
) -> None:
    assert is_kept(budget, measured) is kept


def test_the_floor_is_compared_with_figures_of_its_kind_only() -> None:
    assert times_the_floor("30 ms", "10 ms") == pytest.approx(3)
    assert times_the_floor("1.5 s (CPU 1.0)", "500 ms by its library alone") == pytest.approx(3)
    assert times_the_floor("50 a second; 2.0 times", "100 a second; p95 3 ms") == pytest.approx(2)
    assert times_the_floor("50 a second", "300 commits a second") is None
    assert times_the_floor("1.5 s", "400 kbit/s, 400 ms there and back") is None


def test_a_row_says_in_markdown_whether_it_is_kept() -> None:
    line = ("form page", "6 ms", "9.0 ms", "3.0 ms")
    assert row_of(line).as_markdown() == "| form page | 6 ms | 9.0 ms | 3.0 ms | 3.0 | **no** |"
