"""Refusals that several operations of planning share."""

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.words.dates_and_lists import moment_in_words
from surveyapp.planning.models import Audit

WITHDRAW_INSTEAD = "Open its request from the audit’s page and withdraw it there."


class AlreadyIssued(Refused):
    """The change is not possible once the audit has been issued."""


class ReturnsClosed(Refused):
    """The returns of an audit are closed: nothing more can be planned, issued, chased or answered."""

    way_on = "Reopen the audit first."

    def __init__(self, audit: Audit, *, so: str = "", way_on: str = "") -> None:
        """Name the moment of closing; `so` adds the consequence for the attempted change."""
        since = f" on {moment_in_words(audit.answers_end_at)}" if audit.answers_end_at else ""
        super().__init__(f"Returns closed{since}{so}.", way_on=way_on)
