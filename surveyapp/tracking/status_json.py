"""The JSON of `survey status`: the counts of an audit for scripts, in a shape that does not change."""

from datetime import datetime

from surveyapp.planning.models import Audit
from surveyapp.tracking.status_queries import audit_status
from surveyapp.tracking.tally import Tally


def status_json(audit: Audit, *, now: datetime) -> dict[str, object]:
    """The status of an audit with its cases and agencies. `now` is UTC."""
    status = audit_status(audit, now=now)
    return {
        "audit": audit.id,
        "title": audit.title,
        **_counts(status.tally),
        "by_case": [{"case": line.name, **_counts(line.tally)} for line in status.cases],
        "by_agency": [{"agency": line.name, **_counts(line.tally)} for line in status.agencies],
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
