"""Operations on cases, called directly."""

import pytest
from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.planning.audit_state_operations import mark_closed
from surveyapp.planning.cases import operations
from surveyapp.planning.cases.ages import Age
from surveyapp.planning.cases.details import CaseDetails
from surveyapp.planning.errors import AlreadyIssued, ReturnsClosed
from surveyapp.planning.grid.queries import planned_grid
from surveyapp.planning.models import Audit
from tests.planning.conftest import ACTING, NOW
from tests.row_maker import Maker


def test_cases_keep_the_order_in_which_they_were_added(planned: Audit) -> None:
    with transaction():
        operations.add_cases(planned, [CaseDetails("Child 2"), CaseDetails("Child 10")], **ACTING)
        operations.add_cases(planned, [CaseDetails("Child 1", age=Age(unborn=True))], **ACTING)
    assert [(case.pseudonym, case.unborn) for case in planned.cases] == [
        ("Child 2", False),
        ("Child 10", False),
        ("Child 1", True),
    ]


def test_a_taken_pseudonym_refuses_the_whole_range(planned: Audit, session: Session) -> None:
    with transaction():
        operations.add_cases(planned, [CaseDetails("Child 2")], **ACTING)
    with pytest.raises(operations.CaseExists, match="called “Child 2” already"), transaction():
        operations.add_cases(planned, [CaseDetails("Child 1"), CaseDetails("child 2")], **ACTING)
    session.expire_all()
    assert [case.pseudonym for case in planned.cases] == ["Child 2"]


def test_a_case_is_corrected_under_its_own_name_and_never_takes_another(
    planned: Audit, session: Session
) -> None:
    with transaction():
        first, _second = operations.add_cases(
            planned, [CaseDetails("Child 1", age=Age(months=40)), CaseDetails("Child 2")], **ACTING
        )
    with transaction():
        operations.change_case(
            first, CaseDetails("CHILD 1", age=Age(unborn=True), needs=("domestic abuse",)), **ACTING
        )
    assert (first.pseudonym, first.age_months, first.unborn) == ("CHILD 1", None, True)
    assert (first.position, first.needs) == (1, ["domestic abuse"])
    with pytest.raises(operations.CaseExists, match="called “Child 2” already"), transaction():
        operations.change_case(first, CaseDetails("child 2"), **ACTING)
    session.expire_all()
    assert [case.pseudonym for case in planned.cases] == ["CHILD 1", "Child 2"]


def test_nothing_is_planned_once_returns_are_closed(make: Maker) -> None:
    audit = make.audit()
    with transaction():
        mark_closed(audit, now=NOW)
    with pytest.raises(ReturnsClosed, match="Returns closed on"), transaction():
        operations.add_cases(audit, [CaseDetails("Child 9")], **ACTING)


def test_a_case_is_removed_with_its_ticks_until_it_is_issued(make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, issued=False)
    with transaction():
        operations.remove_case(audit.cases[0], **ACTING)
    session.expire_all()
    assert [case.pseudonym for case in audit.cases] == ["Child 2"]
    assert len(planned_grid(audit).ticked) == 2
    issued = make.audit(cases=1)
    with (
        pytest.raises(AlreadyIssued, match="Agencies have been asked about Child 1"),
        transaction(),
    ):
        operations.remove_case(issued.cases[0], **ACTING)
