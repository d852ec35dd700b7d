"""One request as its page shows it: who is asked, what was sent, saved and returned, and who did what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from surveyapp.answering.enquiry_queries import enquiries_of
from surveyapp.answering.models import NIL_REASONS, Concern, Enquiry, Return, Revision
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import MAIL_STATE_WORDS, Outbox
from surveyapp.issuing.delegation_queries import delegations_of
from surveyapp.issuing.models import MAIL_ABOUT_A_GRANT, AuditRequest, Delegation
from surveyapp.issuing.queries import request_of
from surveyapp.tracking.event_sentences import EventSentence, event_sentences
from surveyapp.tracking.request_state import (
    OUTSTANDING_STATES,
    last_link_emails,
    request_state,
    select_from_requests,
)

MAIL_KINDS_IN_WORDS = {
    "request": "Request",
    "passed_on": "Passed to a colleague",
    "sent_back": "Sent back to be checked",
    "chaser": "Chaser",
    "receipt": "Receipt",
    "escalation": "Copy to the escalation contact",
    "concern": "Word of a current concern",
    "enquiry": "Told you of what was asked",
    "enquiry_answered": "There is an answer",
}
REVISION_KINDS_IN_WORDS = {
    "save": "Draft saved",
    "submit": "Returned",
    "nil": "Returned as not involved",
    "autosave": "Kept while it was typed, not saved",
    "clash": "Saved beside other answers",
    "late": "Saved after returns had closed, not sent",
}


@dataclass(frozen=True)
class RequestEmail:
    """One email about this request: which, to whom, and what became of it, when."""

    kind: str
    to: str
    state: str
    at: datetime
    why: str


@dataclass(frozen=True)
class RequestDetail:
    """All there is to know about one request."""

    audit_request: AuditRequest
    word: str
    audit_return: Return | None
    revisions: tuple[tuple[str, datetime], ...]
    request_emails: tuple[RequestEmail, ...]
    done: tuple[EventSentence, ...]
    passes: tuple[Delegation, ...] = ()
    enquiries: tuple[Enquiry, ...] = ()

    @property
    def passed(self) -> Delegation | None:
        """The pass under way, while a colleague of the one who was asked has it."""
        return next((each for each in self.passes if each.is_under_way), None)

    @property
    def nil_reason(self) -> str:
        """Why the agency has nothing to audit, in the words that were chosen; empty where it has."""
        return NIL_REASONS.get(self.audit_return.nil_reason, "") if self.audit_return else ""

    @property
    def may_be_late(self) -> bool:
        """Whether it can still be taken once returns have closed: outstanding, and not allowed yet."""
        allowed = self.audit_return is not None and self.audit_return.late_allowed_at is not None
        return self.word in OUTSTANDING_STATES and not allowed

    @property
    def late_texts(self) -> int:
        """How many times somebody saved after returns had closed."""
        return sum(kind == "late" for kind, _at in self.revisions)


def request_detail(audit_id: int, request_id: int, *, reader: str = "") -> RequestDetail:
    """Give one request of an audit with its history, told to `reader`, whose name events keep.

    Raises NotFound where the audit has no such request.
    """
    found = request_of(audit_id, request_id)
    kept = session.scalar(select(Return).where(Return.request_id == found.id))
    revisions = (
        session.execute(
            select(Revision.kind, Revision.created_at)
            .where(Revision.return_id == kept.id)
            .order_by(Revision.id)
        )
        if kept
        else ()
    )
    passes = tuple(delegations_of(found))
    mail = last_link_emails([audit_id])
    enquiries = enquiries_of(found)
    chosen: Select[Any] = select(request_state(mail))
    word = session.scalar(select_from_requests(chosen, [audit_id], mail).where(AuditRequest.id == found.id))
    return RequestDetail(
        audit_request=found,
        word=str(word),
        audit_return=kept,
        revisions=tuple((row[0], row[1]) for row in revisions),
        request_emails=_request_emails(found, kept, passes, [each.id for each in enquiries]),
        passes=passes,
        done=event_sentences(found, reader=reader),
        enquiries=tuple(enquiries),
    )


def _request_emails(
    audit_request: AuditRequest,
    kept: Return | None,
    passes: tuple[Delegation, ...],
    enquiry_ids: list[int],
) -> tuple[RequestEmail, ...]:
    held = {audit_request.grant_id, *(each.from_grant_id for each in passes)}
    held |= {each.to_grant_id for each in passes}
    mine = [
        Outbox.kind.in_(MAIL_ABOUT_A_GRANT) & Outbox.subject_id.in_(held),
        (Outbox.kind == "sent_back") & Outbox.subject_id.in_([each.id for each in passes]),
    ]
    if kept:
        mine.append((Outbox.kind == "receipt") & (Outbox.subject_id == kept.id))
    concern = select(Concern.id).where(Concern.request_id == audit_request.id).scalar_subquery()
    mine.append((Outbox.kind == "concern") & (Outbox.subject_id == concern))
    if enquiry_ids:
        about = Outbox.kind.in_(("enquiry", "enquiry_answered"))
        mine.append(about & Outbox.subject_id.in_(enquiry_ids))
    rows = session.scalars(select(Outbox).where(or_(*mine)).order_by(Outbox.id))
    return tuple(
        RequestEmail(
            kind=MAIL_KINDS_IN_WORDS.get(mail.kind, mail.kind),
            to=mail.to_addr,
            state=MAIL_STATE_WORDS[mail.state],
            at=mail.at,
            why=mail.last_text if mail.state in {"failed", "doubtful", "cancelled"} else "",
        )
        for mail in rows
    )
