"""Progress of an action plan, as counts of actions."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from surveyapp.concluding.models import DONE, OPEN, UNDER_WAY, Action
from surveyapp.foundation.words.shares import counted


@dataclass(frozen=True)
class ActionProgress:
    """Counts of the actions of a plan: by status, and those overdue."""

    by_status: dict[str, int]
    overdue: int

    @property
    def total(self) -> int:
        """How many actions there are."""
        return sum(self.by_status.values())

    @property
    def in_words(self) -> str:
        """The counts in words: 1 of 5 actions done, 2 under way, 2 not started. 1 is overdue."""
        if not self.total:
            return "There are no actions yet."
        done, under_way, not_started = (self.by_status.get(status, 0) for status in (DONE, UNDER_WAY, OPEN))
        words = f"{done} of {counted(self.total, 'action')} done"
        words += f", {under_way} under way, {not_started} not started."
        overdue = counted(self.overdue, "is", "are") if self.overdue else "None is"
        return f"{words} {overdue} overdue."


def action_progress(actions: list[Action], today: date) -> ActionProgress:
    """The progress of these actions on the UK day `today`."""
    counts = Counter(action.status for action in actions)
    return ActionProgress(dict(counts), sum(action.is_overdue(today) for action in actions))
