"""One request as its page shows it: its contact, emails, saved texts, return and events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased

from surveyapp.answering.enquiry_queries import enquiries_of
from surveyapp.answering.keyed_in import KeyedIn, keyed_in
from surveyapp.answering.models import NIL_REASONS, REOPENING_REASONS, Concern, Enquiry, Return, Revision
from surveyapp.foundation.bounces.models import Bounce
from surveyapp.foundation.bounces.queries import bounces_of
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import MAIL_STATE_WORDS, Outbox
from surveyapp.issuing.delegation_queries import delegations_of, has_opened, why_outside_work
from surveyapp.issuing.models import MAIL_ABOUT_A_GRANT, AuditRequest, Delegation
from surveyapp.issuing.queries import last_link_emails, request_of
from surveyapp.tracking.event_sentences import EventSentence, event_sentences
from surveyapp.tracking.request_state import request_state, select_from_requests
from surveyapp.tracking.tally import OUTSTANDING_STATES

MAIL_KINDS_IN_WORDS = {
    "request": "Request",
    "passed_on": "Passed to a colleague",
    "sent_back": "Word that it is back",
    "chaser": "Chaser",
    "receipt": "Receipt",
    "receipt_several": "Receipt for several",
    "return_reopened": "Asked to correct it",
    "escalation": "Copy to the escalation contact",
    "concern": "Word of a current concern",
    "concern_taken_back": "Word that the concern was taken back",
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
    """One email about this request: its kind, address, state and time; `why` it was not sent, where known."""

    kind: str
    to: str
    state: str
    at: datetime
    why: str
    # What came back about it: a report of non-delivery that waits for a decision, and automatic replies.
    marks: tuple[Bounce, ...] = ()


@dataclass(frozen=True)
class RequestDetail:
    """One request with its history."""

    audit_request: AuditRequest
    word: str
    audit_return: Return | None
    # The kind and time of each text that was stored, and who keyed it in, oldest first.
    revisions: tuple[tuple[str, datetime, str], ...]
    request_emails: tuple[RequestEmail, ...]
    events: tuple[EventSentence, ...]
    delegations: tuple[Delegation, ...] = ()
    enquiries: tuple[Enquiry, ...] = ()
    # Why the address of the colleague who has it does not look like one of the agency's; empty if it does.
    outside_work: str = ""
    # Whether the colleague who has it never opened a link, and can be removed.
    may_remove: bool = False
    # Who keyed in what the return holds now, on behalf of the contact; None if the contact sent it.
    keyed: KeyedIn | None = None

    @property
    def open_delegation(self) -> Delegation | None:
        """The delegation under way, while a colleague has the request."""
        return next((delegation for delegation in self.delegations if delegation.is_under_way), None)

    @property
    def nil_reason(self) -> str:
        """The reason chosen for a nil return, in words; empty for any other request."""
        return NIL_REASONS.get(self.audit_return.nil_reason, "") if self.audit_return else ""

    @property
    def reopening_reason(self) -> str:
        """Why the return is open for correction, in words; empty if it is not."""
        return REOPENING_REASONS.get(self.audit_return.reopening_reason, "") if self.audit_return else ""

    @property
    def may_be_late(self) -> bool:
        """Whether a late return can be allowed: the request is outstanding, and none is allowed yet."""
        allowed = self.audit_return is not None and self.audit_return.late_allowed_at is not None
        return self.word in OUTSTANDING_STATES and not allowed

    @property
    def late_texts(self) -> int:
        """How many texts were saved after returns had closed."""
        return sum(kind == "late" for kind, _at, _keyed_by in self.revisions)


def request_detail(audit_id: int, request_id: int, *, reader: str = "") -> RequestDetail:
    """One request of an audit with its history.

    `reader` is the actor's name in events, so that the sentences can say "You". Raises NotFound where the
    audit has no such request.
    """
    audit_request = request_of(audit_id, request_id)
    audit_return = session.scalar(select(Return).where(Return.request_id == audit_request.id))
    revisions = (
        session.execute(
            select(Revision.kind, Revision.created_at, Revision.keyed_by)
            .where(Revision.return_id == audit_return.id)
            .order_by(Revision.id)
        )
        if audit_return
        else ()
    )
    delegations = tuple(delegations_of(audit_request))
    enquiries = tuple(enquiries_of(audit_request))
    passed = next((delegation for delegation in delegations if delegation.is_under_way), None)
    return RequestDetail(
        audit_request=audit_request,
        word=_state_of(audit_request),
        audit_return=audit_return,
        revisions=tuple((row[0], row[1], row[2]) for row in revisions),
        request_emails=_request_emails(audit_request, audit_return, delegations, enquiries),
        events=event_sentences(audit_request, reader=reader),
        delegations=delegations,
        enquiries=enquiries,
        keyed=keyed_in(audit_return),
        outside_work=why_outside_work(passed) if passed else "",
        may_remove=passed is not None
        and passed.to_grant.contact.role == "colleague"
        and not has_opened(passed.to_grant.contact),
    )


def _state_of(audit_request: AuditRequest) -> str:
    audit_ids = [audit_request.audit_id]
    last_emails = last_link_emails(audit_ids)
    state: Select[Any] = select(request_state(last_emails))
    states = select_from_requests(state, audit_ids, last_emails).where(AuditRequest.id == audit_request.id)
    return str(session.scalar(states))


def _request_emails(
    audit_request: AuditRequest,
    audit_return: Return | None,
    delegations: Sequence[Delegation],
    enquiries: Sequence[Enquiry],
) -> tuple[RequestEmail, ...]:
    grant_ids = {audit_request.grant_id}
    for delegation in delegations:
        grant_ids |= {delegation.from_grant_id, delegation.to_grant_id}
    concern_id = select(Concern.id).where(Concern.request_id == audit_request.id).scalar_subquery()
    about_request = [
        Outbox.kind.in_(MAIL_ABOUT_A_GRANT) & Outbox.subject_id.in_(grant_ids),
        (Outbox.kind == "sent_back") & Outbox.subject_id.in_([delegation.id for delegation in delegations]),
        Outbox.kind.in_(("concern", "concern_taken_back")) & (Outbox.subject_id == concern_id),
    ]
    if audit_return:
        about_request.append(
            Outbox.kind.in_(("receipt", "return_reopened")) & (Outbox.subject_id == audit_return.id)
        )
        # One receipt may be about several requests that were returned in one press.
        own, same_press = aliased(Revision), aliased(Revision)
        presses = (
            select(same_press.id)
            .join(own, and_(own.grant_id == same_press.grant_id, own.created_at == same_press.created_at))
            .where(own.return_id == audit_return.id, own.kind == "nil", same_press.kind == "nil")
        )
        about_request.append((Outbox.kind == "receipt_several") & Outbox.subject_id.in_(presses))
    if enquiries:
        kinds = Outbox.kind.in_(("enquiry", "enquiry_answered"))
        ids = {enquiry.asked_with_id or enquiry.id for enquiry in enquiries}
        about_request.append(kinds & Outbox.subject_id.in_(ids | {enquiry.id for enquiry in enquiries}))
    rows = session.scalars(select(Outbox).where(or_(*about_request)).order_by(Outbox.id)).all()
    marks = bounces_of([mail.id for mail in rows])
    return tuple(
        RequestEmail(
            kind=MAIL_KINDS_IN_WORDS.get(mail.kind, mail.kind),
            to=mail.to_addr,
            state=MAIL_STATE_WORDS[mail.state],
            at=mail.at,
            why=mail.last_text if mail.state in {"failed", "doubtful", "cancelled"} else "",
            marks=tuple(marks.get(mail.id, ())),
        )
        for mail in rows
    )
