"""Runs the worker as a thread of a web process, and of every process forked from it."""

import atexit
import os
import threading
import weakref

from flask import Flask

from surveyapp.foundation.mail.worker import work_until_stopped
from surveyapp.foundation.store.db import engine

# Seconds that an ending process waits for the current email.
SHUTDOWN_SECONDS = 20.0


def start_thread(app: Flask) -> threading.Event:
    """Run the worker as a thread of this process and of every process forked from it; the event stops it.

    Several workers are harmless: leases keep them apart. A process that ends finishes the current email.
    """
    stop = threading.Event()
    _run(app, stop)
    app_reference = weakref.ref(app)

    def after_fork() -> None:
        forked_app = app_reference()
        if forked_app is None or stop.is_set():
            return
        # A connection shared with the parent process would mix the statements of both.
        with forked_app.app_context():
            engine().dispose(close=False)
        _run(forked_app, stop)

    os.register_at_fork(after_in_child=after_fork)
    return stop


def _run(app: Flask, stop: threading.Event) -> None:
    def work_in_context() -> None:
        with app.app_context():
            work_until_stopped(stop)

    thread = threading.Thread(target=work_in_context, name="surveyapp-worker", daemon=True)
    thread.start()

    def stop_at_exit() -> None:
        stop.set()
        thread.join(SHUTDOWN_SECONDS)

    atexit.register(stop_at_exit)
