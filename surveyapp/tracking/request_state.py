"""How each request stands, in one word: the one expression from which every page, file and command counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, select

from surveyapp.agencies.models import Contact
from surveyapp.answering.models import Return
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.words.shares import Share
from surveyapp.issuing.models import AuditRequest, Grant

NOT_SENT, SENT, NOT_DELIVERED, STARTED = "not sent", "sent", "not delivered", "started"
RETURNED, NIL_RETURNED, LATE, WITHDRAWN = "returned", "nil return", "late", "withdrawn"
REQUEST_STATES = (NOT_SENT, SENT, NOT_DELIVERED, STARTED, RETURNED, NIL_RETURNED, LATE, WITHDRAWN)
RETURNED_STATES = frozenset({RETURNED, NIL_RETURNED, LATE})
OUTSTANDING_STATES = frozenset({NOT_SENT, SENT, NOT_DELIVERED, STARTED})

# The emails that carry the link: whether they arrive decides whether anybody was asked.
LINK_MAIL_KINDS = ("request", "passed_on", "chaser")


@dataclass(frozen=True)
class Tally:
    """How many requests stand how; withdrawn ones are beside the count, not in it.

    Nil and late returns are among the returned. Started, undelivered and overdue are three looks at the
    outstanding: one request may be all three.
    """

    returned: int = 0
    nil: int = 0
    late: int = 0
    outstanding: int = 0
    overdue: int = 0
    undelivered: int = 0
    started: int = 0
    withdrawn: int = 0

    @property
    def requests(self) -> int:
        """What the returned are out of: every request that was not withdrawn."""
        return self.returned + self.outstanding

    @property
    def share(self) -> Share:
        """The return rate: returns out of requests."""
        return Share(self.returned, self.requests, "requests")

    @property
    def in_words(self) -> str:
        """The count with what it is out of: 77 of 90 returned (85.6%)."""
        return f"{self.returned:,} of {self.requests:,} returned{self.share.in_brackets}"

    @classmethod
    def of(cls, counted: Iterable[tuple[str, bool, bool, int]]) -> "Tally":
        """Add up (word, whether a draft is there, whether the day it is due has passed, how many)."""
        words = dict.fromkeys(REQUEST_STATES, 0)
        started = overdue = 0
        for word, has_draft, is_past, count in counted:
            words[word] += count
            started += count if has_draft and word in OUTSTANDING_STATES else 0
            overdue += count if is_past and word in OUTSTANDING_STATES else 0
        outstanding = sum(words[word] for word in OUTSTANDING_STATES)
        return cls(
            returned=sum(words[word] for word in RETURNED_STATES),
            nil=words[NIL_RETURNED],
            late=words[LATE],
            outstanding=outstanding,
            overdue=overdue,
            undelivered=words[NOT_DELIVERED],
            started=started,
            withdrawn=words[WITHDRAWN],
        )


def last_link_emails(audit_ids: Sequence[int]) -> Subquery:
    """For each grant of these audits, what became of the last email with its link to the address it has now.

    `last` is odd when that email was refused for good; a grant to whom nothing has gone yet has no row.
    An earlier address does not count: correcting it ends "not delivered".
    """
    # The row's id doubled keeps their order, and the odd bit carries the outcome along: no second join.
    refused = case((Outbox.state == "failed", 1), else_=0)
    return (
        select(Grant.id.label("grant_id"), func.max(Outbox.id * 2 + refused).label("last"))
        .join(Contact, Contact.id == Grant.contact_id)
        .join(
            Outbox,
            and_(
                Outbox.kind.in_(LINK_MAIL_KINDS),
                Outbox.subject_id == Grant.id,
                Outbox.to_addr == Contact.email,
                Outbox.state.in_(("sent", "failed", "doubtful")),
            ),
        )
        .where(Grant.audit_id.in_(audit_ids))
        .group_by(Grant.id)
        .subquery("posted")
    )


def is_refused(found: Subquery) -> ColumnElement[bool]:
    """Whether the last email was refused for good."""
    return found.c.last % 2 == 1


def request_state(found: Subquery) -> ColumnElement[str]:
    """The word for one request; what came in outranks what was sent, a refused address a draft."""
    return case(
        (AuditRequest.withdrawn_at.is_not(None), literal(WITHDRAWN)),
        (and_(Return.returned_at.is_not(None), Return.nil_reason != ""), literal(NIL_RETURNED)),
        (and_(Return.returned_at.is_not(None), Return.is_late), literal(LATE)),
        (Return.returned_at.is_not(None), literal(RETURNED)),
        (is_refused(found), literal(NOT_DELIVERED)),
        (Return.current_revision_id.is_not(None), literal(STARTED)),
        (found.c.last.is_not(None), literal(SENT)),
        else_=literal(NOT_SENT),
    )


def has_draft() -> ColumnElement[bool]:
    """Whether answers are saved; of a request that has not come back, that is its draft."""
    return Return.current_revision_id.is_not(None)


def select_from_requests(chosen: Select[Any], audit_ids: Sequence[int], found: Subquery) -> Select[Any]:
    """Choose columns of the requests of these audits, beside their returns and what was posted."""
    return (
        chosen.select_from(AuditRequest)
        .outerjoin(Return, Return.request_id == AuditRequest.id)
        .outerjoin(found, found.c.grant_id == AuditRequest.grant_id)
        .where(AuditRequest.audit_id.in_(audit_ids))
    )
