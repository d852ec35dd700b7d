"""Recording that staff read answers or downloaded contacts’ details, before the page or file leaves."""

from flask import request

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.web.access import acting_staff


def record_reading(action: str, about: str, detail: str = "") -> None:
    """Record what the acting member of staff reads with this request (stories SA4), once its page is built.

    In a transaction of its own, which begins with a write: one that reads first fails while others write. If
    the event cannot be stored, CouldNotSave is raised and nothing is shown. Reading again is another event;
    HEAD shows nothing, and records nothing.
    """
    if request.method == "HEAD":
        return
    session.rollback()
    with transaction():
        record_event(acting_staff().name, action, about, detail, now=clock.now())
