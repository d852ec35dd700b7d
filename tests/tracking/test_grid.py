"""The grid comes in pages of cases."""

import pytest

from surveyapp.tracking.grid import lay_out_grid
from surveyapp.tracking.status_queries import AuditStatus, TallyLine
from surveyapp.tracking.tally import Tally


def status_of(cases: int, agencies: int) -> AuditStatus:
    none = Tally()
    return AuditStatus(
        tally=none,
        cases=tuple(TallyLine(number, f"Child {number}", none) for number in range(1, cases + 1)),
        agencies=tuple(TallyLine(number, f"Agency {number}", none) for number in range(1, agencies + 1)),
        cells={},
        not_issued=frozenset(),
    )


@pytest.mark.parametrize(
    ("cases", "agencies", "on_a_page"),
    [(15, 50, 15), (16, 50, 15), (750, 1, 750), (751, 1, 750), (30, 300, 10), (3, 0, 3)],
)
def test_a_page_has_750_cells_and_never_fewer_than_ten_cases(
    cases: int, agencies: int, on_a_page: int
) -> None:
    grid = lay_out_grid(status_of(cases, agencies), page=1, link=str)
    assert len(grid.rows) == on_a_page
    assert grid.pages == (1 if cases <= on_a_page else -(-cases // on_a_page))


@pytest.mark.parametrize(("asked", "given"), [(-1, 1), (0, 1), (2, 2), (3, 2), (10**9, 2)])
def test_a_page_number_out_of_range_gives_the_nearest_page(asked: int, given: int) -> None:
    grid = lay_out_grid(status_of(16, 50), page=asked, link=str)
    assert (grid.page, grid.pages) == (given, 2)
    words = "1 to 15" if given == 1 else "16 to 16"
    assert grid.caption == f"How each request stands: cases {words} of 16"


def test_an_audit_without_cases_is_one_empty_page() -> None:
    grid = lay_out_grid(status_of(0, 3), page=4, link=str)
    assert (grid.rows, grid.page, grid.pages, grid.caption) == ((), 1, 1, "How each request stands")
