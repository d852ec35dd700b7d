"""Waking a worker: after the commit, in a thread, and never at the cost of a page."""

import os
import threading

import pytest
from flask import Flask

from surveyapp.foundation import clock
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import send_test
from surveyapp.foundation.mail.waking import EXTENSION, WakeUps
from surveyapp.foundation.store.db import transaction

PATIENCE = 10.0


class Sent:
    """Counts wake-ups, and holds each until it may go."""

    def __init__(self) -> None:
        self.count = 0
        self.may_go = threading.Event()
        self.may_go.set()

    def __call__(self) -> None:
        assert self.may_go.wait(PATIENCE)
        self.count += 1


def test_a_worker_is_woken_after_the_commit_and_not_before(app: Flask) -> None:
    sent = Sent()
    app.extensions[EXTENSION] = wake_ups = WakeUps(sent)
    with transaction():
        send_test("a@agency.example", now=clock.now())
        assert wake_ups.wait_until_idle(PATIENCE)
        assert sent.count == 0
    assert wake_ups.wait_until_idle(PATIENCE)
    assert sent.count == 1


def test_nobody_is_woken_for_what_is_rolled_back(app: Flask) -> None:
    sent = Sent()
    app.extensions[EXTENSION] = wake_ups = WakeUps(sent)

    def queued_and_refused() -> None:
        with transaction():
            send_test("a@agency.example", now=clock.now())
            raise Refused("No.", way_on="None.")

    with pytest.raises(Refused):
        queued_and_refused()
    assert wake_ups.wait_until_idle(PATIENCE)
    assert sent.count == 0


def test_wanting_returns_while_a_wake_up_is_stuck_and_the_rest_become_one() -> None:
    sent = Sent()
    sent.may_go.clear()
    wake_ups = WakeUps(sent)
    for _ in range(1000):
        wake_ups.want()
    assert not wake_ups.wait_until_idle(0.01)
    sent.may_go.set()
    assert wake_ups.wait_until_idle(PATIENCE)
    assert sent.count <= 2


def test_a_failure_is_logged_once_until_it_has_worked_again(caplog: pytest.LogCaptureFixture) -> None:
    fails = [True, True, False, True]

    def send() -> None:
        if fails.pop(0):
            raise ConnectionRefusedError("amqp://user:password@broker")

    wake_ups = WakeUps(send)
    while fails:
        wake_ups.want()
        assert wake_ups.wait_until_idle(PATIENCE)
    assert caplog.text.count("No worker can be woken (ConnectionRefusedError)") == 2
    assert "password" not in caplog.text


def test_a_forked_process_wakes_workers_too() -> None:
    ours, theirs = os.pipe()
    wake_ups = WakeUps(lambda: os.write(theirs, str(os.getpid()).encode()))
    wake_ups.want()
    assert wake_ups.wait_until_idle(PATIENCE)
    assert int(os.read(ours, 100)) == os.getpid()
    child = os.fork()
    if not child:
        # Whatever happens here, the child must not go on with pytest's own work.
        try:
            wake_ups.want()
            wake_ups.wait_until_idle(PATIENCE)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(theirs)
    assert os.read(ours, 100) == str(child).encode()
    os.close(ours)
