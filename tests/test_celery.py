"""What surveyapp.celery.install adds to a host's Celery app; tests/faults/machines has real brokers."""

from collections.abc import Callable

import pytest
from celery import Celery
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from surveyapp.celery import DRAIN, TICK, install
from surveyapp.foundation import clock
from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.mail.circuit_breaker import switches
from surveyapp.foundation.mail.outbox import send_test
from surveyapp.foundation.mail.waking import EXTENSION
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox

Queued = Callable[[], list[Outbox]]


def host() -> Celery:
    """A host's Celery app with a schedule of its own, on a broker in memory."""
    celery_app = Celery("host", broker="memory://", set_as_current=False)
    celery_app.conf.beat_schedule = {"host": {"task": "host.greet", "schedule": 60}}
    return celery_app


def test_two_tasks_and_their_beat_entries_are_added_beside_the_hosts(app: Flask) -> None:
    celery_app = host()
    install(celery_app, app)
    ours = {name for name in celery_app.tasks if name.startswith("surveyapp.")}
    assert ours == {TICK, DRAIN} == {"surveyapp.tick", "surveyapp.drain"}
    schedule = celery_app.conf.beat_schedule
    assert set(schedule) == {"host", TICK, DRAIN}
    assert (schedule[TICK]["schedule"].total_seconds(), schedule[DRAIN]["schedule"].total_seconds()) == (
        60,
        10,
    )
    assert not any("args" in entry or "kwargs" in entry for entry in schedule.values())


def test_another_celery_app_of_the_process_gets_no_task_of_ours(app: Flask) -> None:
    install(host(), app)
    assert TICK not in host().tasks


def test_the_task_drain_sends_and_the_task_tick_does_what_is_due_as_well(app: Flask, outbox: Queued) -> None:
    celery_app = host()
    install(celery_app, app)
    with transaction():
        send_test("a@agency.example", now=clock.now())
    assert celery_app.tasks[DRAIN].apply().result is None
    assert [mail.state for mail in outbox()] == ["sent"]
    assert switches().last_tick_at is None
    with transaction():
        send_test("b@agency.example", now=clock.now())
    celery_app.tasks[TICK].apply()
    assert [mail.state for mail in outbox()] == ["sent", "sent"]
    assert switches().last_tick_at == clock.now()


def test_what_fails_in_a_task_is_logged_without_statement_or_values_and_does_not_fail_the_task(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    celery_app = host()
    install(celery_app, app)
    session.execute(text("ALTER TABLE survey_switches RENAME TO elsewhere"))
    session.commit()
    assert celery_app.tasks[TICK].apply().successful()
    assert "the worker: " in caplog.text
    assert "SELECT" not in caplog.text
    assert "elsewhere" not in caplog.text


def test_the_active_app_is_taken_where_none_is_given(app: Flask) -> None:
    install(host())
    assert EXTENSION in app.extensions


def test_installed_again_the_newest_app_has_the_tasks(app: Flask) -> None:
    celery_app = host()
    install(celery_app, app)
    first = celery_app.tasks[TICK]
    install(celery_app, app)
    assert celery_app.tasks[TICK] is not first


def test_without_an_app_of_ours_it_is_refused_in_a_sentence() -> None:
    with pytest.raises(CannotStart, match="takes the Flask app too"):
        install(host())
    with pytest.raises(CannotStart, match="after SurveyApp has been added"):
        install(host(), Flask(__name__))
