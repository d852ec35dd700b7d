"""A host's own Celery app, on which surveyapp is installed: `celery --app tests.faults.machines.celery_host`.

The settings are those of fault_app, with the broker's address in BROKER and the queue in QUEUE.
"""

import os
from datetime import timedelta

from celery import Celery
from flask import Flask

import surveyapp.celery
from surveyapp.foundation.mail import leases
from tests.faults.fault_app import make_app


def greet() -> str:
    """The host's own task."""
    return "hello"


def celery_for(app: Flask, *, broker: str, queue: str) -> Celery:
    """A Celery app with a task of the host's, and surveyapp's two."""
    host = Celery("host", broker=broker, set_as_current=False)
    host.conf.update(
        task_default_queue=queue,
        broker_connection_retry_on_startup=True,
        # So that a test does not wait long for a broker that has come back.
        broker_connection_timeout=1,
        beat_schedule={"host": {"task": "host.greet", "schedule": 3600}},
    )
    if broker.startswith("redis"):
        # So that a test can remove every key of its own.
        host.conf.broker_transport_options = {"global_keyprefix": f"{queue}:"}
    host.task(greet, name="host.greet", shared=False)
    surveyapp.celery.install(host, app)
    return host


if "BROKER" in os.environ:
    leases.MAIL_LEASE = timedelta(seconds=float(os.environ.get("LEASE_SECONDS", "900")))
    celery = celery_for(make_app(), broker=os.environ["BROKER"], queue=os.environ["QUEUE"])
    if "BEAT_SECONDS" in os.environ:
        # The machine of a test does not wait for a minute.
        for entry in (surveyapp.celery.TICK, surveyapp.celery.DRAIN):
            celery.conf.beat_schedule[entry]["schedule"] = float(os.environ["BEAT_SECONDS"])
