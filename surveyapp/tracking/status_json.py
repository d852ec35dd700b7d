"""The counts of an audit for scripts: the JSON of `survey status` (its shape is a promise)."""

from datetime import datetime

from surveyapp.planning.models import Audit
from surveyapp.tracking.queries import audit_status
from surveyapp.tracking.request_state import Tally


def status_json(audit: Audit, *, now: datetime) -> dict[str, object]:
    """Give the status of an audit as scripts read it, with its cases and agencies."""
    found = audit_status(audit, now=now)
    return {
        "audit": audit.id,
        "title": audit.title,
        **_counts(found.tally),
        "by_case": [{"case": line.name, **_counts(line.tally)} for line in found.cases],
        "by_agency": [{"agency": line.name, **_counts(line.tally)} for line in found.agencies],
    }


def _counts(tally: Tally) -> dict[str, object]:
    percent = tally.share.percent
    return {
        "requests": tally.requests,
        "returned": tally.returned,
        "nil": tally.nil,
        "outstanding": tally.outstanding,
        "overdue": tally.overdue,
        "undelivered": tally.undelivered,
        "withdrawn": tally.withdrawn,
        "percent": None if percent is None else float(percent),
    }
