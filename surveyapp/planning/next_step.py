"""The next unfinished step of an audit that is being set up, to which its pages lead on."""

from dataclasses import dataclass

from surveyapp.planning.models import Audit
from surveyapp.planning.queries import count_cases_by_tick


@dataclass(frozen=True)
class NextStep:
    """A step that is still to be done: the words of its button, and the endpoint of its page."""

    words: str
    endpoint: str


CASES = NextStep("Add the cases", "survey.planning.list_cases")
GRID = NextStep("Go on: which agency knew which child", "survey.planning.show_grid")
DAYS = NextStep("Set the days", "survey.planning.change_audit")
ISSUE = NextStep("Go on: check and issue", "survey.issuing.before_issue")


def next_step(audit: Audit) -> NextStep | None:
    """What to do next before the audit is issued, in the order of the steps; None once it is issued.

    The days come late, since an audit may be planned long before they are known. One statement.
    """
    if audit.is_issued:
        return None
    asked, unasked = count_cases_by_tick(audit)
    if not asked + unasked:
        return CASES
    if unasked:
        return GRID
    if not (audit.issue_on and audit.due_on and audit.close_on):
        return DAYS
    return ISSUE
