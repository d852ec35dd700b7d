"""Whether the returns of some kinds of agency are enough to publish figures."""

import pytest

from surveyapp.disclosure.agency_kinds import agencies_by_kind, have_enough_returns, may_show_figures
from surveyapp.disclosure.small_rows import SplitRow, publishable_rows
from surveyapp.tracking.agency_returns import AgencyReturns


def agency_returns(*rows: tuple[str, int, int, int]) -> list[AgencyReturns]:
    """Agencies by kind, requests, returns and nil returns among them."""
    return [AgencyReturns(f"Agency {number}", *row) for number, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("put_to", "may_show"),
    [
        (["police", "health"], True),
        # One agency.
        (["police"], False),
        # It would reveal how many of the joined row are schools’.
        (["police", "school"], False),
        (["school"], False),
        (["school", "youth"], True),
        (["police", "health", "school", "youth"], True),
        # The returns with answers are fewer than all returns by a small number.
        (["police", "health", "voluntary"], False),
    ],
)
def test_figures_of_a_question_put_to_some_kinds_do_not_reveal_a_joined_row(
    put_to: list[str], *, may_show: bool
) -> None:
    kinds = agencies_by_kind(
        agency_returns(
            ("police", 15, 15, 0),
            ("health", 15, 15, 0),
            ("voluntary", 12, 12, 2),
            ("school", 4, 4, 0),
            ("school", 3, 2, 0),
            ("youth", 3, 3, 0),
        )
    )
    rows = publishable_rows([group.row for group in kinds.values()], 6)
    assert [row.names for row in rows] == [("police",), ("health",), ("voluntary",), ("school", "youth")]
    assert may_show_figures(put_to, kinds=kinds, rows=rows, threshold=6) is may_show


@pytest.mark.parametrize(
    ("agencies", "enough"),
    [
        ([("police", 5, 3, 0), ("police", 5, 3, 0)], True),
        ([("police", 5, 3, 0), ("police", 5, 2, 0)], False),
        ([("police", 5, 3, 0), ("police", 5, 3, 1)], False),
        ([("police", 9, 9, 0), ("police", 5, 0, 0)], False),
        ([("police", 9, 9, 0), ("police", 5, 5, 5)], False),
        ([("police", 9, 9, 0)], False),
    ],
)
def test_enough_returns_means_two_agencies_with_answers_and_the_threshold_in_total(
    agencies: list[tuple[str, int, int, int]], *, enough: bool
) -> None:
    assert have_enough_returns(agency_returns(*agencies), 6) is enough


def test_a_row_by_kind_has_at_least_one_request_for_each_agency() -> None:
    schools = agencies_by_kind(agency_returns(("school", 4, 4, 0), ("school", 3, 2, 0)))["school"]
    assert schools.row == SplitRow(("school",), (6, 1), least=2)
