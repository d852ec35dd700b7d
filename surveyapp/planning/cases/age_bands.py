"""The age bands of children, by which a sample is balanced and described and returns are filtered."""

from sqlalchemy import ColumnElement, and_

from surveyapp.planning.models import Case

# The bands of the 2014 sample (R2014 2.1.6): words, and the first and last age in months, both included.
AGE_BANDS: dict[str, tuple[str, int, int]] = {
    "under_5": ("Under 5 years", 0, 59),
    "from_5_to_10": ("5 to 10 years", 60, 131),
    "over_10": ("Over 10 years", 132, 10_000),
}


UNBORN, AGE_BAND_NOT_KNOWN = "unborn", "not_known"


AGE_BAND_WORDS = {name: words for name, (words, _, _) in AGE_BANDS.items()} | {
    UNBORN: "Unborn",
    AGE_BAND_NOT_KNOWN: "Age not known",
}


def age_band_name(case: Case) -> str:
    """The name of the age band of a case, one of AGE_BAND_WORDS."""
    return age_band_of(case.age_months, unborn=case.unborn)


def age_band_of(months: int | None, *, unborn: bool) -> str:
    """The name of the age band of an age in months; None: not known."""
    if unborn:
        return UNBORN
    if months is None:
        return AGE_BAND_NOT_KNOWN
    return next(name for name, (_, first, last) in AGE_BANDS.items() if first <= months <= last)


def in_age_band(band: str) -> ColumnElement[bool]:
    """SQL condition: the case is in this age band, one of AGE_BAND_WORDS."""
    if band == UNBORN:
        return Case.unborn.is_(True)
    if band == AGE_BAND_NOT_KNOWN:
        return and_(Case.age_months.is_(None), Case.unborn.is_(False))
    _, first, last = AGE_BANDS[band]
    return Case.age_months.between(first, last)
