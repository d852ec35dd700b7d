"""Filters travel in an address and come back; what is no filter is dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.agencies.models import AGENCY_KINDS, Agency
from surveyapp.collating.age_bands import AGE_BAND_WORDS, age_band_name
from surveyapp.collating.filters import Filters, filter_choices
from surveyapp.planning.models import Case

WORDS = st.lists(st.text(min_size=1, max_size=8), max_size=3, unique=True).map(sorted).map(tuple)
IDS = st.lists(st.integers(1, 999_999_999), max_size=3, unique=True).map(sorted).map(tuple)


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
def test_filters_written_into_an_address_are_read_back_as_they_were(filters: Filters) -> None:
    address = filters.in_address()
    assert Filters.from_address(lambda name: address.get(name, [])) == filters
    assert filters.is_empty == (not address)


@pytest.mark.parametrize(
    "odd", ["-1", "0x1", "1.5", "9999999999", "²", "one", "", "1 OR 1=1", "police; drop table"]
)
def test_what_is_no_id_band_or_kind_is_dropped(odd: str) -> None:
    said = {"cases": [odd], "agencies": [odd], "kinds": [odd], "ages": [odd]}
    assert Filters.from_address(lambda name: said.get(name, [])).is_empty


def test_every_month_of_a_childs_life_is_in_one_band_and_an_unborn_child_in_its_own() -> None:
    bands = [age_band_name(Case(age_months=months, unborn=False)) for months in range(301)]
    assert (bands.count("under_5"), bands.count("from_5_to_10"), bands.count("over_10")) == (60, 72, 169)
    assert age_band_name(Case(age_months=None, unborn=True)) == "unborn"
    assert age_band_name(Case(age_months=None, unborn=False)) == "not_known"


def test_only_what_the_audit_has_is_offered_in_the_order_people_expect() -> None:
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


def test_one_case_is_one_more_filter() -> None:
    assert Filters(kinds=("police",)).only_case(3) == Filters(cases=(3,), kinds=("police",))
