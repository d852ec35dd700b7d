"""Queries about emails that carry a link: addresses that refused the last one, audits chased today."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import select

from surveyapp.foundation.clock import local_day, utc_moment
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import Grant
from surveyapp.planning.models import Audit
from surveyapp.tracking.request_state import is_refused, last_link_emails


def refused_grants(audit: Audit) -> set[int]:
    """The ids of this audit's grants whose present address refused the last email."""
    last_emails = last_link_emails([audit.id])
    return set(session.scalars(select(last_emails.c.grant_id).where(is_refused(last_emails))))


def last_email_sent(grant: Grant) -> Outbox | None:
    """The last email with the link that was sent to the contact's present address; it may still bounce.

    None if there is none, or if a later one was refused or is in doubt.
    """
    last_emails = last_link_emails([grant.audit_id])
    last = select(last_emails.c.last).where(last_emails.c.grant_id == grant.id).scalar_subquery()
    return session.scalar(select(Outbox).where(Outbox.id * 2 == last, Outbox.state == "sent"))


def audits_chased_today(audits: Sequence[Audit], *, now: datetime) -> set[int]:
    """The ids of those audits for which a chaser was queued since midnight UK time, by hand or not."""
    since = utc_moment(local_day(now), time())
    audit_ids = (
        select(Grant.audit_id)
        .join(Outbox, Outbox.subject_id == Grant.id)
        .where(
            Outbox.kind == "chaser",
            Outbox.created_at >= since,
            Grant.audit_id.in_([audit.id for audit in audits]),
        )
    )
    return set(session.scalars(audit_ids.distinct()))
