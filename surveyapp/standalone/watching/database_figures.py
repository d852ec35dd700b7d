"""Figures from the database for Prometheus: emails by state, the worker’s last look, returns today."""

from collections.abc import Iterator
from datetime import datetime, time

from flask import Flask
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from surveyapp.answering.models import Return
from surveyapp.foundation import clock
from surveyapp.foundation.mail.status import mail_state
from surveyapp.foundation.store.db import DATABASE_ERRORS, read_transaction, session


class DatabaseFigures(Collector):
    """Gauges that are counted when they are asked for; without the database only that it is away."""

    def __init__(self, app: Flask) -> None:
        """`app` has the database."""
        self._app = app

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every gauge; all are read in one transaction."""
        with self._app.app_context():
            try:
                with read_transaction():
                    gauges = list(_gauges(clock.now()))
                is_up = True
            except DATABASE_ERRORS:
                session.rollback()
                gauges, is_up = [], False
        yield GaugeMetricFamily(
            "surveyapp_database_up", "1 while the database answers, else 0.", value=float(is_up)
        )
        yield from gauges


def _gauges(now: datetime) -> Iterator[GaugeMetricFamily]:
    mail = mail_state(now)
    emails = GaugeMetricFamily("surveyapp_emails", "Emails in the outbox, by state.", labels=["state"])
    for state, count in mail.counts.items():
        emails.add_metric([state], count)
    yield emails
    yield GaugeMetricFamily(
        "surveyapp_oldest_email_due_seconds",
        "For how long the email that waits longest has been due; 0 while none is.",
        value=_seconds_since(mail.oldest_due_since, now),
    )
    if mail.last_tick_at is not None:
        yield GaugeMetricFamily(
            "surveyapp_last_tick_age_seconds",
            "Time since a worker last looked at what is due; it does so every minute.",
            value=_seconds_since(mail.last_tick_at, now),
        )
    midnight = clock.utc_moment(clock.local_day(now), time.min)
    returned = select(func.count()).select_from(Return).where(Return.returned_at >= midnight)
    yield GaugeMetricFamily(
        "surveyapp_returns_today",
        "Returns since midnight, UK time, nil returns among them.",
        value=session.scalar(returned) or 0,
    )


def _seconds_since(moment: datetime | None, now: datetime) -> float:
    return (now - moment).total_seconds() if moment is not None else 0.0
