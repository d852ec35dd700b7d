"""Filters written into an address and read back; unknown values are dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.agencies.models import Agency
from surveyapp.collating.filters import Filters, filter_choices
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.planning.cases.age_bands import AGE_BAND_WORDS
from surveyapp.planning.models import Case

WORDS = st.lists(st.text(min_size=1, max_size=8), max_size=3, unique=True).map(sorted).map(tuple)
IDS = st.lists(st.integers(1, 999_999_999), max_size=3, unique=True).map(sorted).map(tuple)


@pytest.mark.slow
@given(
    st.builds(
        Filters,
        cases=IDS,
        agencies=IDS,
        kinds=st.sets(st.sampled_from(sorted(AGENCY_KINDS))).map(sorted).map(tuple),
        ages=st.sets(st.sampled_from(sorted(AGE_BAND_WORDS))).map(sorted).map(tuple),
        genders=WORDS,
        categories=WORDS,
        plans=WORDS,
    )
)
def test_filters_written_into_an_address_read_back_the_same(filters: Filters) -> None:
    address = filters.in_address()
    assert Filters.from_address(lambda name: address.get(name, [])) == filters
    assert filters.is_empty == (not address)


@pytest.mark.parametrize(
    "odd", ["-1", "0x1", "1.5", "9999999999", "²", "one", "", "1 OR 1=1", "police; drop table"]
)
def test_unknown_ids_bands_and_kinds_are_dropped(odd: str) -> None:
    parameters = {"cases": [odd], "agencies": [odd], "kinds": [odd], "ages": [odd]}
    assert Filters.from_address(lambda name: parameters.get(name, [])).is_empty


def test_only_choices_that_occur_in_the_audit_are_offered_in_order() -> None:
    cases = [
        Case(age_months=150, unborn=False, gender="male", category="neglect", plan=""),
        Case(age_months=None, unborn=True, gender="", category="emotional abuse", plan="child protection"),
    ]
    agencies = [Agency(id=7, name="Police", kind="police"), Agency(id=8, name="Health", kind="health")]
    choices = filter_choices(cases, agencies)
    assert choices["kinds"] == [("health", "Health"), ("police", "Police")]
    assert choices["ages"] == [("unborn", "Unborn"), ("over_10", "Over 10 years")]
    assert choices["genders"] == [("male", "Male"), ("not_recorded", "Not recorded")]
    assert choices["categories"] == [("emotional abuse", "Emotional abuse"), ("neglect", "Neglect")]
    assert choices["agencies"] == [("7", "Police"), ("8", "Health")]


def test_a_filter_can_select_one_case() -> None:
    assert Filters(kinds=("police",)).only_case(3) == Filters(cases=(3,), kinds=("police",))
