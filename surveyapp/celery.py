"""Celery as a way to run the worker: `install(celery_app, app)` on a host's own Celery app.

It carries wake-ups only: two tasks without arguments, which do what the worker's loop does. The outbox
decides what is sent, so that a wake-up lost, late or doubled changes nothing (promises 3.4, D11).
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from flask import Flask, current_app, has_app_context

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.mail.waking import EXTENSION, WakeUps
from surveyapp.foundation.mail.worker import TICK_EVERY, answer_wake_up
from surveyapp.foundation.store.db import engine

TICK, DRAIN = "surveyapp.tick", "surveyapp.drain"
# Mail beyond the rate of a minute, and mail put off, is looked for as often as this.
DRAIN_EVERY = timedelta(seconds=10)
# Seconds for which a page's wake-up, in a thread of its own, waits for the broker.
BROKER_SECONDS = 2
# Seconds after which a worker drops a wake-up that waited for it. Long, since machines' clocks may differ.
KEPT_SECONDS = 3600


def install(celery_app: Celery, app: Flask | None = None) -> None:
    """Register the tasks `surveyapp.tick` and `surveyapp.drain` and their beat entries on a Celery app.

    `app` is the Flask app with SurveyApp, by default the one whose context is active; its pages wake a worker
    as soon as they have queued mail. Installed again, the newest app has the tasks. Raises CannotStart
    without an app, or if SurveyApp has not been added to it.
    """
    if app is None and has_app_context():
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 — Flask's own recipe
    if app is None or "survey" not in app.extensions:
        raise CannotStart(
            "surveyapp.celery.install takes the Flask app too, after SurveyApp has been added to it."
        )
    _add_tasks(celery_app, app)
    celery_app.conf.beat_schedule = {
        **(celery_app.conf.beat_schedule or {}),
        TICK: {"task": TICK, "schedule": TICK_EVERY, "options": {"expires": KEPT_SECONDS}},
        DRAIN: {"task": DRAIN, "schedule": DRAIN_EVERY, "options": {"expires": KEPT_SECONDS}},
    }
    app.extensions[EXTENSION] = WakeUps(lambda: send_wake_up(celery_app))


def make_celery(app: Flask, *, broker: str) -> Celery:
    """Make a Celery app that has no other tasks, for an app without a host; `broker` is its address."""
    celery_app = Celery("surveyapp", broker=broker, set_as_current=False)
    celery_app.conf.update(
        task_default_queue="surveyapp",
        task_ignore_result=True,
        # A worker takes as many wake-ups as it answers at once; the others are for other workers.
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
    )
    install(celery_app, app)
    return celery_app


def send_wake_up(celery_app: Celery) -> None:
    """Ask for one drain, on a connection of its own; raises what kombu raises where the broker is away."""
    # The names of Redis's client, then those of AMQP's; each leaves out what it does not know.
    bounded: dict[str, Any] = {
        "max_retries": 0,
        "socket_connect_timeout": BROKER_SECONDS,
        "socket_timeout": BROKER_SECONDS,
        "read_timeout": BROKER_SECONDS,
        "write_timeout": BROKER_SECONDS,
    }
    connection = celery_app.connection_for_write(connect_timeout=BROKER_SECONDS, transport_options=bounded)
    with connection:
        celery_app.tasks[DRAIN].apply_async(connection=connection, retry=False, expires=KEPT_SECONDS)


def _add_tasks(celery_app: Celery, app: Flask) -> None:
    for name, answer in ((TICK, _answer(app, ticks=True)), (DRAIN, _answer(app, ticks=False))):
        if name in celery_app.tasks:
            celery_app.tasks.unregister(name)
        # Not shared: Celery would give it to every other Celery app of the process.
        celery_app.task(answer, name=name, shared=False, ignore_result=True, max_retries=0)

    def leave_the_parents_connections(**_: object) -> None:
        # A connection shared with the parent process would mix the statements of both.
        with app.app_context():
            engine().dispose(close=False)

    once = ("surveyapp", id(app))
    worker_process_init.connect(leave_the_parents_connections, weak=False, dispatch_uid=once)


def _answer(app: Flask, *, ticks: bool) -> Callable[[], None]:
    def answer() -> None:
        with app.app_context():
            answer_wake_up(ticks=ticks)

    return answer
