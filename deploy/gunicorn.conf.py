"""gunicorn’s settings for surveyapp behind a reverse proxy on the same machine (docs/running.md)."""

import os
import shutil
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

wsgi_app = "surveyapp.standalone.app:app_or_exit()"
bind = os.environ.get("SURVEYAPP_BIND", "127.0.0.1:8000")
worker_class = "gthread"
# gunicorn reads WEB_CONCURRENCY by itself; two processes keep both cores of a small machine busy.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# At most this many connections to the database in each process: docs/running.md, “Connections to PostgreSQL”.
threads = 4
# Seconds without a sign of life after which a process is ended. A thread at work does not stop the signs.
timeout = 60
# Seconds that requests under way have when a process is replaced. The longest are exports.
graceful_timeout = 30
# Processes are replaced now and then, so that no slow growth of memory goes on for months; not all at once.
max_requests = 20_000
max_requests_jitter = 5_000
# Each process loads the app for itself, so no connection to the database, lock or thread is shared by a fork.
preload_app = False
# The app decides whom to believe (TRUSTED_PROXIES); gunicorn believes nobody.
forwarded_allow_ips = ""
# No access log: it would hold links. The app logs requests by endpoint (LOG_JSON).
accesslog = None
errorlog = "-"
# Its control socket, of which we make no use, would be a file in the user’s home.
control_socket_disable = True
# The signs of life are files; on a slow disk writing them would hold up requests.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 — gunicorn makes its own file there


def on_starting(_server: Arbiter) -> None:
    """Forget the figures of processes of an earlier start."""
    figures = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if figures:
        shutil.rmtree(figures, ignore_errors=True)
        Path(figures).mkdir(mode=0o700, parents=True)


def child_exit(_server: Arbiter, worker: Worker) -> None:
    """Let the figures of a process that has ended stand, but for those that only a living one has."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        try:
            from prometheus_client import multiprocess  # noqa: PLC0415 — only where figures are wanted
        except ImportError:
            return
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # it has no types
