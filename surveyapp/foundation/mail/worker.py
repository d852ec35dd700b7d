"""The background worker: tick() runs the timed operations, drain() sends queued emails.

A thread, `survey work` and Celery call the same functions; leases in the database keep them apart.
"""

import logging
import secrets
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import update

from surveyapp.foundation import clock
from surveyapp.foundation.bounces.operations import read_bounces
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.mail.chosen_transport import configured_transport
from surveyapp.foundation.mail.circuit_breaker import switches
from surveyapp.foundation.mail.clock_check import clock_is_doubtful
from surveyapp.foundation.mail.delivery import CROWDED_OUT, deliver_email
from surveyapp.foundation.mail.leases import claim_email, lease_time
from surveyapp.foundation.mail.outbox import expire_emails
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.models import Switches

log = logging.getLogger("surveyapp.worker")

Clock = Callable[[], datetime]
TICK_EVERY = timedelta(minutes=1)
TICK_LEASE = timedelta(minutes=5)
# Seconds between checks of the queue.
POLL_SECONDS = 2.0
# Seconds for which a worker leaves the mail server to the others when it has too many connections.
CROWDED_PAUSE_SECONDS = 30.0


def tick(now: datetime) -> bool:
    """Run every timed operation and give up expired emails.

    The operations queue due chasers, close audits, freeze figures and remind action owners. Returns False if
    another worker holds the lease, the date is in doubt, or nobody has confirmed a restored backup. An
    operation that fails stops no other.
    """
    owner = _claim_tick(now)
    if not owner:
        return False
    _run(current_app.extensions["survey"].timed_operations, now)
    with transaction():
        expire_emails(now=now)
        session.execute(
            update(Switches)
            .where(Switches.id == 1, Switches.tick_owner == owner)
            .values(last_tick_at=now, tick_until=None),
            execution_options={"synchronize_session": False},
        )
    return True


def run_prompt_operations(now: datetime) -> None:
    """Run what people wait for: it is done whenever the worker looks for email, not once a minute.

    Any number of workers may run it at once, and the date may be in doubt.
    """
    _run(current_app.extensions["survey"].prompt_operations, now)


def keep_records(now: datetime) -> None:
    """Bring the record beside the keys up to date; each worker does, since each machine may have its own."""
    _run(current_app.extensions["survey"].recording_operations, now)


def _run(operations: Iterable[Callable[[datetime], object]], now: datetime) -> None:
    for operation in operations:
        try:
            with transaction():
                operation(now)
        except Exception as error:  # noqa: BLE001 — the other operations still run, and the next round tries again
            _log_failure(f"{operation.__module__}.{operation.__name__}", error)


def _claim_tick(now: datetime) -> str:
    """Take the lease for one tick and return its owner's token; empty if it is not available."""
    owner = secrets.token_hex(16)
    with transaction():
        row = switches(lock=True)
        moment = lease_time(now)
        if row.restored_backup_at is not None or clock_is_doubtful(row, now):
            return ""
        if row.tick_until is not None and row.tick_until > moment:
            return ""
        row.tick_owner, row.tick_until = owner, moment + TICK_LEASE
    return owner


def drain(now_fn: Clock, limit: int | None = None, *, stop: threading.Event | None = None) -> Counter[str]:
    """Deliver due emails until none is left, `limit` were tried or `stop` is set; counts the outcomes.

    `now_fn` is called again for each email. Nothing is tried while no mail may leave; it stays queued.
    """
    outcomes: Counter[str] = Counter()
    transport = configured_transport()
    if transport is None:
        return outcomes
    try:
        while (limit is None or outcomes.total() < limit) and not (stop is not None and stop.is_set()):
            claimed = claim_email(now=now_fn())
            if claimed is None:
                break
            outcome = deliver_email(transport, claimed, now_fn)
            outcomes[outcome] += 1
            if outcome == CROWDED_OUT:
                break
    finally:
        transport.close()
    return outcomes


def answer_wake_up(*, ticks: bool) -> None:
    """Do once what the loop of the worker does: send what is queued, and with `ticks` what is due first.

    For wake-ups that may come twice, late or never. Nothing is raised: what failed is in the log, and is
    tried again at the next one.
    """
    now = clock.now()
    try:
        if ticks:
            tick(now)
            read_bounces(clock.now)
        run_prompt_operations(now)
        drain(clock.now)
    except Exception as error:  # noqa: BLE001 — its message may hold answers, which a queue of tasks would log
        _log_failure("the worker", error)


def work_until_stopped(stop: threading.Event) -> None:
    """Tick every minute and drain in between, until `stop` is set; needs an app context."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 — Flask's own recipe
    last: datetime | None = None
    while not stop.is_set():
        now, pause = clock.now(), POLL_SECONDS
        try:
            # A new context for each round, so that its session ends with every row and connection.
            with app.app_context():
                if last is None or not timedelta(0) <= now - last < TICK_EVERY:
                    last = now
                    tick(now)
                    keep_records(now)
                    read_bounces(clock.now)
                run_prompt_operations(now)
                if drain(clock.now, stop=stop)[CROWDED_OUT]:
                    pause = CROWDED_PAUSE_SECONDS
        except Exception as error:  # noqa: BLE001 — the worker must not end unnoticed; the next round tries again
            _log_failure("the worker", error)
        stop.wait(pause)


def _log_failure(what: str, error: Exception) -> None:
    """Log where something failed, without the error’s own message, which may hold answers."""
    words = error.message if isinstance(error, SurveyError) else type(error).__name__
    log.error("%s: %s\n%s", what, words, "".join(traceback.format_tb(error.__traceback__)))
