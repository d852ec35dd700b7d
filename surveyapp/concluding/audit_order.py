"""The order of audits in time."""

from datetime import date

from surveyapp.foundation.clock import local_day
from surveyapp.planning.models import Audit


def began_on(audit: Audit) -> date:
    """The day from which an audit counts: its issue day, planned or past, otherwise the day it was set up."""
    return audit.issue_on or local_day(audit.issued_at or audit.created_at)


def is_earlier(audit: Audit, other: Audit) -> bool:
    """Whether `audit` came before `other`; of two on the same day, the one that was set up first."""
    return (began_on(audit), audit.id) < (began_on(other), other.id)
