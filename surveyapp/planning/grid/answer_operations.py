"""The operation that stores what an agency says in the involvement check, and lets the grid follow."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from surveyapp.agencies.models import Agency
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.planning.errors import AlreadyIssued
from surveyapp.planning.grid.grid import ANSWERS_IN_WORDS, TickedCell
from surveyapp.planning.grid.operations import change_ticks
from surveyapp.planning.grid.queries import planned_grid
from surveyapp.planning.locks import lock_audit
from surveyapp.planning.models import Audit, InvolvementAnswer


def store_answers(
    audit: Audit, agency: Agency, answers: Mapping[int, str], *, actor: str, now: datetime
) -> None:
    """Store an agency's answers by case id, and tick or clear the cells whose answer has changed.

    “known” ticks the cell and “not_known” clears it; “relative_only” leaves it for staff to decide. An answer
    given again changes nothing, so that ticks made by hand since stay. Raises AlreadyIssued after issue, and
    NotFound for another answer or a case of another audit. Records no event.
    """
    lock_audit(audit)
    if audit.is_issued:
        raise AlreadyIssued("The audit has been issued, so its grid follows no answers any more.")
    stored_grid = planned_grid(audit)
    case_ids = {case.id for case in stored_grid.cases}
    if not set(answers) <= case_ids or not set(answers.values()) <= set(ANSWERS_IN_WORDS):
        raise NotFound
    mine = InvolvementAnswer.agency_id == agency.id, InvolvementAnswer.case_id.in_(case_ids)
    stored = {row.case_id: row for row in session.scalars(select(InvolvementAnswer).where(*mine))}
    added, removed = set(), set()
    for case_id, answer in sorted(answers.items()):
        row = stored.get(case_id)
        if row is not None and row.answer == answer:
            continue
        if row is None:
            row = InvolvementAnswer(case_id=case_id, agency_id=agency.id)
            session.add(row)
        row.answer, row.answered_at = answer, now
        cell = TickedCell(case_id, agency.id)
        if answer == "known" and cell not in stored_grid.ticked:
            added.add(cell)
        elif answer == "not_known" and cell in stored_grid.ticked:
            removed.add(cell)
    session.flush()
    if added or removed:
        change_ticks(
            audit, stored_grid, added=added, removed=removed, agency_id=agency.id, actor=actor, now=now
        )
