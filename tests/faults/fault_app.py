"""The app of the fault tests, with the settings of production and two kinds of email for tests.

`python -m tests.faults.fault_app` runs one worker, with settings from the environment. LEASE_SECONDS and
PATIENCE_SECONDS shorten the lease and the time-outs, so that no test waits for a quarter of an hour.
CLOCK_FILE and CLOCK_SKEW set its clock.
"""

import os
import signal
import threading
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask
from sqlalchemy import select

from surveyapp.agencies.models import Agency
from surveyapp.foundation import clock
from surveyapp.foundation.mail import leases, smtp_connection, worker
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import session
from surveyapp.standalone.app import create_app

DONE = "Returned"


def lock_agency(agency_id: int) -> None:
    """Lock the subject, as issuing locks a grant."""
    session.scalar(select(Agency.id).where(Agency.id == agency_id).with_for_update())


def letter_email(agency_id: int, to: str) -> Email | None:
    """The email to a contact of an agency; None once it is done or the contact has another address."""
    agency = session.get_one(Agency, agency_id, populate_existing=True)
    if agency.name.startswith(DONE) or to not in [contact.email for contact in agency.contacts]:
        return None
    return Email("test", to=to)


LETTER_KIND = MailKind("letter", on_doubt="hold", lock=lock_agency, word=letter_email)
PARCEL_KIND = MailKind("parcel", on_doubt="resend", lock=lock_agency, word=letter_email)


def make_app(config: dict[str, Any] | None = None) -> Flask:
    """Make the standalone app with two kinds of email: letters, held in doubt, and parcels, sent again."""
    # For tests that break the connection inside a message, which has to be longer than any buffer.
    long = {"SURVEY_PARTNERSHIP": "é" * int(os.environ["LONG_NAME"])} if "LONG_NAME" in os.environ else {}
    app = create_app({**(config or {}), **long})
    app.extensions["survey"].mail_kinds.update({kind.name: kind for kind in (LETTER_KIND, PARCEL_KIND)})
    return app


def _set_clock(file: Path, skew: timedelta) -> None:
    """Let this process's clock run ahead of the machine's by the seconds in a file, which a test changes."""
    real_time = clock.now

    def shifted_time() -> datetime:
        return real_time() + timedelta(seconds=float(file.read_text(encoding="utf-8"))) + skew

    clock.now = shifted_time


def main() -> None:
    """Run the worker until SIGTERM."""
    leases.MAIL_LEASE = timedelta(seconds=float(os.environ.get("LEASE_SECONDS", "900")))
    worker.POLL_SECONDS = 0.1
    if "PATIENCE_SECONDS" in os.environ:
        patience = float(os.environ["PATIENCE_SECONDS"])
        smtp_connection.CONNECT_TIMEOUT = patience
        smtp_connection.COMMAND_TIMEOUT = patience
        smtp_connection.FINAL_REPLY_TIMEOUT = patience
    if "CLOCK_FILE" in os.environ:
        _set_clock(
            Path(os.environ["CLOCK_FILE"]), timedelta(seconds=float(os.environ.get("CLOCK_SKEW", "0")))
        )
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    app = make_app()
    with app.app_context():
        # A test may wait for it, since starting takes long on a busy machine.
        Path(os.environ["SURVEYAPP_FOLDER"], f"worker-{os.getpid()}").touch()
        worker.work_until_stopped(stop)


if __name__ == "__main__":
    main()
