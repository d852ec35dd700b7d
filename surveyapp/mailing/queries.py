"""Queries for the page Mail: one page of emails, filtered, with what each is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, literal, or_, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.mailing.subjects import RECEIPTS, SUBJECTS
from surveyapp.planning.models import Audit

MESSAGES_ON_A_PAGE = 20
# What a person has to decide or correct, in the order in which it is listed.
PROBLEM_STATES = ("doubtful", "failed")
PROBLEMS = "problems"


@dataclass(frozen=True)
class MailFilter:
    """Which emails the page shows; None or an empty text leaves that open.

    `state` is a state of an email, or PROBLEMS. Receipts without a problem are folded away unless `receipts`.
    """

    audit_id: int | None = None
    agency_id: int | None = None
    state: str = ""
    receipts: bool = False


@dataclass(frozen=True)
class MailSubject:
    """What an email is about: an audit, and if known an agency, a contact and a request."""

    audit_id: int
    audit: str
    agency: str = ""
    contact: str = ""
    request_id: int | None = None


@dataclass(frozen=True)
class MailPage:
    """One page of emails with what each is about, if anything; and how many there are."""

    rows: tuple[tuple[Outbox, MailSubject | None], ...]
    total: int
    # How many receipts the filter leaves out.
    folded: int


def mail_page(wanted: MailFilter, *, page: int) -> MailPage:
    """One page of emails: those with a problem first, then the latest first. Pages are numbered from 1.

    Takes two statements, and up to four more to say what the emails are about, whatever their number.
    """
    matches = _matches(wanted)
    folded = _is_folded() if not wanted.receipts else false()
    counted = select(func.count().filter(~folded), func.count().filter(folded)).select_from(Outbox)
    counts = session.execute(counted.where(*matches)).one()
    rank = case({state: rank for rank, state in enumerate(PROBLEM_STATES)}, value=Outbox.state, else_=9)
    latest = func.coalesce(Outbox.handed_over_at, Outbox.finished_at, Outbox.created_at)
    shown = select(Outbox).where(*matches, ~folded).order_by(rank, latest.desc(), Outbox.id.desc())
    emails = list(session.scalars(shown.offset((page - 1) * MESSAGES_ON_A_PAGE).limit(MESSAGES_ON_A_PAGE)))
    subjects = subjects_of(emails)
    return MailPage(
        tuple((mail, subjects.get((mail.kind, mail.subject_id))) for mail in emails), counts[0], counts[1]
    )


def _matches(wanted: MailFilter) -> list[ColumnElement[bool]]:
    matches: list[ColumnElement[bool]] = []
    if wanted.audit_id is not None:
        matches.append(or_(*(subject.of(wanted.audit_id) for subject in SUBJECTS)))
    if wanted.agency_id is not None:
        matches.append(or_(*(subject.of_agency(wanted.agency_id) for subject in SUBJECTS)))
    if wanted.state:
        states = PROBLEM_STATES if wanted.state == PROBLEMS else (wanted.state,)
        matches.append(Outbox.state.in_(states))
    return matches


def _is_folded() -> ColumnElement[bool]:
    """SQL condition: a receipt without a problem."""
    return Outbox.kind.in_(RECEIPTS) & Outbox.state.not_in(PROBLEM_STATES)


def subjects_of(emails: Sequence[Outbox]) -> dict[tuple[str, int], MailSubject]:
    """What these emails are about, by kind and id of the subject."""
    found = _rows_of(emails)
    if not found:
        return {}
    grants = _grants({grant_id for *_ids, grant_id in found.values() if grant_id is not None})
    requests = _requests({request_id for _audit, request_id, _ in found.values() if request_id is not None})
    titles = _titles({audit_id for audit_id, *_ids in found.values()})
    subjects = {}
    for key, (audit_id, request_id, grant_id) in found.items():
        agency, contact, first_request = grants.get(grant_id or 0, ("", "", None))
        subjects[key] = MailSubject(
            audit_id,
            titles[audit_id],
            requests.get(request_id or 0, agency),
            contact,
            request_id or first_request,
        )
    return subjects


def is_of_example(kind: str, subject_id: int) -> bool:
    """Whether an email of this kind about this subject is about the example audit."""
    for subject in SUBJECTS:
        if kind in subject.kinds:
            rows = subject.rows.subquery()
            example = select(Audit.id).join(rows, rows.c[1] == Audit.id)
            found = session.scalar(example.where(rows.c[0] == subject_id, Audit.is_example).limit(1))
            return found is not None
    return False


def _rows_of(emails: Sequence[Outbox]) -> dict[tuple[str, int], tuple[int, int | None, int | None]]:
    """The ids of audit, request and grant, by kind and id of the subject, in one statement."""
    parts: list[Select[Any]] = []
    for number, subject in enumerate(SUBJECTS):
        ids = {mail.subject_id for mail in emails if mail.kind in subject.kinds}
        if ids:
            rows = subject.rows.subquery()
            parts.append(select(literal(number), *rows.c).where(rows.c[0].in_(ids)))
    if not parts:
        return {}
    return {
        (kind, subject_id): (audit_id, request_id, grant_id)
        for number, subject_id, audit_id, request_id, grant_id in session.execute(union_all(*parts))
        for kind in SUBJECTS[number].kinds
    }


def _grants(grant_ids: Iterable[int]) -> dict[int, tuple[str, str, int | None]]:
    """Agency, contact and first request of each grant."""
    ids = set(grant_ids)
    if not ids:
        return {}
    rows = (
        select(Grant.id, Agency.name, Contact.name, func.min(AuditRequest.id))
        .join(Contact, Contact.id == Grant.contact_id)
        .join(Agency, Agency.id == Contact.agency_id)
        .outerjoin(AuditRequest, AuditRequest.grant_id == Grant.id)
        .where(Grant.id.in_(ids))
        .group_by(Grant.id, Agency.name, Contact.name)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(rows)}


def _requests(request_ids: Iterable[int]) -> dict[int, str]:
    """The agency of each request."""
    ids = set(request_ids)
    if not ids:
        return {}
    rows = select(AuditRequest.id, Agency.name).join(Agency, Agency.id == AuditRequest.agency_id)
    return {row[0]: row[1] for row in session.execute(rows.where(AuditRequest.id.in_(ids)))}


def _titles(audit_ids: Iterable[int]) -> dict[int, str]:
    rows = select(Audit.id, Audit.title).where(Audit.id.in_(set(audit_ids)))
    return {row[0]: row[1] for row in session.execute(rows)}


def links_ended_by_restore() -> list[Grant]:
    """The grants whose links the last restore withdrew or replaced again, by audit and contact."""
    last = select(func.max(Event.id)).where(Event.action == "restored_backup").scalar_subquery()
    ended = select(Event.object).where(Event.action == "ended_link_again", Event.id < last)
    earlier = select(func.max(Event.id)).where(Event.action == "restored_backup", Event.id < last)
    ended = ended.where(Event.id > func.coalesce(earlier.scalar_subquery(), 0))
    ids = [int(name.removeprefix("grant ")) for name in session.scalars(ended)]
    grants = (
        select(Grant)
        .join(Grant.contact)
        .where(Grant.id.in_(ids))
        .options(contains_eager(Grant.contact).joinedload(Contact.agency), joinedload(Grant.audit))
        .order_by(Grant.audit_id, Contact.name, Grant.id)
    )
    return list(session.scalars(grants))


def audits_and_agencies() -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Every issued audit, latest first, and every agency, by name: the choices of the filter."""
    audits = select(Audit.id, Audit.title).where(Audit.issued_at.is_not(None)).order_by(Audit.id.desc())
    agencies = select(Agency.id, Agency.name).order_by(Agency.name, Agency.id)
    return (
        [(row[0], row[1]) for row in session.execute(audits)],
        [(row[0], row[1]) for row in session.execute(agencies)],
    )
