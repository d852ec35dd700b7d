"""Queries for the outstanding list of people, filtered and in pages."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, literal, or_, select, true
from sqlalchemy.orm import aliased, contains_eager

from surveyapp.agencies.models import Agency, Contact
from surveyapp.answering.models import Return, Revision
from surveyapp.calling.models import Promise
from surveyapp.calling.queries import calls_by_grant, last_promises
from surveyapp.foundation.bounces.models import Bounce
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import MAIL_STATE_WORDS, Outbox
from surveyapp.issuing.models import AuditRequest, Delegation, Grant, due_day
from surveyapp.issuing.queries import LINK_MAIL_KINDS, last_link_emails
from surveyapp.planning.models import Audit, Case
from surveyapp.tracking.outstanding.cards import (
    AutomaticReply,
    CardPage,
    LastEmail,
    OutstandingCard,
    OwedRequest,
)
from surveyapp.tracking.outstanding.queries import chasers_sent
from surveyapp.tracking.request_state import has_draft, request_state, select_from_requests
from surveyapp.tracking.tally import NOT_DELIVERED, NOT_SENT, OUTSTANDING_STATES, SENT, STARTED

PEOPLE_ON_A_PAGE = 25
OVERDUE, PROMISED, PROMISE_PASSED = "overdue", "promised", "promise passed"
# What the list can be narrowed to, with the words of the choice.
STATES_IN_WORDS = {
    SENT: "Sent, not started",
    STARTED: "Started",
    NOT_DELIVERED: "Not delivered",
    NOT_SENT: "Not sent",
    OVERDUE: "Overdue",
    PROMISED: "Promised in a call",
    PROMISE_PASSED: "The promised day has passed",
}
_LINK_MAIL_IN_WORDS = {"request": "Request", "passed_on": "Passed to them", "chaser": "Chaser"}


@dataclass(frozen=True)
class OutstandingFilter:
    """What the list is narrowed to: an agency and a case by id, a state of STATES_IN_WORDS; None for all."""

    agency_id: int | None = None
    case_id: int | None = None
    state: str | None = None

    @property
    def narrows(self) -> bool:
        """Whether anybody may be left out."""
        return any((self.agency_id, self.case_id, self.state))


def outstanding_people(audit: Audit, wanted: OutstandingFilter, *, page: int = 1, today: date) -> CardPage:
    """One page of the contacts with something outstanding, each with all they owe, whatever the filter.

    First those whose promised day has passed, then by agency and name. `page` is moved to the nearest page
    that exists; `today` is a UK day. Takes eight statements at most, however many are outstanding.
    """
    last_emails = last_link_emails([audit.id])
    word = request_state(last_emails)
    promises = last_promises()
    columns: Any = select(AuditRequest.grant_id)
    matching = (
        select_from_requests(columns, [audit.id], last_emails)
        .outerjoin(promises, promises.c.grant_id == AuditRequest.grant_id)
        .where(word.in_(OUTSTANDING_STATES), _matches(audit, wanted, word, promises, today=today))
    )
    people = session.scalar(select(func.count(func.distinct(matching.subquery().c.grant_id)))) or 0
    pages = max(1, -(-people // PEOPLE_ON_A_PAGE))
    page = min(max(1, page), pages)
    has_passed = case((promises.c.promised_on < today, 0), else_=1)
    grants = session.execute(
        select(Grant, promises.c.promised_on, promises.c.noted_at)
        .join(Grant.contact)
        .join(Contact.agency)
        .outerjoin(promises, promises.c.grant_id == Grant.id)
        .where(Grant.id.in_(matching))
        .options(contains_eager(Grant.contact).contains_eager(Contact.agency))
        .order_by(has_passed, Agency.name, Contact.name, Grant.id)
        .limit(PEOPLE_ON_A_PAGE)
        .offset((page - 1) * PEOPLE_ON_A_PAGE)
    ).all()
    return CardPage(tuple(_cards(audit, grants)), people, page, pages)


def _matches(
    audit: Audit, wanted: OutstandingFilter, word: ColumnElement[str], promises: Subquery, *, today: date
) -> ColumnElement[bool]:
    """SQL condition: an outstanding request is one that the filter asks for."""
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.agency_id is not None:
        conditions.append(AuditRequest.agency_id == wanted.agency_id)
    if wanted.case_id is not None:
        conditions.append(AuditRequest.case_id == wanted.case_id)
    if wanted.state in OUTSTANDING_STATES:
        conditions.append(word == wanted.state)
    elif wanted.state == OVERDUE:
        conditions.append(_is_overdue(audit, today))
    elif wanted.state == PROMISED:
        conditions.append(promises.c.promised_on >= today)
    elif wanted.state == PROMISE_PASSED:
        conditions.append(promises.c.promised_on < today)
    return and_(*conditions)


def _is_overdue(audit: Audit, today: date) -> ColumnElement[bool]:
    """SQL condition: the later of the audit's due day and the request's own has passed."""
    own_has_passed = AuditRequest.due_on < today
    if audit.due_on is None:
        return own_has_passed
    return and_(literal(audit.due_on < today), or_(AuditRequest.due_on.is_(None), own_has_passed))


def _cards(audit: Audit, rows: Sequence[Any]) -> list[OutstandingCard]:
    grant_ids = [grant.id for grant, _promised_on, _noted_at in rows]
    owed, calls = _owed(audit, grant_ids), calls_by_grant(grant_ids)
    emails, chased = _last_emails(grant_ids), _chased(audit, grant_ids)
    replies = _automatic_replies(grant_ids)
    cards = []
    for grant, promised_on, noted_at in rows:
        times, last_at = chased.get(grant.id, (0, None))
        cards.append(
            OutstandingCard(
                grant=grant,
                owed=tuple(owed[grant.id]),
                calls=tuple(calls.get(grant.id, ())),
                promise=Promise(promised_on, made_on=local_day(noted_at)) if promised_on else None,
                last_email=emails.get(grant.id),
                chased=times,
                last_chased_on=local_day(last_at) if last_at else None,
                automatic_reply=replies.get(grant.id),
            )
        )
    return cards


def _owed(audit: Audit, grant_ids: Collection[int]) -> dict[int, list[OwedRequest]]:
    """The outstanding requests of these grants, in the order of the cases."""
    last_emails = last_link_emails([audit.id])
    word = request_state(last_emails)
    from_grant, passer = aliased(Grant), aliased(Contact)
    columns: Any = select(
        AuditRequest.grant_id,
        AuditRequest.id,
        Case.pseudonym,
        word,
        has_draft(),
        AuditRequest.due_on,
        func.coalesce(passer.name, ""),
        func.coalesce(Revision.received_by, "") != "",
    )
    rows = session.execute(
        select_from_requests(columns, [audit.id], last_emails)
        .join(Case, Case.id == AuditRequest.case_id)
        .outerjoin(Revision, Revision.id == Return.current_revision_id)
        .outerjoin(Delegation, and_(Delegation.request_id == AuditRequest.id, Delegation.under_way()))
        .outerjoin(from_grant, from_grant.id == Delegation.from_grant_id)
        .outerjoin(passer, passer.id == from_grant.contact_id)
        .where(AuditRequest.grant_id.in_(grant_ids), word.in_(OUTSTANDING_STATES))
        .order_by(Case.position, AuditRequest.id)
    )
    owed: defaultdict[int, list[OwedRequest]] = defaultdict(list)
    for grant_id, request_id, pseudonym, state, draft, own_day, passed_by, is_keyed in rows:
        due_on = due_day(audit.due_on, own_day)
        owed[grant_id].append(
            OwedRequest(request_id, pseudonym, state, bool(draft), due_on, passed_by, bool(is_keyed))
        )
    return owed


def _last_emails(grant_ids: Collection[int]) -> dict[int, LastEmail]:
    """The last email with the link that was queued for each of these grants, whatever became of it."""
    newest = (
        select(func.max(Outbox.id))
        .where(Outbox.kind.in_(LINK_MAIL_KINDS), Outbox.subject_id.in_(grant_ids))
        .group_by(Outbox.subject_id)
    )
    return {
        mail.subject_id: LastEmail(_LINK_MAIL_IN_WORDS[mail.kind], MAIL_STATE_WORDS[mail.state], mail.at)
        for mail in session.scalars(select(Outbox).where(Outbox.id.in_(newest)))
    }


def _automatic_replies(grant_ids: Collection[int]) -> dict[int, AutomaticReply]:
    """The latest automatic reply to any email with the link of each of these grants."""
    replies = (
        select(Outbox.subject_id, Bounce.said, Bounce.read_at)
        .join(Bounce.mail)
        .where(Bounce.kind == "away", Outbox.kind.in_(LINK_MAIL_KINDS), Outbox.subject_id.in_(grant_ids))
        .order_by(Bounce.id)
    )
    return {row[0]: AutomaticReply(row[1], row[2]) for row in session.execute(replies)}


def _chased(audit: Audit, grant_ids: Collection[int]) -> dict[int, tuple[int, datetime]]:
    """How many chasers each of these grants was sent, and when the last one left."""
    chased = chasers_sent(audit)
    rows = session.execute(select(chased).where(chased.c.grant_id.in_(grant_ids)))
    return {grant_id: (times, last_at) for grant_id, times, last_at in rows}


def outstanding_choices(audit: Audit) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The agencies and the cases to choose from, as ids and names: those that were asked in this audit."""
    requests = AuditRequest.audit_id == audit.id, AuditRequest.withdrawn_at.is_(None)
    asked = select(AuditRequest.agency_id).where(*requests)
    about = select(AuditRequest.case_id).where(*requests)
    agencies = select(Agency.id, Agency.name).where(Agency.id.in_(asked))
    cases = select(Case.id, Case.pseudonym).where(Case.id.in_(about))
    return (
        [(row[0], row[1]) for row in session.execute(agencies.order_by(Agency.name, Agency.id))],
        [(row[0], row[1]) for row in session.execute(cases.order_by(Case.position, Case.id))],
    )
