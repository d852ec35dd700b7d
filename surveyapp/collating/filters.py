"""Filters of the returns behind a figure: case, agency, kind of agency, age, gender, category and plan."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace

from sqlalchemy import ColumnElement, and_, false, or_

from surveyapp.agencies.models import Agency
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.planning.cases.age_bands import (
    AGE_BAND_NOT_KNOWN,
    AGE_BAND_WORDS,
    AGE_BANDS,
    UNBORN,
    age_band_name,
    in_age_band,
)
from surveyapp.planning.models import Case

# The choice for cases without a recorded gender, category or plan.
NOT_RECORDED, NOT_RECORDED_WORDS = "not_recorded", "Not recorded"


@dataclass(frozen=True)
class Filters:
    """The filters of a page; an empty one keeps all. `agencies` and `cases` hold ids, the others words."""

    cases: tuple[int, ...] = ()
    agencies: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()

    @classmethod
    def from_address(cls, getlist: Callable[[str], list[str]]) -> "Filters":
        """Read filters from a query string, `?kinds=police&ages=under_5`; drops unknown ids, bands, kinds."""
        numbers = {
            name: tuple(sorted({int(text) for text in getlist(name)[:_MOST_VALUES] if _is_id(text)}))
            for name in _IDS
        }
        words = {
            name: tuple(sorted({word for word in getlist(name)[:_MOST_VALUES] if word})) for name in _WORDS
        }
        words["ages"] = tuple(band for band in words["ages"] if band in AGE_BAND_WORDS)
        words["kinds"] = tuple(kind for kind in words["kinds"] if kind in AGENCY_KINDS)
        return cls(**numbers, **words)  # type: ignore[arg-type]  # ids and words, as the fields are

    def in_address(self) -> dict[str, list[str]]:
        """The filters as query string parameters, the reverse of `from_address`."""
        return {
            field.name: [str(value) for value in getattr(self, field.name)]
            for field in fields(self)
            if getattr(self, field.name)
        }

    @property
    def without_cases(self) -> "Filters":
        """These filters without cases, for use with another audit."""
        return replace(self, cases=())

    def only_case(self, case_id: int) -> "Filters":
        """These filters, for one case."""
        return replace(self, cases=(case_id,))

    @property
    def is_empty(self) -> bool:
        """Whether all returns are kept."""
        return not self.in_address()

    def condition(self) -> ColumnElement[bool]:
        """The filters as an SQL condition on the joined `Agency` and `Case`."""
        conditions: list[ColumnElement[bool]] = []
        for column, values in (
            (Case.id, self.cases),
            (Agency.id, self.agencies),
            (Agency.kind, self.kinds),
            (Case.gender, _as_stored(self.genders)),
            (Case.category, _as_stored(self.categories)),
            (Case.plan, _as_stored(self.plans)),
        ):
            if values:
                conditions.append(column.in_(values))
        if self.ages:
            conditions.append(or_(false(), *(in_age_band(band) for band in self.ages)))
        return and_(*conditions) if conditions else and_(True)


_IDS = ("cases", "agencies")
_WORDS = ("kinds", "ages", "genders", "categories", "plans")
_LONGEST_ID = 9
# More than the page offers of any one; a database takes only so many values in a condition.
_MOST_VALUES = 1000


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) <= _LONGEST_ID


def _as_stored(values: tuple[str, ...]) -> tuple[str, ...]:
    # A set-up file may hold the word not_recorded itself instead of leaving the field empty.
    return (*values, "") if NOT_RECORDED in values else values


def filter_choices(cases: Iterable[Case], agencies: Iterable[Agency]) -> Mapping[str, list[tuple[str, str]]]:
    """The choices of each filter, as (value, words); kinds and ages in their order, words by the alphabet."""
    cases, agencies = list(cases), list(agencies)
    kinds, bands = {agency.kind for agency in agencies}, {age_band_name(case) for case in cases}
    order = [UNBORN, *AGE_BANDS, AGE_BAND_NOT_KNOWN]
    return {
        "agencies": [(str(agency.id), agency.name) for agency in agencies],
        "kinds": [(kind, words) for kind, words in AGENCY_KINDS.items() if kind in kinds],
        "ages": [(band, AGE_BAND_WORDS[band]) for band in order if band in bands],
        "genders": _as_written(case.gender for case in cases),
        "categories": _as_written(case.category for case in cases),
        "plans": _as_written(case.plan for case in cases),
    }


def _as_written(values: Iterable[str]) -> list[tuple[str, str]]:
    values, nothing = set(values), {"", NOT_RECORDED}
    choices = [(value, value[:1].upper() + value[1:]) for value in sorted(values - nothing)]
    return [*choices, (NOT_RECORDED, NOT_RECORDED_WORDS)] if choices and values & nothing else choices
