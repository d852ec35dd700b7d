"""Refusals that several operations of planning share."""

from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.words.dates_and_lists import day_in_words, moment_in_words
from surveyapp.planning.models import Audit

WITHDRAW_INSTEAD = "Open its request from the audit’s page and withdraw it there."


class AlreadyIssued(Refused):
    """The change is not possible once the audit has been issued."""


class AnswersRemoved(SurveyError):
    """The answers of an audit were removed for good, so nothing can be done with them any more."""

    status = 410
    way_on = "Its figures, its report, its brief and its action plan are kept."

    def __init__(self, audit: Audit) -> None:
        """Name the day on which they were removed."""
        on = f" on {day_in_words(local_day(audit.answers_removed_at))}" if audit.answers_removed_at else ""
        super().__init__(f"The answers of this audit were removed for good{on}.")


def check_answers_kept(audit: Audit) -> None:
    """Raise AnswersRemoved if the answers of an audit were removed for good."""
    if audit.answers_removed_at is not None:
        raise AnswersRemoved(audit)


class ReturnsClosed(Refused):
    """The returns of an audit are closed: nothing more can be planned, issued, chased or answered."""

    way_on = "Reopen the audit first."

    def __init__(self, audit: Audit, *, so: str = "", way_on: str = "") -> None:
        """Name the moment of closing; `so` adds the consequence for the attempted change."""
        since = f" on {moment_in_words(audit.answers_end_at)}" if audit.answers_end_at else ""
        super().__init__(f"Returns closed{since}{so}.", way_on=way_on)
