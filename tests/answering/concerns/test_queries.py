"""The report's sentence about current practice concerns says no more than staff have recorded."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.answering.concerns.queries import RaisedConcern, concerns_in_words
from surveyapp.answering.models import Concern
from surveyapp.foundation.words.shares import counted
from tests.conftest import MONDAY_MORNING

LATER = MONDAY_MORNING + timedelta(hours=1)


def one(case: int, referred: bool | None = None, *, back: bool = False) -> RaisedConcern:  # noqa: FBT001 — as stored
    written = referred is not None
    return RaisedConcern(
        Concern(
            raised_at=MONDAY_MORNING,
            taken_back_at=LATER if back else None,
            outcome="Done." if written else None,
            outcome_at=LATER if written else None,
            was_referred=referred,
        ),
        case,
    )


@pytest.mark.parametrize(
    ("concerns", "counts", "rest"),
    [
        ([], (0, 0), "No auditor raised a current practice concern."),
        ([one(1, back=True)], (0, 0), "No auditor raised a current practice concern."),
        (
            [one(1, referred=False)],
            (1, 1),
            "The case did not need referring for immediate action.",
        ),
        (
            [one(1, referred=True)],
            (1, 1),
            "The case was referred for immediate action.",
        ),
        (
            [one(1, referred=False), one(1, referred=False), one(2, referred=False), one(3, back=True)],
            (3, 2),
            "None of the cases needed referring for immediate action.",
        ),
        (
            [one(1, referred=True), one(1, referred=False), one(2, referred=False), one(3, referred=False)],
            (4, 3),
            "1 of the 3 cases was referred for immediate action.",
        ),
        (
            [one(1, referred=True), one(2, referred=True)],
            (2, 2),
            "All of the cases were referred for immediate action.",
        ),
        (
            [one(1)],
            (1, 1),
            "It waits for an outcome.",
        ),
        (
            [one(1), one(2)],
            (2, 2),
            "All of them wait for an outcome.",
        ),
        (
            [one(1), one(2, referred=False), one(3, referred=False)],
            (3, 3),
            "1 of them waits for an outcome. So far none of the cases needed referring for immediate action.",
        ),
        (
            [one(1), one(2), one(3, referred=True)],
            (3, 3),
            "2 of them wait for an outcome. So far 1 of the 3 cases was referred for immediate action.",
        ),
    ],
)
def test_the_sentence_of_the_report_counts_concerns_and_their_outcomes(
    concerns: list[RaisedConcern], counts: tuple[int, int], rest: str
) -> None:
    raised, cases = counts
    concern = "current practice concern was" if raised == 1 else "current practice concerns were"
    first = f"{raised} {concern} raised, about {counted(cases, 'case')}. " if raised else ""
    assert concerns_in_words(concerns) == first + rest


@given(
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from([None, True, False]), st.booleans()), max_size=8)
)
def test_the_sentence_says_that_none_needed_referring_only_if_every_outcome_says_so(
    drawn: list[tuple[int, bool | None, bool]],
) -> None:
    concerns = [one(case, referred, back=back) for case, referred, back in drawn]
    words = concerns_in_words(concerns)
    standing = [concern for concern in concerns if not concern.is_taken_back]
    assert ("No auditor" in words) is (not standing)
    assert ("wait" in words) is any(concern.is_waiting for concern in standing)
    if any(concern.concern.was_referred for concern in standing):
        assert "one of the cases needed" not in words
        assert "referred" in words
