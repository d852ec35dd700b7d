"""Wakes a worker as soon as there is something to send, where an app has a way to: see surveyapp.celery."""

import atexit
import logging
import os
import threading
import weakref
from collections.abc import Callable

from flask import current_app, g

from surveyapp.foundation.store.db import after_commit

log = logging.getLogger("surveyapp.worker")

# Seconds between two wake-ups of one process: a burst of emails needs no more than one a second.
PAUSE_SECONDS = 1.0
# Seconds that an ending process, such as a command that has queued emails, waits for its last wake-up.
LAST_SECONDS = 3.0
EXTENSION = "survey_wake_ups"


class WakeUps:
    """Sends wake-ups in a thread of its own, so that no page waits for what carries them.

    A wake-up that cannot be sent is dropped: a worker looks by itself, at least once a minute.
    """

    def __init__(self, send: Callable[[], object]) -> None:
        """`send` sends one wake-up, within a time-out of its own; whatever it raises is logged once."""
        self._send = send
        self._is_failing = False
        self._begin()
        reference = weakref.WeakMethod(self._begin)

        def after_fork() -> None:
            begin = reference()
            if begin is not None:
                begin()

        # Threads stay behind in the parent, and a lock may have been held there.
        os.register_at_fork(after_in_child=after_fork)

    def _begin(self) -> None:
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wanted, self._idle = threading.Event(), threading.Event()

    def want(self) -> None:
        """Have a wake-up sent soon; returns at once. Several wants at a time make one wake-up."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="surveyapp-wake-ups", daemon=True)
                self._thread.start()
                atexit.register(self.wait_until_idle, LAST_SECONDS)
        self._idle.clear()
        self._wanted.set()

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait until nothing is left to send; False if that takes longer."""
        return self._thread is None or self._idle.wait(seconds)

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            self._wanted.wait()
            self._wanted.clear()
            self._send_one()
            if not self._wanted.is_set():
                self._idle.set()
            pause.wait(PAUSE_SECONDS)

    def _send_one(self) -> None:
        try:
            self._send()
        except Exception as error:  # noqa: BLE001 — whatever the library raises while the broker is away
            if not self._is_failing:
                log.warning(
                    "No worker can be woken (%s): it looks by itself within a minute.", type(error).__name__
                )
            self._is_failing = True
        else:
            self._is_failing = False


def wake_worker() -> None:
    """Wake a worker once the current transaction has been committed, if the app has a way to."""
    wake_ups: WakeUps | None = current_app.extensions.get(EXTENSION)
    if wake_ups is not None and "survey_after_commit" in g:
        after_commit(wake_ups.want)
