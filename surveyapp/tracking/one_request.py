"""One request as its page shows it: who is asked, what was sent, saved and returned, and who did what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from surveyapp.answering.models import NIL_REASONS, Return, Revision
from surveyapp.foundation.db import session
from surveyapp.foundation.models import STATE_WORDS, Outbox
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import request_of
from surveyapp.tracking.standing import WAITING, of_requests, posted, standing
from surveyapp.tracking.what_was_done import Done, what_was_done

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
    done: tuple[Done, ...]

    @property
    def nil_reason(self) -> str:
        """Why the agency has nothing to audit, in the words that were chosen; empty where it has."""
        return NIL_REASONS.get(self.audit_return.nil_reason, "") if self.audit_return else ""

    @property
    def may_be_late(self) -> bool:
        """Whether it can still be taken once returns have closed: outstanding, and not allowed yet."""
        allowed = self.audit_return is not None and self.audit_return.late_allowed_at is not None
        return self.word in WAITING and not allowed

    @property
    def late_texts(self) -> int:
        """How many times somebody saved after returns had closed."""
        return sum(kind == "late" for kind, _at in self.revisions)


def request_picture(audit_id: int, request_id: int, *, reader: str = "") -> RequestPicture:
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
    mail = posted([audit_id])
    chosen: Select[Any] = select(standing(mail))
    word = session.scalar(of_requests(chosen, [audit_id], mail).where(AuditRequest.id == found.id))
    return RequestPicture(
        audit_request=found,
        word=str(word),
        audit_return=kept,
        revisions=tuple((row[0], row[1]) for row in revisions),
        postings=_postings(found, kept),
        done=what_was_done(found, reader=reader),
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
            state=STATE_WORDS[mail.state],
            at=mail.at,
            why=mail.last_text if mail.state in {"failed", "doubtful", "cancelled"} else "",
        )
        for mail in rows
    )
