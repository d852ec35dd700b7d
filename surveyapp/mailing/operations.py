"""Decisions on reports that an email was not delivered, and notes of those of which somebody heard."""

from datetime import datetime

from surveyapp.foundation.bounces.operations import settle_bounce
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.mail.outbox import count_as_bounced
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.link_operations import note_bounce
from surveyapp.issuing.models import Grant
from surveyapp.issuing.queries import LINK_MAIL_KINDS


def note_as_bounced(mail_id: int, *, actor: str, now: datetime) -> None:
    """Count an email as not delivered, since it came back; its address gets no more chasers.

    Raises NotFound if there is no such email, Refused if it does not count as sent.
    """
    mail = session.get(Outbox, mail_id)
    if mail is None:
        raise NotFound
    grant = session.get(Grant, mail.subject_id) if mail.kind in LINK_MAIL_KINDS else None
    if grant is not None:
        note_bounce(grant, mail_id, actor=actor, now=now)
        return
    count_as_bounced(mail_id, now=now)
    record_event(actor, "noted_bounce", f"mail {mail_id}", now=now)


def settle(bounce_id: int, *, arrived: bool, actor: str, now: datetime) -> None:
    """Settle a report of non-delivery: the email arrived all the same, or it counts as not delivered.

    Raises NotFound if there is no such report, Refused if it has been settled.
    """
    bounce = settle_bounce(bounce_id, arrived=arrived, now=now)
    if arrived:
        record_event(actor, "dismissed_bounce", f"mail {bounce.mail_id}", now=now)
    else:
        note_as_bounced(bounce.mail_id, actor=actor, now=now)
