"""Which returns are looked at: by agency, kind of agency, and what is known of the case."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace

from sqlalchemy import ColumnElement, and_, false, or_

from surveyapp.agencies.models import AGENCY_KINDS, Agency
from surveyapp.planning.models import Case

# The bands of the 2014 sample (R2014 2.1.6), in months from the first day of a band to the last of it.
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
# Gender, category or plan of a case for which nothing was written.
NOT_RECORDED, NOT_RECORDED_WORDS = "not_recorded", "Not recorded"


@dataclass(frozen=True)
class Filters:
    """What is kept; empty keeps all. `agencies` and `cases` are ids, the rest are the words stored."""

    cases: tuple[int, ...] = ()
    agencies: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()

    @classmethod
    def from_address(cls, getlist: Callable[[str], list[str]]) -> "Filters":
        """Read filters from an address, `?kinds=police&ages=under_5`; what is no id or band is dropped."""
        numbers = {
            name: tuple(sorted({int(each) for each in getlist(name) if _is_id(each)})) for name in _IDS
        }
        words = {name: tuple(sorted({each for each in getlist(name) if each})) for name in _WORDS}
        words["ages"] = tuple(each for each in words["ages"] if each in AGE_BAND_WORDS)
        words["kinds"] = tuple(each for each in words["kinds"] if each in AGENCY_KINDS)
        return cls(**numbers, **words)  # type: ignore[arg-type]  # ids and words, as the fields are

    def in_address(self) -> dict[str, list[str]]:
        """Write filters as the parameters of an address; read back they are these filters."""
        return {
            each.name: [str(value) for value in getattr(self, each.name)]
            for each in fields(self)
            if getattr(self, each.name)
        }

    @property
    def without_cases(self) -> "Filters":
        """These filters without the cases: a case belongs to one audit."""
        return replace(self, cases=())

    def only_case(self, case_id: int) -> "Filters":
        """These filters, for one case."""
        return replace(self, cases=(case_id,))

    @property
    def is_empty(self) -> bool:
        """Whether everything is kept."""
        return not self.in_address()

    def condition(self) -> ColumnElement[bool]:
        """The filters in SQL, over the joined request's `Agency` and `Case`."""
        kept: list[ColumnElement[bool]] = []
        for column, values in (
            (Case.id, self.cases),
            (Agency.id, self.agencies),
            (Agency.kind, self.kinds),
            (Case.gender, _as_stored(self.genders)),
            (Case.category, _as_stored(self.categories)),
            (Case.plan, _as_stored(self.plans)),
        ):
            if values:
                kept.append(column.in_(values))
        if self.ages:
            kept.append(or_(false(), *(_in_band(band) for band in self.ages)))
        return and_(*kept) if kept else and_(True)


_IDS = ("cases", "agencies")
_WORDS = ("kinds", "ages", "genders", "categories", "plans")
_LONGEST_ID = 9


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) <= _LONGEST_ID


def _as_stored(values: tuple[str, ...]) -> tuple[str, ...]:
    # Whoever wrote our own word for it meant the same.
    return (*values, "") if NOT_RECORDED in values else values


def age_band_name(case: Case) -> str:
    """The age band of a case: the name of one of BAND_WORDS."""
    if case.unborn:
        return UNBORN
    if case.age_months is None:
        return AGE_BAND_NOT_KNOWN
    months = case.age_months
    return next(name for name, (_, first, last) in AGE_BANDS.items() if first <= months <= last)


def _in_band(band: str) -> ColumnElement[bool]:
    if band == UNBORN:
        return Case.unborn.is_(True)
    if band == AGE_BAND_NOT_KNOWN:
        return and_(Case.age_months.is_(None), Case.unborn.is_(False))
    _, first, last = AGE_BANDS[band]
    return Case.age_months.between(first, last)


def filter_choices(cases: Iterable[Case], agencies: Iterable[Agency]) -> Mapping[str, list[tuple[str, str]]]:
    """What can be chosen for each filter of an audit, as (value, words), in the order people expect."""
    cases, agencies = list(cases), list(agencies)
    kinds, bands = {each.kind for each in agencies}, {age_band_name(each) for each in cases}
    order = [UNBORN, *AGE_BANDS, AGE_BAND_NOT_KNOWN]
    return {
        "agencies": [(str(each.id), each.name) for each in agencies],
        "kinds": [(kind, words) for kind, words in AGENCY_KINDS.items() if kind in kinds],
        "ages": [(band, AGE_BAND_WORDS[band]) for band in order if band in bands],
        "genders": _as_written(each.gender for each in cases),
        "categories": _as_written(each.category for each in cases),
        "plans": _as_written(each.plan for each in cases),
    }


def _as_written(values: Iterable[str]) -> list[tuple[str, str]]:
    values, nothing = set(values), {"", NOT_RECORDED}
    found = [(value, value[:1].upper() + value[1:]) for value in sorted(values - nothing)]
    return [*found, (NOT_RECORDED, NOT_RECORDED_WORDS)] if found and values & nothing else found
