"""Saving over a state that the page did not show is refused, in words of the page if it has any."""

from datetime import UTC, date, datetime

import pytest

from surveyapp.foundation.store.edit_conflicts import NO_ROW, EditConflict, check_unchanged, row_digest

VALUES = {"text": "Seen at home.", "held_on": date(2026, 11, 30), "people": [(1, 2)], "agency_id": None}


@pytest.mark.parametrize(
    "other",
    [
        {"text": "Seen at home"},
        {"held_on": date(2026, 12, 1)},
        {"people": [(2, 1)]},
        {"people": []},
        {"agency_id": 0},
        {"agency_id": ""},
    ],
)
def test_a_digest_tells_every_value_from_another(other: dict[str, object]) -> None:
    assert row_digest(**VALUES) == row_digest(**VALUES)
    assert row_digest(**VALUES | other) != row_digest(**VALUES)
    assert row_digest(**VALUES) != NO_ROW


def test_values_do_not_run_into_each_other() -> None:
    assert row_digest(found="a", needed="bc") != row_digest(found="ab", needed="c")
    assert row_digest(found="a") != row_digest(needed="a")


def test_a_digest_fits_a_hidden_field_and_takes_what_rows_hold() -> None:
    digest = row_digest(text="“Æ” \ud800", outcome_at=datetime(2026, 11, 30, 9, tzinfo=UTC), unborn=True)
    assert len(digest) == 32
    assert set(digest) <= set("0123456789abcdef")


def test_an_unchanged_state_may_be_saved() -> None:
    check_unchanged(row_digest(name="Fathers"), row_digest(name="Fathers"))
    check_unchanged(3, 3)
    check_unchanged(NO_ROW, NO_ROW)
    check_unchanged(None, row_digest(name="Fathers"))


@pytest.mark.parametrize(("seen", "stored"), [(NO_ROW, row_digest(name="Fathers")), (2, 3), (0, 1)])
def test_saving_over_a_changed_state_is_refused(seen: str | int, stored: str | int) -> None:
    with pytest.raises(EditConflict) as refusal:
        check_unchanged(seen, stored)
    assert refusal.value.status == 409
    assert refusal.value.message == "Someone else changed this after you opened the page."
    assert refusal.value.way_on.endswith("Press Save again to keep yours.")


def test_a_page_may_refuse_in_words_of_its_own() -> None:
    with pytest.raises(EditConflict) as refusal:
        check_unchanged("a", "b", message="The brief has changed.", way_on="Look again.")
    assert (refusal.value.message, refusal.value.way_on) == ("The brief has changed.", "Look again.")
