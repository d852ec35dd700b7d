"""Two words that any process may say at any time: tick() does what is due, drain() sends what is queued."""

import atexit
import logging
import os
import secrets
import threading
import traceback
import weakref
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import update

from surveyapp.foundation import clock
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.mail.chosen_transport import configured_transport, is_mail_switched_off
from surveyapp.foundation.mail.circuit_breaker import clock_is_doubtful, switches
from surveyapp.foundation.mail.delivery import CROWDED_OUT, deliver_email
from surveyapp.foundation.mail.leases import claim_email, lease_time
from surveyapp.foundation.mail.outbox import expire_emails
from surveyapp.foundation.store.db import engine, session, transaction
from surveyapp.foundation.store.models import Switches

log = logging.getLogger("surveyapp.worker")

Clock = Callable[[], datetime]
TICK_EVERY = timedelta(minutes=1)
TICK_LEASE = timedelta(minutes=5)
# Seconds between two looks at the queue, and how long a process waits at its end for the message under way.
POLL_SECONDS = 2.0
SHUTDOWN_SECONDS = 20.0
# Seconds for which a worker leaves the mail server to the others, when it has too many connections.
CROWDED_PAUSE_SECONDS = 30.0


def tick(now: datetime) -> bool:
    """Do what each step does by itself: plan chasers, close what is due.

    False when another worker is at it, or the date looks wrong. A step that fails holds up no other.
    """
    owner = _claim_tick(now)
    if not owner:
        return False
    for act in current_app.extensions["survey"].timed_operations:
        try:
            with transaction():
                act(now)
        except Exception as error:  # noqa: BLE001 — the next step still has its turn, and the next minute tries again
            _log_failure(f"{act.__module__}.{act.__name__}", error)
    with transaction():
        expire_emails(now=now)
        session.execute(
            update(Switches)
            .where(Switches.id == 1, Switches.tick_owner == owner)
            .values(last_tick_at=now, tick_until=None),
            execution_options={"synchronize_session": False},
        )
    return True


def _claim_tick(now: datetime) -> str:
    """Take the one lease there is; empty when it is not to be had."""
    owner = secrets.token_hex(16)
    with transaction():
        found = switches(lock=True)
        moment = lease_time(now)
        if clock_is_doubtful(found, now) or (found.tick_until is not None and found.tick_until > moment):
            return ""
        found.tick_owner, found.tick_until = owner, moment + TICK_LEASE
    return owner


def drain(now_fn: Clock, limit: int | None = None, *, stop: threading.Event | None = None) -> Counter[str]:
    """Hand over what is due until nothing is, or `limit` were tried, or `stop` is set; how many came to what.

    `now_fn` is asked anew for each message.
    """
    came_to: Counter[str] = Counter()
    if is_mail_switched_off():
        return came_to
    carrier = configured_transport()
    try:
        while (limit is None or came_to.total() < limit) and not (stop is not None and stop.is_set()):
            claimed = claim_email(now=now_fn())
            if claimed is None:
                break
            outcome = deliver_email(carrier, claimed, now_fn)
            came_to[outcome] += 1
            if outcome == CROWDED_OUT:
                break
    finally:
        carrier.close()
    return came_to


def work_until_stopped(stop: threading.Event) -> None:
    """Tick every minute and drain in between, until `stop` is set; in an app's context."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 — Flask's own recipe
    last: datetime | None = None
    while not stop.is_set():
        now, pause = clock.now(), POLL_SECONDS
        try:
            # A context for each round: its session ends with it, and with it every row and connection.
            with app.app_context():
                if last is None or not timedelta(0) <= now - last < TICK_EVERY:
                    last = now
                    tick(now)
                if drain(clock.now, stop=stop)[CROWDED_OUT]:
                    pause = CROWDED_PAUSE_SECONDS
        except Exception as error:  # noqa: BLE001 — a worker that ends would be silence; the next round tries again
            _log_failure("the worker", error)
        stop.wait(pause)


def start_thread(app: Flask) -> threading.Event:
    """Run the worker as a thread of this process, and of every one forked from it; the event stops it.

    Several are harmless: leases keep them apart. At the process's end the message under way is finished.
    """
    stop = threading.Event()
    _run(app, stop)
    found = weakref.ref(app)

    def after_fork() -> None:
        mine = found()
        if mine is None or stop.is_set():
            return
        # A connection shared with the parent would mix two conversations.
        with mine.app_context():
            engine().dispose(close=False)
        _run(mine, stop)

    os.register_at_fork(after_in_child=after_fork)
    return stop


def _run(app: Flask, stop: threading.Event) -> None:
    def round_and_round() -> None:
        with app.app_context():
            work_until_stopped(stop)

    thread = threading.Thread(target=round_and_round, name="surveyapp-worker", daemon=True)
    thread.start()

    def goodbye() -> None:
        stop.set()
        thread.join(SHUTDOWN_SECONDS)

    atexit.register(goodbye)


def _log_failure(what: str, error: Exception) -> None:
    """Tell the log where something failed; in no words but ours, since an error’s own may hold answers."""
    words = error.message if isinstance(error, SurveyError) else type(error).__name__
    log.error("%s: %s\n%s", what, words, "".join(traceback.format_tb(error.__traceback__)))


__all__ = ["drain", "start_thread", "tick", "work_until_stopped"]
