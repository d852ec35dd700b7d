"""The five signals that a host may listen to; each is sent after the commit of the change it reports."""

from functools import partial

from blinker import NamedSignal, Namespace
from flask import current_app

from surveyapp.foundation.store.db import after_commit

_namespace = Namespace()

requests_issued = _namespace.signal("requests-issued", "Requests were issued. Sends audit_id and count.")
audit_returned = _namespace.signal("audit-returned", "A return came in. Sends audit_id and request_id.")
concern_raised = _namespace.signal(
    "concern-raised", "A current concern was raised. Sends audit_id and request_id."
)
chasers_sent = _namespace.signal("chasers-sent", "Chasers were queued. Sends audit_id and count.")
returns_closed = _namespace.signal("returns-closed", "Returns were closed. Sends audit_id.")

SIGNALS = (requests_issued, audit_returned, concern_raised, chasers_sent, returns_closed)


def announce(signal: NamedSignal, **facts: int) -> None:
    """Send a signal once the current transaction has been committed; `facts` are ids and counts."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 — Flask's own recipe
    after_commit(partial(signal.send, app, _async_wrapper=None, **facts))
