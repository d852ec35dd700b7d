"""Sets the days of purges at the close of an audit and at the receipt of its report, and changes them."""

from datetime import datetime

from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import FieldRefused, Refused
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.planning.errors import check_answers_kept
from surveyapp.planning.locks import lock_audit
from surveyapp.planning.models import Audit
from surveyapp.retention.calendar_months import MONTHS_IN_YEAR, add_months
from surveyapp.retention.dates import NOTICE, PurgeDays, purge_days
from surveyapp.retention.models import RetentionChange, RetentionDates
from surveyapp.retention.queries import audits_to_date, received_at, retention_of

# The latest day that a person can choose, in years from today.
LONGEST_YEARS = 100


class NotClosedYet(Refused):
    """The days are set at the close, and the audit has not closed."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__(
            "Returns are open, so no day is set yet for what is kept.",
            way_on="The days are set at the close.",
        )


def set_dates_of_closed_audits(now: datetime) -> int:
    """Set the days of each audit that has closed, or whose report has been received; the worker runs it.

    Returns how many were set. `now` is UTC.
    """
    audits = audits_to_date()
    for audit in audits:
        set_dates(audit, now=now)
    return len(audits)


def set_dates(audit: Audit, *, now: datetime) -> RetentionDates:
    """Set the days of a closed audit by the periods of the settings; those that a person chose stay.

    Raises NotClosedYet. `now` is UTC.
    """
    lock_audit(audit)
    if audit.closed_at is None:
        raise NotClosedYet
    received = received_at(audit.id)
    days = purge_days(
        settings(),
        closed_on=local_day(audit.closed_at),
        received_on=local_day(received) if received else None,
        today=local_day(now),
    )
    dates = retention_of(audit.id)
    if dates is None:
        dates = RetentionDates(audit_id=audit.id, by_hand=False, deletion_asked_by="")
        _store(dates, days)
        session.add(dates)
    elif not dates.by_hand:
        _store(dates, days)
    else:
        _store(dates, _not_before(dates.days, now))
    if dates.closed_at != audit.closed_at:
        # What was saved since the audit was opened again is purged on its own day.
        dates.drafts_purged_at = None
    dates.closed_at, dates.received_at = audit.closed_at, received
    session.flush()
    record_event("worker", "set_retention", f"audit {audit.id}", _in_figures(dates.days), now=now)
    return dates


def change_dates(  # noqa: PLR0913 — the chosen days, those that the page showed, and who changed them
    audit: Audit, days: PurgeDays, *, seen: PurgeDays, reason: str, actor: str, now: datetime
) -> bool:
    """Purge an audit’s data on other UK days, for a reason; False if they are these already.

    `seen` are the days that the page showed. Raises NotClosedYet, AnswersRemoved for a change of the day of
    returns once they are gone, Refused if somebody else changed the days, and FieldRefused for a day that
    cannot be, named as the field of `PurgeDays`.
    """
    lock_audit(audit)
    dates = retention_of(audit.id)
    if dates is None or audit.closed_at is None:
        raise NotClosedYet
    if dates.days != seen:
        raise Refused("The days were changed since this page was opened.", way_on="Look at them again.")
    if days == dates.days:
        return False
    _check(audit, days, dates, now=now)
    session.add(
        RetentionChange(
            audit_id=audit.id,
            changed_at=now,
            changed_by=actor,
            reason=reason,
            drafts_on=dates.drafts_on,
            returns_on=dates.returns_on,
            figures_on=dates.figures_on,
        )
    )
    _store(dates, days)
    dates.by_hand = True
    record_event(actor, "changed_retention", f"audit {audit.id}", _in_figures(days), now=now)
    return True


def give_notice(audit: Audit, *, now: datetime) -> None:
    """Move the days of a locked audit that have come, or nearly, to two weeks from now: a hold has ended."""
    dates = retention_of(audit.id)
    if dates is not None:
        _store(dates, _not_before(dates.days, now))
        if dates.deletion_on is not None:
            dates.deletion_on = max(dates.deletion_on, local_day(now) + NOTICE)


def _not_before(days: PurgeDays, now: datetime) -> PurgeDays:
    earliest = local_day(now) + NOTICE
    return PurgeDays(*(max(day, earliest) for day in (days.drafts_on, days.returns_on, days.figures_on)))


def _check(audit: Audit, days: PurgeDays, dates: RetentionDates, *, now: datetime) -> None:
    today = local_day(now)
    if (days.drafts_on, days.returns_on) != (dates.drafts_on, dates.returns_on):
        check_answers_kept(audit)
    for field in ("drafts_on", "returns_on", "figures_on"):
        day = getattr(days, field)
        if day == getattr(dates, field):
            continue
        if day <= today:
            raise FieldRefused(field, f"{day_in_words(day)} is not to come: choose a later day")
        if day > add_months(today, LONGEST_YEARS * MONTHS_IN_YEAR):
            raise FieldRefused(field, f"Choose a day within {LONGEST_YEARS} years")
    if days.returns_on < days.drafts_on:
        raise FieldRefused(
            "returns_on", "Returns cannot go before drafts: choose the same day or a later one"
        )
    if days.figures_on < days.returns_on:
        raise FieldRefused(
            "figures_on", "Figures cannot go before returns: choose the same day or a later one"
        )


def _store(dates: RetentionDates, days: PurgeDays) -> None:
    dates.drafts_on, dates.returns_on, dates.figures_on = days.drafts_on, days.returns_on, days.figures_on


def _in_figures(days: PurgeDays) -> str:
    return f"drafts {days.drafts_on}, returns {days.returns_on}, figures {days.figures_on}"
