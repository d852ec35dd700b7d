"""Removes old events from the log, and old emails that are about no audit."""

from datetime import datetime, time

from sqlalchemy import delete, func, select

from surveyapp.foundation.bounces.models import Bounce
from surveyapp.foundation.clock import local_day, utc_moment
from surveyapp.foundation.event_chain.operations import remove_events_before
from surveyapp.foundation.mail.outbox import TEST_KIND
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.mailing.subjects import ABOUT_NO_AUDIT
from surveyapp.retention.calendar_months import MONTHS_IN_YEAR, add_months

WORKER = "worker"


def remove_old_events(now: datetime) -> int:
    """Remove events, and emails about no audit, older than the log is kept; returns how many events.

    The worker runs it. The rest of the log can still be verified. Raises LogDoesNotAgree.
    """
    day = add_months(local_day(now), -settings().keep_log_years * MONTHS_IN_YEAR)
    began = utc_moment(day, time.min)
    oldest = session.scalar(select(func.min(Event.at)))
    if oldest is None or oldest >= began:
        return 0
    old = select(Outbox.id).where(
        Outbox.kind.in_((*ABOUT_NO_AUDIT, TEST_KIND.name)), Outbox.created_at < began
    )
    mail_ids = session.scalars(old).all()
    for statement in (
        delete(Bounce).where(Bounce.mail_id.in_(mail_ids)),
        delete(Outbox).where(Outbox.id.in_(mail_ids)),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})
    return remove_events_before(day, actor=WORKER, now=now)
