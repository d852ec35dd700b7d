"""What the business manager does while planning an audit, and how later steps change its row."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select

from surveyapp.agencies import operations as directory
from surveyapp.agencies.models import Agency
from surveyapp.agencies.queries import agencies_by_name
from surveyapp.foundation.clock import local_day, utc_moment
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import EditConflict, check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import day_in_words, list_in_words, moment_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.details import (
    PLANNING_HORIZON,
    AuditDetails,
    CaseDetails,
    chaser_problems,
    date_problems,
    join_digests,
    split_digests,
    stored_details,
    value_digest,
)
from surveyapp.planning.models import Audit, Case, Involvement
from surveyapp.planning.queries import PlannedGrid, TickedCell, audit_titled, planned_grid
from surveyapp.planning.references import write_references
from surveyapp.planning.setup.setup_schema import SetUp

WITHDRAW_INSTEAD = "Open its request from the audit’s page and withdraw it there."


class AuditExists(Refused):
    """An audit of this title is there already."""

    def __init__(self, title: str) -> None:
        """Name the one that is there."""
        super().__init__(f"There is an audit called “{title}” already. Give this one another title.")


class CaseExists(Refused):
    """A case of this pseudonym is in the audit already."""

    def __init__(self, pseudonym: str) -> None:
        """Name the one that is there."""
        super().__init__(f"This audit has a case called “{pseudonym}” already. Choose another pseudonym.")


class DatesOutOfOrder(SurveyError):
    """The dates of an audit do not follow each other."""


class DateTooFar(DatesOutOfOrder):
    """A day so far ahead that its year was mistyped."""


class ChasersUnusable(SurveyError):
    """The rhythm of chasers cannot be kept."""


class AlreadyIssued(Refused):
    """What was asked for cannot be changed by planning it otherwise."""


class ReturnsClosed(Refused):
    """Returns of an audit are closed: nothing more is planned, asked, chased, moved or taken."""

    way_on = "Reopen the audit first."

    def __init__(self, audit: Audit, *, so: str = "", way_on: str = "") -> None:
        """Say since when, and with `so` what that means for what was tried."""
        since = f" on {moment_in_words(audit.answers_end_at)}" if audit.answers_end_at else ""
        super().__init__(f"Returns closed{since}{so}.", way_on=way_on)


class AuditDetailsChanged(EditConflict):
    """Two people changed the same of an audit; `there` is what is stored, by name.

    `seen` are the digests with which a second press puts one's own in its place.
    """

    way_on = ""

    def __init__(self, there: dict[str, Any], seen: str) -> None:
        """Say that it was changed; the page says what, beside what was typed."""
        super().__init__("Someone else changed this audit after you opened the page.")
        self.there = there
        self.seen = seen


def plan_audit(details: AuditDetails, *, actor: str, now: datetime) -> Audit:
    """Put an audit into the programme; nothing is sent.

    Raises AuditExists, DatesOutOfOrder and ChasersUnusable.
    """
    _check(details, now=now)
    audit = Audit(created_at=now, cases=[])
    _write(audit, details)
    session.add(audit)
    session.flush()
    record_event(actor, "planned_audit", f"audit {audit.id}", now=now)
    return audit


def change_audit(audit: Audit, details: AuditDetails, *, seen: str = "", actor: str, now: datetime) -> None:
    """Change what an audit is about; raises AlreadyIssued for another form or day once it is issued.

    Given `seen`, the digests of what its page showed, what another has changed meanwhile stays; raises
    AuditDetailsChanged where both have changed the same.
    """
    _lock(audit)
    details = _merge_with_stored(audit, details, split_digests(seen))
    _check(details, now=now, but=audit)
    kept = (audit.form_id, audit.issue_on, audit.due_on, audit.close_on)
    if audit.is_issued and kept != (details.form_id, details.issue_on, details.due_on, details.close_on):
        raise AlreadyIssued(
            "The audit has been issued: its form stays as it was sent.",
            way_on="To give agencies longer, extend it from the audit’s page.",
        )
    _write(audit, details)
    record_event(actor, "changed_audit", f"audit {audit.id}", now=now)


def _merge_with_stored(audit: Audit, details: AuditDetails, seen: dict[str, str]) -> AuditDetails:
    """What was typed, but for what only somebody else has changed since the page was opened."""
    stored, clashing = stored_details(audit), {}
    for name, mark in seen.items():
        typed, there = getattr(details, name), getattr(stored, name)
        if value_digest(there) == mark or typed == there:
            continue
        if value_digest(typed) == mark:
            details = replace(details, **{name: there})
        else:
            clashing[name] = there
    if clashing:
        raise AuditDetailsChanged(
            clashing, join_digests({**seen, **{name: value_digest(clashing[name]) for name in clashing}})
        )
    return details


def _check(details: AuditDetails, *, now: datetime, but: Audit | None = None) -> None:
    there = audit_titled(details.title)
    if there is not None and there is not but:
        raise AuditExists(there.title)
    for _, sentence in date_problems(details.issue_on, details.due_on, details.close_on):
        raise DatesOutOfOrder(f"{sentence}.")
    _check_horizon(details.issue_on, details.due_on, details.close_on, now=now)
    for _, sentence in chaser_problems(details.chasers, details.escalate_from):
        raise ChasersUnusable(f"{sentence}.")


def _check_horizon(*days: date | None, now: datetime) -> None:
    """Refuse a day that was mistyped by a century; working days are counted up to it."""
    last = local_day(now) + PLANNING_HORIZON
    for day in days:
        if day is not None and day > last:
            raise DateTooFar(f"{day_in_words(day)} is more than five years ahead. Check the year.")


def _write(audit: Audit, details: AuditDetails) -> None:
    for name in ("title", "form_id", "theme", "terms_of_reference", "aim", "authority", "key_message"):
        setattr(audit, name, getattr(details, name))
    audit.issue_on, audit.due_on = details.issue_on, details.due_on
    audit.chasers, audit.escalate_from = sorted(details.chasers), details.escalate_from
    audit.ask_for_code = details.ask_for_code
    if audit.close_on != details.close_on or audit.closes_at is None:
        _set_close_day(audit, details.close_on)


def _set_close_day(audit: Audit, close_on: date | None) -> None:
    audit.close_on = close_on
    audit.closes_at = None if close_on is None else utc_moment(close_on, settings().close_at)


def add_cases(audit: Audit, cases: Sequence[CaseDetails], *, actor: str, now: datetime) -> list[Case]:
    """Add cases behind those that are there; raises CaseExists for a pseudonym that is taken."""
    _lock(audit)
    _check_open(audit, now)
    taken = {case.pseudonym.casefold() for case in audit.cases}
    place = max((case.position for case in audit.cases), default=0)
    added = []
    for details in cases:
        if details.pseudonym.casefold() in taken:
            raise CaseExists(details.pseudonym)
        taken.add(details.pseudonym.casefold())
        place += 1
        case = Case(position=place, involvements=[])
        _write_case(case, details)
        audit.cases.append(case)
        added.append(case)
    session.flush()
    record_event(actor, "added_cases", f"audit {audit.id}", counted(len(added), "case"), now=now)
    return added


def case_digest(case: Case) -> str:
    """What tells one state of a case from the next: a digest of all that is known of it."""
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
    """Correct what is known of a case; `seen` is the `case_digest` of the page.

    Raises EditConflict where somebody else corrected it since, NoResultFound where somebody
    removed it, CaseExists for a pseudonym that is taken.
    """
    _lock(case.audit)
    mine = select(Case).where(Case.id == case.id)
    case = session.scalars(mine.execution_options(populate_existing=True)).one()
    check_unchanged(seen, case_digest(case))
    for each in case.audit.cases:
        if each is not case and each.pseudonym.casefold() == details.pseudonym.casefold():
            raise CaseExists(each.pseudonym)
    _write_case(case, details)
    record_event(actor, "changed_case", f"case {case.id}", now=now)


def _write_case(case: Case, details: CaseDetails) -> None:
    case.pseudonym, case.gender, case.category = details.pseudonym, details.gender, details.category
    case.plan, case.sibling_group, case.needs = details.plan, details.sibling_group, list(details.needs)
    case.age_months, case.unborn = details.age.months, details.age.unborn


def remove_case(case: Case, *, actor: str, now: datetime) -> None:
    """Take a case and its ticks out of an audit; raises AlreadyIssued once agencies were asked about it."""
    _lock(case.audit)
    if case.audit.is_issued and case.involvements:
        raise AlreadyIssued(
            f"Agencies have been asked about {case.pseudonym}, so it stays.", way_on=WITHDRAW_INSTEAD
        )
    for involvement in case.involvements:
        session.delete(involvement)
    session.flush()
    record_event(actor, "removed_case", f"case {case.id}", f"audit {case.audit_id}", now=now)
    case.audit.cases.remove(case)
    session.delete(case)


def tick_cells(
    audit: Audit,
    ticked: Collection[TickedCell],
    *,
    seen: Collection[TickedCell] | None = None,
    actor: str,
    now: datetime,
) -> PlannedGrid:
    """Make the grid say which agency knew which child: `ticked` is all of it, what is not in it is unticked.

    Given `seen`, the ticks that its page showed, only what was changed on that page is changed, so that what
    another has ticked meanwhile stays. After issue cells may be added, to be issued next; one that was there
    stays: raises AlreadyIssued. Raises EditConflict when a case or an agency is not there.
    """
    _lock(audit)
    _check_open(audit, now)
    before = planned_grid(audit)
    wanted = frozenset(ticked)
    if seen is not None:
        wanted = before.ticked - (frozenset(seen) - wanted) | (wanted - frozenset(seen))
    known = {(case.id, agency.id) for case in before.cases for agency in before.agencies}
    if not wanted <= known:
        raise EditConflict(
            "A case or an agency on that page is there no longer.",
            way_on="Open the grid again and tick what is missing.",
        )
    gone, come = before.ticked - wanted, wanted - before.ticked
    if gone and audit.is_issued:
        raise AlreadyIssued(_cannot_untick(before, gone), way_on=WITHDRAW_INSTEAD)
    if gone:
        for_case = select(Case.id).where(Case.audit_id == audit.id)
        rows = session.execute(
            select(Involvement.id, Involvement.case_id, Involvement.agency_id).where(
                Involvement.case_id.in_(for_case)
            )
        )
        unticked = [each for each, *cell in rows if TickedCell(*cell) in gone]
        session.execute(delete(Involvement).where(Involvement.id.in_(unticked)))
    if come:
        session.execute(insert(Involvement), [cell._asdict() for cell in sorted(come)])
    after = before.with_ticks(wanted)
    if gone or come:
        for case in before.cases:
            session.expire(case, ["involvements"])
        record_event(actor, "changed_grid", f"audit {audit.id}", str(after), now=now)
    return after


def _cannot_untick(planned: PlannedGrid, gone: Collection[TickedCell]) -> str:
    cases = {case.id: case.pseudonym for case in planned.cases}
    agencies = {agency.id: agency.name for agency in planned.agencies}
    words = [f"{agencies[cell.agency_id]} about {cases[cell.case_id]}" for cell in sorted(gone)]
    return f"The audit has been issued to {list_in_words(words)}, so that stays ticked."


def _lock(audit: Audit) -> None:
    """Lock an audit and read it afresh: who presses second sees what the first has stored."""
    session.refresh(audit, with_for_update=True)


def _check_open(audit: Audit, now: datetime) -> None:
    if audit.is_issued and audit.is_closed(now):
        raise ReturnsClosed(audit)


def set_up_audit(set_up: SetUp, *, actor: str, now: datetime) -> Audit:
    """Make an audit from a set-up file: agencies and contacts not yet in the directory, cases and grid.

    What changed in the directory since the file was read raises the same refusals as a page.
    """
    audit = plan_audit(set_up.details, actor=actor, now=now)
    agencies = _add_to_directory(set_up, actor=actor, now=now)
    cases = add_cases(audit, [each.details for each in set_up.cases], actor=actor, now=now)
    ticked = [
        TickedCell(case.id, agencies[name.casefold()].id)
        for case, written in zip(cases, set_up.cases, strict=True)
        for name in written.agencies
    ]
    tick_cells(audit, ticked, actor=actor, now=now)
    known = {
        TickedCell(case.id, agencies[name.casefold()].id): reference
        for case, written in zip(cases, set_up.cases, strict=True)
        for name, reference in written.references.items()
    }
    write_references(audit, known, actor=actor, now=now)
    return audit


def _add_to_directory(set_up: SetUp, *, actor: str, now: datetime) -> dict[str, Agency]:
    agencies = agencies_by_name()
    for written in set_up.agencies:
        name = written.name.casefold()
        if name not in agencies:
            agencies[name] = directory.add_agency(written.name, kind=written.kind, actor=actor, now=now)
        addresses = {contact.email.casefold() for contact in agencies[name].contacts}
        for each in written.contacts:
            if each.email.casefold() not in addresses:
                said = each.model_dump()
                directory.add_contact(agencies[name], **said, actor=actor, now=now)
    return agencies


def change_dates(audit: Audit, *, due_on: date, close_on: date, actor: str, now: datetime) -> None:
    """Move the due and closing day of an audit; raises DatesOutOfOrder."""
    for _, sentence in date_problems(audit.issue_on, due_on, close_on):
        raise DatesOutOfOrder(f"{sentence}.")
    _check_horizon(due_on, close_on, now=now)
    audit.due_on = due_on
    _set_close_day(audit, close_on)
    record_event(actor, "changed_dates", f"audit {audit.id}", f"due {due_on}, close {close_on}", now=now)


def mark_issued(audit: Audit, *, definition_json: str, now: datetime) -> None:
    """Note that requests went out, and freeze the form; issuing again changes neither."""
    if audit.issued_at is None:
        audit.issued_at, audit.form_definition = now, definition_json


def mark_closed(audit: Audit, *, now: datetime) -> None:
    """Note that returns are closed; closing twice keeps the first moment."""
    if audit.closed_at is None:
        audit.closed_at = now
        audit.closes_at = min(audit.closes_at or now, now)


def mark_reopened(audit: Audit, *, close_on: date, reason: str, now: datetime) -> None:
    """Note that returns are open again until the closing hour of `close_on`, and why.

    Raises DatesOutOfOrder.
    """
    for _, sentence in date_problems(audit.issue_on, audit.due_on, close_on):
        raise DatesOutOfOrder(f"{sentence}.")
    _check_horizon(close_on, now=now)
    _set_close_day(audit, close_on)
    if audit.closes_at is not None and audit.closes_at <= now:
        raise DatesOutOfOrder(f"{day_in_words(close_on)} has passed: choose a later day.")
    audit.closed_at = None
    audit.reopened_reason = "\n".join(filter(None, (audit.reopened_reason, reason)))
