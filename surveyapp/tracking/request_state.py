"""The state of a request as one SQL expression, from which every page, file and command counts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, select

from surveyapp.agencies.models import Contact
from surveyapp.answering.models import Return
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.tracking.tally import (
    LATE,
    NIL_RETURNED,
    NOT_DELIVERED,
    NOT_SENT,
    RETURNED,
    SENT,
    STARTED,
    WITHDRAWN,
)

# The emails that carry the link. A contact has been asked once one of them was sent.
LINK_MAIL_KINDS = ("request", "passed_on", "chaser")


def last_link_emails(audit_ids: Sequence[int]) -> Subquery:
    """Subquery: for each grant of these audits, the last email with its link to its present address.

    `last` is twice the email's outbox id, plus 1 if the email was refused for good. A grant without such an
    email has no row. Emails to an earlier address do not count, so that correcting an address ends "not
    delivered".
    """
    # The largest value belongs to the latest email; its lowest bit gives the outcome without another join.
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


def is_refused(last_emails: Subquery) -> ColumnElement[bool]:
    """SQL condition: the last email was refused for good."""
    return last_emails.c.last % 2 == 1


def request_state(last_emails: Subquery) -> ColumnElement[str]:
    """SQL expression for the state of a request, one of `REQUEST_STATES`.

    A return outranks every email, and a refused address outranks a draft.
    """
    return case(
        (AuditRequest.withdrawn_at.is_not(None), literal(WITHDRAWN)),
        (and_(Return.returned_at.is_not(None), Return.nil_reason != ""), literal(NIL_RETURNED)),
        (and_(Return.returned_at.is_not(None), Return.is_late), literal(LATE)),
        (Return.returned_at.is_not(None), literal(RETURNED)),
        (is_refused(last_emails), literal(NOT_DELIVERED)),
        (Return.current_revision_id.is_not(None), literal(STARTED)),
        (last_emails.c.last.is_not(None), literal(SENT)),
        else_=literal(NOT_SENT),
    )


def has_draft() -> ColumnElement[bool]:
    """SQL condition: answers are stored. For an outstanding request these are its draft."""
    return Return.current_revision_id.is_not(None)


def select_from_requests(
    columns: Select[Any], audit_ids: Sequence[int], last_emails: Subquery
) -> Select[Any]:
    """Select columns from the requests of these audits, joined to their returns and their last emails."""
    return (
        columns.select_from(AuditRequest)
        .outerjoin(Return, Return.request_id == AuditRequest.id)
        .outerjoin(last_emails, last_emails.c.grant_id == AuditRequest.grant_id)
        .where(AuditRequest.audit_id.in_(audit_ids))
    )
