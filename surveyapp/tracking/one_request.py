"""One request as its page shows it: who is asked, what was sent, saved and returned, and who did what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from surveyapp.answering.models import NIL_REASONS, Return, Revision
from surveyapp.foundation.db import session
from surveyapp.foundation.events import Event
from surveyapp.foundation.models import Outbox
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import request_of
from surveyapp.tracking.standing import of_requests, posted, standing

MOST_EVENTS = 50

# The words for what became of an email, as staff read them.
MAIL_STATES = {
    "queued": "Waiting to be sent",
    "sending": "Being sent",
    "sent": "Sent",
    "failed": "Not delivered",
    "doubtful": "Not certain",
    "cancelled": "Cancelled",
    "expired": "Not sent in time",
}
MAIL_KINDS = {
    "request": "Request",
    "chaser": "Chaser",
    "receipt": "Receipt",
    "escalation": "Copy to the escalation contact",
}
SAVED_AS = {
    "save": "Draft saved",
    "submit": "Returned",
    "nil": "Returned as not involved",
    "clash": "Saved beside a colleague’s answers",
    "late": "Saved after returns had closed, not sent",
}


@dataclass(frozen=True)
class Posting:
    """One email about this request: which, to whom, and what became of it, when."""

    kind: str
    to: str
    state: str
    at: datetime
    why: str


@dataclass(frozen=True)
class RequestPicture:
    """All there is to know about one request."""

    audit_request: AuditRequest
    word: str
    audit_return: Return | None
    revisions: tuple[tuple[str, datetime], ...]
    postings: tuple[Posting, ...]
    events: tuple[Event, ...]

    @property
    def nil_reason(self) -> str:
        """Why the agency has nothing to audit, in the words that were chosen; empty where it has."""
        return NIL_REASONS.get(self.audit_return.nil_reason, "") if self.audit_return else ""

    @property
    def late_texts(self) -> int:
        """How many times somebody saved after returns had closed."""
        return sum(kind == "late" for kind, _at in self.revisions)


def request_picture(audit_id: int, request_id: int) -> RequestPicture:
    """Give one request of an audit with its history. Raises NotFound where the audit has no such request."""
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
    mail = posted([audit_id])
    chosen: Select[Any] = select(standing(mail))
    word = session.scalar(of_requests(chosen, [audit_id], mail).where(AuditRequest.id == found.id))
    about = [f"request {found.id}", f"grant {found.grant_id}", *([f"return {kept.id}"] if kept else [])]
    events = select(Event).where(Event.object.in_(about)).order_by(Event.id.desc()).limit(MOST_EVENTS)
    return RequestPicture(
        audit_request=found,
        word=str(word),
        audit_return=kept,
        revisions=tuple((row[0], row[1]) for row in revisions),
        postings=_postings(found, kept),
        events=tuple(session.scalars(events)),
    )


def _postings(audit_request: AuditRequest, kept: Return | None) -> tuple[Posting, ...]:
    mine = [
        (Outbox.kind.in_(("request", "chaser", "escalation"))) & (Outbox.subject_id == audit_request.grant_id)
    ]
    if kept:
        mine.append((Outbox.kind == "receipt") & (Outbox.subject_id == kept.id))
    rows = session.scalars(select(Outbox).where(or_(*mine)).order_by(Outbox.id))
    return tuple(
        Posting(
            kind=MAIL_KINDS.get(mail.kind, mail.kind),
            to=mail.to_addr,
            state=MAIL_STATES[mail.state],
            at=mail.handed_over_at or mail.finished_at or mail.created_at,
            why=mail.last_text if mail.state in {"failed", "doubtful", "cancelled"} else "",
        )
        for mail in rows
    )
