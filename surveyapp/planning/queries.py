"""Questions over audits that are being planned: the programme, one grid, what is missing before issue."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from surveyapp.agencies.models import Agency
from surveyapp.agencies.queries import all_agencies
from surveyapp.defining.library import form_named, forms_folder
from surveyapp.defining.strict_yaml import FormMistakes
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.dates_and_lists import day_in_words, list_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit, Case, Involvement


class TickedCell(NamedTuple):
    """One case x agency, by their numbers."""

    case_id: int
    agency_id: int


@dataclass(frozen=True)
class PlannedAudit:
    """An audit of the programme, with how many cases and ticked cells it has."""

    audit: Audit
    cases: int
    requests: int


@dataclass(frozen=True)
class PlannedGrid:
    """Which agency knew which child: a row for each case, a column for each agency of the directory."""

    cases: tuple[Case, ...]
    agencies: tuple[Agency, ...]
    ticked: frozenset[TickedCell]

    @property
    def asked(self) -> tuple[Agency, ...]:
        """The agencies with a tick."""
        with_tick = {cell.agency_id for cell in self.ticked}
        return tuple(agency for agency in self.agencies if agency.id in with_tick)

    @property
    def agencies_asked_first(self) -> tuple[Agency, ...]:
        """All agencies, those with a tick before the rest, each part in the directory's order."""
        asked = self.asked
        return asked + tuple(agency for agency in self.agencies if agency not in asked)

    def whole(self, *, case_id: int | None = None, agency_id: int | None = None) -> set[TickedCell]:
        """Every box of one row or of one column."""
        every = (TickedCell(case.id, agency.id) for case in self.cases for agency in self.agencies)
        return {cell for cell in every if case_id == cell.case_id or agency_id == cell.agency_id}

    @property
    def unasked_cases(self) -> tuple[Case, ...]:
        """The cases about which no agency is asked."""
        with_tick = {cell.case_id for cell in self.ticked}
        return tuple(case for case in self.cases if case.id not in with_tick)

    @property
    def unreachable(self) -> tuple[Agency, ...]:
        """The agencies with a tick but with nobody to ask."""
        return tuple(agency for agency in self.asked if agency.answering_contact is None)

    def with_ticks(self, ticked: Collection[TickedCell]) -> "PlannedGrid":
        """The same grid with other ticks."""
        return PlannedGrid(self.cases, self.agencies, frozenset(ticked))

    def __str__(self) -> str:
        """The count as every page says it, of what has a tick: 15 cases, 9 agencies, 90 requests."""
        cases = len(self.cases) - len(self.unasked_cases)
        return grid_in_words(cases, len(self.asked), len(self.ticked))


def grid_in_words(cases: int, agencies: int, requests: int) -> str:
    """Say how large an audit is: 15 cases, 9 agencies, 90 requests."""
    words = counted(cases, "case"), counted(agencies, "agency", "agencies"), counted(requests, "request")
    return ", ".join(words)


def audit_named(audit_id: int) -> Audit:
    """The audit with this number; NoResultFound when there is none."""
    return session.get_one(Audit, audit_id)


def audit_titled(title: str) -> Audit | None:
    """The audit with this title, whatever its capitals, if there is one."""
    same = func.lower(Audit.title) == title.lower()
    return session.scalars(select(Audit).where(same).order_by(Audit.id).limit(1)).first()


def programme() -> list[PlannedAudit]:
    """Every audit, the one issued last first; those without a date before all others."""
    cases = select(func.count(Case.id)).where(Case.audit_id == Audit.id).correlate(Audit).scalar_subquery()
    requests = (
        select(func.count(Involvement.id))
        .join(Case, Involvement.case_id == Case.id)
        .where(Case.audit_id == Audit.id)
        .correlate(Audit)
        .scalar_subquery()
    )
    latest = select(Audit, cases, requests).order_by(
        Audit.issue_on.is_not(None), Audit.issue_on.desc(), Audit.id.desc()
    )
    return [PlannedAudit(*row) for row in session.execute(latest)]


def case_named(audit_id: int, case_id: int) -> Case:
    """The case with this number in this audit; NoResultFound when there is none."""
    return session.scalars(select(Case).filter_by(id=case_id, audit_id=audit_id)).one()


