"""Problems of an audit before it is issued: those that refuse the issue, and those that only warn."""

from dataclasses import dataclass
from datetime import date

from surveyapp.defining.mistakes import FormMistakes
from surveyapp.defining.queries import usable_form
from surveyapp.foundation.words.dates_and_lists import day_in_words, list_in_words
from surveyapp.planning.grid.grid import PlannedGrid
from surveyapp.planning.grid.queries import planned_grid
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class Readiness:
    """Problems of an audit before issue, in sentences: `refusals` prevent the issue, `warnings` do not."""

    refusals: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """All of them, refusals first."""
        return self.refusals + self.warnings


def readiness(audit: Audit, *, today: date | None = None) -> Readiness:
    """The problems of an audit before issue; with `today`, also a due day that has passed.

    An agency without a contact to ask does not hold up the others: it is asked once it has one. After the
    first issue, only missing dates refuse the issue of what has been added.
    """
    planned = planned_grid(audit)
    missing, passed = _missing_dates(audit), _passed_dates(audit, today)
    waiting = tuple(
        f"{agency.name} is ticked and has nobody to ask: add an audit lead or a deputy."
        for agency in planned.unreachable
    )
    others = (*passed, *_problems_of_form(audit), *_problems_of_cases(planned))
    if audit.is_issued:
        return Readiness(missing, others + waiting)
    return Readiness(missing + others, waiting)


def _missing_dates(audit: Audit) -> tuple[str, ...]:
    missing = [
        words
        for day, words in (
            (audit.issue_on, "when it is issued"),
            (audit.due_on, "when returns are due"),
            (audit.close_on, "when returns close"),
        )
        if day is None
    ]
    return (f"The audit does not say {list_in_words(missing)}.",) if missing else ()


def _passed_dates(audit: Audit, today: date | None) -> tuple[str, ...]:
    if today and audit.due_on and audit.due_on < today:
        return (f"Returns would be due on {day_in_words(audit.due_on)}, which has passed.",)
    return ()


def _problems_of_form(audit: Audit) -> list[str]:
    if audit.form_definition:
        return []
    try:
        usable_form(audit.form_id)
    except KeyError:
        return ["The audit’s form is no longer there: choose another."]
    except FormMistakes:
        return ["The audit’s form has mistakes: the page “Forms” names them."]
    return []


def _problems_of_cases(planned: PlannedGrid) -> list[str]:
    if not planned.cases:
        return ["The audit has no cases yet."]
    if not planned.ticked:
        return ["No box of the grid is ticked, so nobody would be asked."]
    return [f"No agency is ticked for {case.pseudonym}." for case in planned.unasked_cases]
