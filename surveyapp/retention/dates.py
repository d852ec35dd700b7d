"""On which days the data of an audit are purged, worked out from its close and the receipt of its report."""

from dataclasses import dataclass
from datetime import date, timedelta

from surveyapp.foundation.settings import Settings
from surveyapp.retention.calendar_months import MONTHS_IN_YEAR, add_months

# No day of a purge is set nearer than this, so that it has stood under “Needs you today” before.
NOTICE = timedelta(days=14)
# How long an audit that was deleted is closed and hidden before it is purged (promises G5).
DELETION_DELAY = timedelta(days=30)


@dataclass(frozen=True)
class PurgeDays:
    """The UK days on which drafts, returns and keys, and figures are purged; each is not before the last."""

    drafts_on: date
    returns_on: date
    figures_on: date

    @property
    def are_in_order(self) -> bool:
        """Whether drafts go no later than returns, and returns no later than figures."""
        return self.drafts_on <= self.returns_on <= self.figures_on


def purge_days(periods: Settings, *, closed_on: date, received_on: date | None, today: date) -> PurgeDays:
    """The days for an audit that closed and whose report was received, if it was, on these UK days.

    Returns and keys are counted from the receipt of the report; while there is none, from the close, with a
    longer period. No day is before `today` and 14 days, so that an audit that closed long before its days
    were set is not purged at once.
    """
    earliest = today + NOTICE
    drafts = max(add_months(closed_on, periods.keep_drafts_months), earliest)
    if received_on is None:
        returns = add_months(closed_on, periods.keep_returns_without_report_months)
    else:
        returns = add_months(received_on, periods.keep_returns_months)
    figures = add_months(received_on or closed_on, periods.keep_figures_years * MONTHS_IN_YEAR)
    returns = max(returns, drafts)
    return PurgeDays(drafts, returns, max(figures, returns))