def ticked_cells(audit: Audit) -> frozenset[TickedCell]:
    """The ticked cells of an audit."""
    ticked = select(Involvement.case_id, Involvement.agency_id).join(Case, Involvement.case_id == Case.id)
    found = session.execute(ticked.where(Case.audit_id == audit.id).order_by(Involvement.id))
    return frozenset(TickedCell(case_id, agency_id) for case_id, agency_id in found)


def agency_references(audit: Audit) -> dict[TickedCell, str]:
    """What agencies themselves call their files, of those ticked cells where it is known."""
    known = (
        select(Involvement.case_id, Involvement.agency_id, Involvement.own_reference)
        .join(Case, Involvement.case_id == Case.id)
        .where(Case.audit_id == audit.id, Involvement.own_reference.is_not(None))
        .order_by(Involvement.id)
    )
    return {
        TickedCell(case_id, agency_id): reference
        for case_id, agency_id, reference in session.execute(known)
        if reference
    }


def planned_grid(audit: Audit) -> PlannedGrid:
    """The case x agency grid of an audit as it is stored, in four statements."""
    return PlannedGrid(tuple(audit.cases), tuple(all_agencies()), ticked_cells(audit))


@dataclass(frozen=True)
class Readiness:
    """What is wrong with an audit before it is issued, in sentences: what refuses, and what is only said."""

    refusals: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """All of it, what refuses first."""
        return self.refusals + self.warnings


def readiness(audit: Audit, *, today: date | None = None) -> Readiness:
    """Say what refuses to issue an audit, and what it may be issued with; `today` judges the due day too.

    An agency with nobody to ask holds up no other: it is asked once it has a contact. What is added to an
    audit that has been issued waits for nothing but its dates.
    """
    planned = planned_grid(audit)
    missing, passed = _missing_dates(audit), _passed_dates(audit, today)
    waiting = tuple(
        f"{agency.name} is ticked and has nobody to ask: add an audit lead or a deputy."
        for agency in planned.unreachable
    )
    others = (*passed, *_problems_of_form(audit), *_problems_of_cases(planned))
    if audit.is_issued:
        return Readiness(missing, others + waiting)
    return Readiness(missing + others, waiting)


def _missing_dates(audit: Audit) -> tuple[str, ...]:
    missing = [
        words
        for day, words in (
            (audit.issue_on, "when it is issued"),
            (audit.due_on, "when returns are due"),
            (audit.close_on, "when returns close"),
        )
        if day is None
    ]
    return (f"The audit does not say {list_in_words(missing)}.",) if missing else ()


def _passed_dates(audit: Audit, today: date | None) -> tuple[str, ...]:
    if today and audit.due_on and audit.due_on < today:
        return (f"Returns would be due on {day_in_words(audit.due_on)}, which has passed.",)
    return ()


def _problems_of_form(audit: Audit) -> list[str]:
    if audit.form_definition:
        return []
    try:
        form_named(forms_folder(), audit.form_id)
    except KeyError:
        return [f"There is no form “{audit.form_id}” any more: choose another."]
    except FormMistakes:
        return [f"The form “{audit.form_id}” has mistakes: “survey check-forms” lists them."]
    return []


def _problems_of_cases(planned: PlannedGrid) -> list[str]:
    if not planned.cases:
        return ["The audit has no cases yet."]
    if not planned.ticked:
        return ["No box of the grid is ticked, so nobody would be asked."]
    return [f"No agency is ticked for {case.pseudonym}." for case in planned.unasked_cases]


def size_note(audit: Audit) -> str:
    """Say so when there are not as many cases as the terms of reference name (R2014 1.1.4: "8 or 20-25").

    Only a note: how many cases are right is for the partnership to say. Empty when there is nothing to say.
    """
    named = re.search(
        r"(?P<sizes>\d[\d\s,–-]*(?:(?:and|or|to)\s+\d[\d\s,–-]*)*)cases\b", audit.terms_of_reference
    )
    if named is None or not audit.cases:
        return ""
    sizes = named["sizes"].strip()
    number = len(audit.cases)
    for found in re.finditer(r"(\d+)(?:\s*(?:-|–|to)\s*(\d+))?", sizes):
        if int(found[1]) <= number <= int(found[2] or found[1]):
            return ""
    return f"There are {counted(number, 'case')}; the terms of reference say {sizes}."
