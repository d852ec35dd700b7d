"""Operations on the cases of an audit: add, correct and remove."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm.attributes import set_committed_value

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.cases.details import CaseDetails
from surveyapp.planning.errors import WITHDRAW_INSTEAD, AlreadyIssued
from surveyapp.planning.locks import check_returns_open, lock_audit
from surveyapp.planning.models import Audit, Case, GridChange, InvolvementAnswer


class CaseExists(Refused):
    """The audit has a case of this pseudonym already."""

    def __init__(self, pseudonym: str) -> None:
        """Name the pseudonym that is taken."""
        super().__init__(f"This audit has a case called “{pseudonym}” already. Choose another pseudonym.")


def add_cases(audit: Audit, cases: Sequence[CaseDetails], *, actor: str, now: datetime) -> list[Case]:
    """Add cases after the existing ones; raises CaseExists for a pseudonym that is taken."""
    added = add_cases_unlogged(audit, cases, now=now)
    record_event(actor, "added_cases", f"audit {audit.id}", counted(len(added), "case"), now=now)
    return added


def add_cases_unlogged(audit: Audit, cases: Sequence[CaseDetails], *, now: datetime) -> list[Case]:
    """Add cases as `add_cases` does, for an operation that records what was done as one event of its own."""
    lock_audit(audit)
    check_returns_open(audit, now)
    taken = {name_key(case.pseudonym): case.pseudonym for case in audit.cases}
    position = max((case.position for case in audit.cases), default=0)
    rows = []
    for details in cases:
        key = name_key(details.pseudonym)
        if key in taken:
            raise CaseExists(taken[key])
        taken[key] = details.pseudonym
        position += 1
        rows.append({"audit_id": audit.id, "position": position, **_case_values(details)})
    if rows:
        # The session would add them one by one on SQLite, which does not return ids in order.
        session.execute(insert(Case), rows)
        session.expire(audit, ["cases"])
    pseudonyms = {details.pseudonym for details in cases}
    added = [case for case in audit.cases if case.pseudonym in pseudonyms]
    for case in added:
        set_committed_value(case, "involvements", [])
    return added


def case_digest(case: Case) -> str:
    """A digest of a case's details, for detecting concurrent edits."""
    return row_digest(
        pseudonym=case.pseudonym,
        gender=case.gender,
        category=case.category,
        plan=case.plan,
        sibling_group=case.sibling_group,
        age_months=case.age_months,
        unborn=case.unborn,
        needs=case.needs,
    )


def change_case(
    case: Case, details: CaseDetails, *, seen: str | None = None, actor: str, now: datetime
) -> None:
    """Correct the details of a case; `seen` is its `case_digest` at the time the page was shown.

    Raises EditConflict if somebody else has corrected it since, NoResultFound if somebody has removed it,
    CaseExists for a pseudonym that is taken.
    """
    lock_audit(case.audit)
    mine = select(Case).where(Case.id == case.id)
    case = session.scalars(mine.execution_options(populate_existing=True)).one()
    check_unchanged(seen, case_digest(case))
    others = case.audit.cases if details.pseudonym != case.pseudonym else ()
    for other in others:
        if other is not case and name_key(other.pseudonym) == name_key(details.pseudonym):
            raise CaseExists(other.pseudonym)
    write_case(case, details)
    record_event(actor, "changed_case", f"case {case.id}", now=now)


def write_case(case: Case, details: CaseDetails) -> None:
    """Give a case these details; lock its audit first."""
    for name, value in _case_values(details).items():
        setattr(case, name, value)


def _case_values(details: CaseDetails) -> dict[str, Any]:
    return {
        "pseudonym": details.pseudonym,
        "gender": details.gender,
        "category": details.category,
        "plan": details.plan,
        "sibling_group": details.sibling_group,
        "needs": list(details.needs),
        "age_months": details.age.months,
        "unborn": details.age.unborn,
    }


def remove_case(case: Case, *, actor: str, now: datetime) -> None:
    """Remove a case with its ticks and what agencies said of it.

    Raises AlreadyIssued once agencies have been asked about it.
    """
    lock_audit(case.audit)
    if case.audit.is_issued and case.involvements:
        raise AlreadyIssued(
            f"Agencies have been asked about {case.pseudonym}, so it stays.", way_on=WITHDRAW_INSTEAD
        )
    for involvement in case.involvements:
        session.delete(involvement)
    session.execute(delete(InvolvementAnswer).where(InvolvementAnswer.case_id == case.id))
    _forget_in_changes(case)
    session.flush()
    record_event(actor, "removed_case", f"case {case.id}", f"audit {case.audit_id}", now=now)
    case.audit.cases.remove(case)
    session.delete(case)


def _forget_in_changes(case: Case) -> None:
    """Take a case out of the grid's changes: a later case may get its number, and undo must not tick that."""
    changes = select(GridChange).where(GridChange.audit_id == case.audit_id).order_by(GridChange.id)
    for change in session.scalars(changes):
        change.added = [cell for cell in change.added if cell[0] != case.id]
        change.removed = [cell for cell in change.removed if cell[0] != case.id]
