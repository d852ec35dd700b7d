"""The operation that stores the cases of a table: all of them, or none."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from surveyapp.foundation.store.edit_conflicts import check_unchanged
from surveyapp.foundation.store.event_log import record_events
from surveyapp.planning.cases.case_comparison import CasePlan, plan_cases
from surveyapp.planning.cases.details import CaseDetails
from surveyapp.planning.cases.operations import add_cases, write_case
from surveyapp.planning.locks import check_returns_open, lock_audit
from surveyapp.planning.models import Audit

# Of an edit conflict: the page shows the table beside the cases as they are now.
CASES_CHANGED = "Someone else changed the cases after you opened the page."
LOOK_AGAIN = "Nothing was stored. What is stored now is below: look at it again, then store it."


def import_cases(  # noqa: PLR0913 — the table, the choices, and who stores it when
    audit: Audit,
    cases: Sequence[CaseDetails],
    choices: Mapping[str, str],
    *,
    seen: str,
    actor: str,
    now: datetime,
) -> CasePlan:
    """Add the cases of a table and change those of the audit as chosen; returns what was stored.

    `seen` is the plan's digest when the choices were shown: raises EditConflict if somebody has changed the
    cases since, and ReturnsClosed.
    """
    lock_audit(audit)
    check_returns_open(audit, now)
    plan = plan_cases(cases, audit.cases, choices)
    check_unchanged(seen, plan.seen, message=CASES_CHANGED, way_on=LOOK_AGAIN)
    changed = plan.changed
    for case, details in changed:
        write_case(case, details)
    record_events(actor, [("changed_case", f"case {case.id}", "") for case, _ in changed], now=now)
    if plan.added:
        add_cases(audit, plan.added, actor=actor, now=now)
    return plan
