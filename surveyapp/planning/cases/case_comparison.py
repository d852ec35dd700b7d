"""Compares the cases of a table with those of the audit, and plans what is stored by the choices made."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from surveyapp.foundation.store.edit_conflicts import row_digest
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.planning.cases.ages import AGE_NOT_KNOWN, Age
from surveyapp.planning.cases.details import CaseDetails
from surveyapp.planning.cases.operations import case_digest
from surveyapp.planning.models import Case

AS_IN_FILE, AS_STORED = "file", "stored"


@dataclass(frozen=True)
class CaseDifference:
    """A detail of a case that the table says otherwise than the audit."""

    key: str
    of: str
    about: str
    in_file: str
    in_audit: str

    @property
    def versions(self) -> tuple[tuple[str, str, str], ...]:
        """Each choice with its label and what it leads to."""
        return (
            (AS_IN_FILE, "As in the table", self.in_file),
            (AS_STORED, "As in the audit", self.in_audit or "Nothing"),
        )


@dataclass(frozen=True)
class PlannedCase:
    """A case as it will be stored; `stored` is its row, None for one that is added."""

    stored: Case | None
    details: CaseDetails

    @property
    def is_changed(self) -> bool:
        """Whether a case of the audit is changed."""
        return self.stored is not None and stored_details(self.stored) != self.details


@dataclass(frozen=True)
class CasePlan:
    """The cases of a table as they will be stored, with the choices that lead there.

    `seen` is the digest of the audit's cases, for detecting that somebody else has changed them.
    """

    cases: tuple[PlannedCase, ...]
    differences: tuple[CaseDifference, ...]
    choices: Mapping[str, str]
    seen: str

    @property
    def added(self) -> list[CaseDetails]:
        """The cases that are added, in the order of the table."""
        return [case.details for case in self.cases if case.stored is None]

    @property
    def changed(self) -> list[tuple[Case, CaseDetails]]:
        """The cases that are changed, each with its details as they will be."""
        return [(case.stored, case.details) for case in self.cases if case.stored and case.is_changed]


def stored_details(case: Case) -> CaseDetails:
    """The details of a stored case."""
    return CaseDetails(
        case.pseudonym,
        Age(case.age_months, case.unborn),
        case.gender,
        case.category,
        case.plan,
        case.sibling_group,
        tuple(case.needs),
    )


def plan_cases(
    imported: Sequence[CaseDetails], stored: Sequence[Case], choices: Mapping[str, str]
) -> CasePlan:
    """What storing the cases of a table makes of those of the audit.

    The same pseudonym, however it is typed, is the same case. What the table leaves empty stays as it is.
    """
    by_name = {name_key(case.pseudonym): case for case in stored}
    differences: list[CaseDifference] = []
    planned = []
    for details in imported:
        case = by_name.get(name_key(details.pseudonym))
        if case is not None:
            of_case = list(_differences(case, details))
            differences += [difference for difference, _ in of_case]
            kept = {
                name: value
                for difference, (name, value) in of_case
                if choices.get(difference.key, AS_IN_FILE) == AS_IN_FILE
            }
            planned.append(PlannedCase(case, replace(stored_details(case), **kept)))
        else:
            planned.append(PlannedCase(None, details))
    chosen = {
        difference.key: AS_STORED if choices.get(difference.key) == AS_STORED else AS_IN_FILE
        for difference in differences
    }
    digests = [[case.id, case_digest(case)] for case in stored]
    return CasePlan(tuple(planned), tuple(differences), chosen, row_digest(cases=digests))


_FIELDS: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("age", "Age", str),
    ("gender", "Gender", str),
    ("category", "Category", str),
    ("plan", "Plan type", str),
    ("sibling_group", "Sibling group", str),
    ("needs", "Needs and experiences", ", ".join),
)


def _differences(case: Case, details: CaseDetails) -> Iterator[tuple[CaseDifference, tuple[str, Any]]]:
    """Each detail that the table says and the audit does not, with its field and its value in the table."""
    current = stored_details(case)
    for name, label, in_words in _FIELDS:
        in_file, in_audit = getattr(details, name), getattr(current, name)
        if in_file in (AGE_NOT_KNOWN, "", ()) or in_file == in_audit:
            continue
        key = f"case-{case.id}-{name}"
        yield (
            CaseDifference(key, case.pseudonym, label, in_words(in_file), in_words(in_audit)),
            (name, in_file),
        )
