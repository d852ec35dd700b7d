"""Every case is in exactly one age band."""

from surveyapp.planning.cases.age_bands import age_band_name
from surveyapp.planning.models import Case


def test_every_month_of_a_childs_life_is_in_one_band_and_an_unborn_child_in_its_own() -> None:
    bands = [age_band_name(Case(age_months=months, unborn=False)) for months in range(301)]
    assert (bands.count("under_5"), bands.count("from_5_to_10"), bands.count("over_10")) == (60, 72, 169)
    assert age_band_name(Case(age_months=None, unborn=True)) == "unborn"
    assert age_band_name(Case(age_months=None, unborn=False)) == "not_known"
