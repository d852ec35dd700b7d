"""The tag of an audit's status: a short text that changes whenever what its page counts may have changed."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select

from surveyapp.answering.models import Return
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.queries import LINK_MAIL_KINDS
from surveyapp.planning.models import Audit


def status_tag(audit_id: int, *, now: datetime) -> str:
    """The tag of one audit, from one statement that returns one row. `now` is UTC. Raises NoResultFound.

    What people do is an event; a draft moves its return's version without one, and the worker settles emails
    without one. At midnight a request becomes overdue. The tag may change although nothing that the page
    counts has changed: then the page is counted again in vain, and never the other way round.
    """
    requests = select(AuditRequest.id).where(AuditRequest.audit_id == audit_id)
    grants = select(Grant.id).where(Grant.audit_id == audit_id)
    last_event = select(func.max(Event.id)).scalar_subquery()
    versions = select(func.sum(Return.version)).where(Return.request_id.in_(requests)).scalar_subquery()
    emails = Outbox.kind.in_(LINK_MAIL_KINDS) & Outbox.subject_id.in_(grants)
    settled = [
        select(func.count()).where(emails, Outbox.state == state).scalar_subquery()
        for state in ("sent", "failed", "doubtful")
    ]
    row = session.execute(
        select(last_event, versions, *settled, Audit.closes_at).where(Audit.id == audit_id)
    ).one()
    closed = row[-1] is not None and row[-1] <= now
    words = "/".join(map(str, (*row, local_day(now), closed)))
    return sha256(words.encode()).hexdigest()[:24]
