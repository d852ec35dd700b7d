"""Outcomes of a delivery, stored only while the worker still holds the email’s lease."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from surveyapp.foundation.mail.circuit_breaker import reset_breaker
from surveyapp.foundation.mail.leases import ClaimedEmail, lease_conditions
from surveyapp.foundation.mail.outbox import TEST_KIND
from surveyapp.foundation.store.db import transaction, update_rows
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.models import Outbox

RETRY_DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
LONGEST_TEXT = 1000


def record_sent(claimed: ClaimedEmail, code: int, text: str, *, now: datetime) -> bool:
    """Store that the mail server accepted the email; False if the lease was lost."""
    return _record_outcome(claimed, "sent", code, text, now=now)


def record_refused(claimed: ClaimedEmail, code: int | None, text: str, *, now: datetime) -> bool:
    """Store that the server refused the email for good, with its reply; False if the lease was lost."""
    return _record_outcome(claimed, "failed", code, text, now=now, action="recorded_refusal")


def record_doubtful(claimed: ClaimedEmail, code: int | None, text: str, *, now: datetime) -> bool:
    """Store that acceptance is unknown: by its policy, a person decides or it is sent again."""
    if claimed.on_doubt == "resend":
        return requeue_email(claimed, code, text, now=now, answered=False)
    return _record_outcome(claimed, "doubtful", code, text, now=now, action="doubted_mail", answered=False)


def requeue_email(
    claimed: ClaimedEmail, code: int | None, text: str, *, now: datetime, answered: bool = True
) -> bool:
    """Queue an email again that was not accepted or may be repeated, with a longer delay at each attempt.

    `answered`: the server replied about this message, so the server works. False if the lease was lost.
    """
    if claimed.kind == TEST_KIND.name:
        # The person who sent the test wants the result now, not another attempt.
        return _record_outcome(claimed, "failed", code, text, now=now, answered=answered)
    with transaction():
        if answered:
            reset_breaker(probing=claimed.probing)
        return _update_under_lease(
            claimed,
            state="queued",
            attempts=claimed.attempts + 1,
            not_before=now + RETRY_DELAYS[min(claimed.attempts, len(RETRY_DELAYS) - 1)],
            last_code=code,
            last_text=text[:LONGEST_TEXT],
            lease_owner="",
            lease_until=None,
        )


def release_email(claimed: ClaimedEmail, text: str, *, now: datetime) -> bool:
    """Return an email to the queue without counting an attempt, because the server is unavailable."""
    if claimed.kind == TEST_KIND.name:
        return _record_outcome(claimed, "failed", None, text, now=now, answered=False)
    with transaction():
        return _update_under_lease(
            claimed, state="queued", last_text=text[:LONGEST_TEXT], lease_owner="", lease_until=None
        )


def record_withheld(claimed: ClaimedEmail, text: str, *, now: datetime) -> bool:
    """Store that an email goes to nobody, and why; no server was asked. False if the lease was lost."""
    return _record_outcome(claimed, "cancelled", None, text, now=now, answered=False)


def _record_outcome(  # noqa: PLR0913 — the reply of the server, and its meaning
    claimed: ClaimedEmail,
    state: str,
    code: int | None,
    text: str,
    *,
    now: datetime,
    action: str = "",
    answered: bool = True,
) -> bool:
    with transaction():
        if answered:
            reset_breaker(probing=claimed.probing)
        holds_lease = _update_under_lease(
            claimed,
            state=state,
            last_code=code,
            last_text=text[:LONGEST_TEXT],
            finished_at=now,
            lease_until=None,
        )
        if holds_lease and action:
            record_event("worker", action, f"mail {claimed.id}", now=now)
        return holds_lease


def _update_under_lease(claimed: ClaimedEmail, **values: Any) -> bool:  # noqa: ANN401 — columns of any type
    return update_rows(update(Outbox).where(*lease_conditions(claimed)).values(**values)) == 1
