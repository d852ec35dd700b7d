"""Problems of an audit before it is issued."""

from datetime import date

from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.planning.grid import operations
from surveyapp.planning.grid.queries import planned_grid
from surveyapp.planning.readiness import readiness
from tests.planning.conftest import ACTING
from tests.row_maker import Maker


def test_a_complete_audit_has_no_problems(make: Maker) -> None:
    assert list(readiness(make.audit(issued=False), today=date(2026, 11, 30)).problems) == []


def test_cases_without_agency_and_agencies_without_contact_are_reported(make: Maker) -> None:
    silent = make.agency("Silent Agency", contact=None)
    only_copy = make.agency("Copy Agency", role="escalation")
    audit = make.audit(cases=2, agencies=[make.agency(), silent, only_copy], issued=False)
    with transaction():
        kept = {cell for cell in planned_grid(audit).ticked if cell.case_id == audit.cases[0].id}
        operations.tick_cells(audit, kept, **ACTING)
    assert list(readiness(audit).problems) == [
        "No agency is ticked for Child 2.",
        "Copy Agency is ticked and has nobody to ask: add an audit lead or a deputy.",
        "Silent Agency is ticked and has nobody to ask: add an audit lead or a deputy.",
    ]


def test_missing_days_cases_and_form_are_all_reported(make: Maker, session: Session) -> None:
    audit = make.audit(cases=0, agencies=0, issued=False, form="gone")
    audit.due_on = audit.close_on = None
    session.commit()
    assert list(readiness(audit).problems) == [
        "The audit does not say when returns are due and when returns close.",
        "The audit’s form is no longer there: choose another.",
        "The audit has no cases yet.",
    ]


def test_a_due_day_that_has_passed_is_reported(make: Maker) -> None:
    audit = make.audit(issued=False)
    assert list(readiness(audit, today=date(2026, 12, 19)).problems) == [
        "Returns would be due on Friday 18 December 2026, which has passed."
    ]
