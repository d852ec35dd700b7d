"""Operations of the involvement check: ask the agencies, remind them once, and store what one says."""

from collections.abc import Mapping
from datetime import date, datetime

from surveyapp.answering.access.contact_access import LinkNeeded
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.chosen_transport import check_text_is_own
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.foundation.words.shares import counted
from surveyapp.involvement.models import CheckedAgency
from surveyapp.involvement.queries import AgencyInCheck, involvement_check
from surveyapp.issuing.grant_operations import give_new_link, grant_for, queue_check_email, revoke_grant
from surveyapp.issuing.models import Grant
from surveyapp.issuing.queries import lock_grant
from surveyapp.planning.audit_state_operations import note_involvement_asked
from surveyapp.planning.errors import AlreadyIssued
from surveyapp.planning.grid.answer_operations import store_answers
from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.grid.queries import involvement_answers
from surveyapp.planning.locks import lock_audit
from surveyapp.planning.models import Audit


class NobodyToAsk(Refused):
    """The check cannot be sent: the audit lacks cases, agencies or contacts."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__(
            "There is nobody to ask yet.",
            way_on="Add the cases, choose the agencies, and give each agency a contact.",
        )


class DayHasPassed(Refused):
    """The day to answer by has passed."""

    def __init__(self, day: date) -> None:
        """Name the day."""
        super().__init__(f"{day_in_words(day)} has passed: choose a later day.")


class CheckOver(Refused):
    """The audit has been issued, so the answers of the check stay as they are."""

    way_on = "If you are asked about a child you do not know, say so there: it takes two clicks."

    def __init__(self) -> None:
        """Set the message."""
        super().__init__("The audit has begun, so what you said stays as it is.")


def ask_agencies(audit: Audit, *, answer_by: date | None, actor: str, now: datetime) -> int:
    """Send the check to each agency's contact who has not been asked; returns how many emails were queued.

    The contact who was asked before in an agency's name loses their link, and so does an address that was
    corrected. Pressing again asks only agencies, contacts and addresses added since. Raises AlreadyIssued,
    NobodyToAsk, DayHasPassed, and ExampleTextLeft while emails would leave with example text of the settings.
    """
    lock_audit(audit)
    if audit.is_issued:
        raise AlreadyIssued("The audit has been issued, so nobody is asked beforehand any more.")
    check = involvement_check(audit)
    if not check.grid.cases or not (check.to_ask or check.asked):
        raise NobodyToAsk
    if answer_by is not None and answer_by < local_day(now):
        raise DayHasPassed(answer_by)
    check_text_is_own()
    note_involvement_asked(audit, answer_by=answer_by, now=now)
    for line in check.to_ask:
        _ask(audit, line, now=now)
    if check.to_ask:
        size = counted(len(check.to_ask), "agency", "agencies")
        record_event(actor, "asked_involvement", f"audit {audit.id}", size, now=now)
    return len(check.to_ask)


def _ask(audit: Audit, line: AgencyInCheck, *, now: datetime) -> None:
    contact = line.contact
    if contact is None:
        return
    grant = grant_for(audit, contact, now=now)
    checked = line.checked
    if checked is None:
        checked = CheckedAgency(audit_id=audit.id, agency_id=line.agency.id)
        session.add(checked)
    elif checked.grant_id == grant.id:
        give_new_link(grant, why="The address was corrected.", now=now)
    else:
        revoke_grant(checked.grant, why="someone else answers now", now=now)
    checked.grant_id, checked.asked_at, checked.reminded_at = grant.id, now, None
    session.flush()
    queue_check_email(grant, "asked", now=now)


def remind_agencies(audit: Audit, *, actor: str, now: datetime) -> int:
    """Remind each contact with something left to answer, once; returns how many emails were queued.

    Raises AlreadyIssued and ExampleTextLeft.
    """
    lock_audit(audit)
    if audit.is_issued:
        raise AlreadyIssued("The audit has been issued, so nobody is reminded of the check any more.")
    to_remind = involvement_check(audit).to_remind
    if not to_remind:
        return 0
    check_text_is_own()
    for checked in (line.checked for line in to_remind if line.checked is not None):
        grant = checked.grant
        checked.reminded_at = now
        key = f"involvement_reminder:{grant.id}:{grant.version}"
        queue_email("involvement_reminder", grant.id, to=grant.contact.email, key=key, now=now)
    size = counted(len(to_remind), "agency", "agencies")
    record_event(actor, "reminded_of_involvement", f"audit {audit.id}", size, now=now)
    return len(to_remind)


def answers_digest(stored: Mapping[TickedCell, str]) -> str:
    """A digest of what an agency has said, for detecting that a colleague answered meanwhile."""
    return row_digest(answers=sorted((cell.case_id, answer) for cell, answer in stored.items()))


def answer_check(checked: CheckedAgency, answers: Mapping[int, str], *, seen: str, now: datetime) -> None:
    """Store what an agency says of the children by their case ids; the grid follows.

    `seen` is the digest of the answers that the page showed. Raises CheckOver after the issue, LinkNeeded for
    a link that was replaced meanwhile, and EditConflict if a colleague has answered since.
    """
    grant, version = checked.grant, checked.grant.version
    audit = grant.audit
    lock_audit(audit)
    held: Grant | None = lock_grant(grant.id)
    if held is None or held.revoked_at is not None or held.version != version:
        raise LinkNeeded
    if audit.is_issued:
        raise CheckOver
    stored = involvement_answers(audit, agency_id=checked.agency_id)
    check_unchanged(
        seen,
        answers_digest(stored),
        message="A colleague has answered with the same link after you opened this page.",
        way_on="Their answers are beside each child; yours are chosen. Press Save again to keep yours.",
    )
    store_answers(audit, checked.agency, answers, actor=f"grant {grant.id}", now=now)
    record_event(f"grant {grant.id}", "answered_involvement", f"grant {grant.id}", now=now)
