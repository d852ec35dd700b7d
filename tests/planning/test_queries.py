"""What planning asks of its rows."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.planning import operations
from surveyapp.planning.queries import TickedCell, planned_grid, programme, readiness, size_note
from tests.planning.test_operations import ACTING
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


def test_a_grid_of_fifteen_by_nine_is_a_handful_of_statements(
    make: Maker, session: Session, queries: Queries
) -> None:
    audit = make.audit(cases=15, agencies=9, issued=False)
    session.expire_all()
    with queries(5):
        found = planned_grid(audit)
        assert str(found) == "15 cases, 9 agencies, 135 requests"
        assert not found.unreachable
    session.expire_all()
    wanted = {TickedCell(case.id, agency.id) for case in found.cases for agency in found.agencies[:6]}
    session.expire_all()
    with queries(8), transaction():
        after = operations.tick_cells(audit, wanted, **ACTING)
    assert str(after) == "15 cases, 6 agencies, 90 requests"


def test_nothing_stands_in_the_way_of_a_whole_audit(make: Maker) -> None:
    assert readiness(make.audit(issued=False), today=date(2026, 11, 30)).problems == ()


def test_a_case_without_agency_and_an_agency_without_contact_are_pointed_out(make: Maker) -> None:
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


def test_an_audit_without_days_cases_or_form_is_told_all_of_it(make: Maker, session: Session) -> None:
    audit = make.audit(cases=0, agencies=0, issued=False, form="gone")
    audit.due_on = audit.close_on = None
    session.commit()
    assert list(readiness(audit).problems) == [
        "The audit does not say when returns are due and when returns close.",
        "There is no form “gone” any more: choose another.",
        "The audit has no cases yet.",
    ]


def test_a_due_day_that_has_passed_is_pointed_out(make: Maker) -> None:
    audit = make.audit(issued=False)
    assert list(readiness(audit, today=date(2026, 12, 19)).problems) == [
        "Returns would be due on Friday 18 December 2026, which has passed."
    ]


def test_the_programme_has_the_latest_first_with_its_counts(make: Maker, session: Session) -> None:
    older, newer, undated = (make.audit(cases=2, agencies=3, issued=False, title=name) for name in "ABC")
    older.issue_on = date(2026, 1, 5)
    undated.issue_on = undated.due_on = undated.close_on = None
    session.commit()
    assert [(each.audit.title, each.cases, each.requests) for each in programme()] == [
        ("C", 2, 6),
        ("B", 2, 6),
        ("A", 2, 6),
    ]
    assert newer.title == "B"


def test_another_size_than_the_terms_of_reference_say_is_noted(make: Maker, session: Session) -> None:
    audit = make.audit(cases=15, agencies=1, issued=False)
    audit.terms_of_reference = "Rounds of 8 or 20-25 cases alternate."
    session.commit()
    assert size_note(audit) == "There are 15 cases; the terms of reference say 8 or 20-25."
    audit.terms_of_reference = "About 12 to 16 cases."
    session.commit()
    assert size_note(audit) == ""
