"""docs/promises.md shows the figures of the last run of the fault tests, and they keep the promises."""

import re

import pytest

from tests.faults import figures


def test_the_page_shows_the_figures_of_the_last_run() -> None:
    page = figures.PAGE.read_text("utf-8")
    begin, end = page.index(figures.MARK), page.index(figures.END)
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page[begin:end].splitlines()
        if line.startswith("|")
    ]
    names = ["", "---", "day of the run", "fault tests passed", "failed", "seconds", *figures.COUNTS.values()]
    assert [row[0] for row in rows] == names, "Run `make faults`, which writes the table."
    assert rows[0][1:] == list(figures.ENGINES.values())
    for row in rows[3:]:
        assert all(re.fullmatch(r"\d[\d,]*", cell) for cell in row[1:]), row


def cells(count: str) -> list[str]:
    page = figures.PAGE.read_text("utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| {figures.COUNTS[count]} |"))
    return [cell.strip() for cell in row.strip("|").split("|")[1:]]


@pytest.mark.parametrize("count", ["messages", "kills", "confirmed", "requests_in_reload"])
def test_the_run_on_the_page_is_whole(count: str) -> None:
    assert "0" not in cells(count)


@pytest.mark.parametrize("count", ["chasers_twice", "messages_lost", "confirmed_lost", "requests_failed"])
def test_the_figures_on_the_page_keep_the_promises(count: str) -> None:
    assert cells(count) == ["0", "0"]
