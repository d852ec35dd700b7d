"""What an agency says of its involvement, and how the grid follows."""

import pytest

from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import transaction
from surveyapp.planning.cases.operations import remove_case
from surveyapp.planning.errors import AlreadyIssued
from surveyapp.planning.grid import operations
from surveyapp.planning.grid.answer_operations import store_answers
from surveyapp.planning.grid.queries import involvement_answers, last_change, planned_grid, ticked_cells
from surveyapp.planning.models import Audit
from tests.planning.conftest import ACTING
from tests.row_maker import Maker


def ticked(audit: Audit) -> list[str]:
    cases = {case.id: case.pseudonym for case in audit.cases}
    return sorted(cases[cell.case_id] for cell in ticked_cells(audit))


def test_the_grid_follows_what_an_agency_says(make: Maker) -> None:
    audit = make.audit(cases=4, agencies=[make.agency("Police")], issued=False)
    (police,) = planned_grid(audit).agencies
    first, second, third, fourth = audit.cases
    keep = {cell for cell in ticked_cells(audit) if cell.case_id in {second.id, third.id}}
    with transaction():
        operations.tick_cells(audit, keep, **ACTING)
    said = {
        first.id: "known",
        second.id: "not_known",
        third.id: "relative_only",
        fourth.id: "relative_only",
    }
    with transaction():
        store_answers(audit, police, said, **ACTING)
    assert ticked(audit) == ["Child 1", "Child 3"], "what only a relative is known for stays as it was"
    assert {cell.case_id: answer for cell, answer in involvement_answers(audit).items()} == said
    change = last_change(audit)
    assert change is not None
    assert change.by == "Police"


def test_an_answer_given_again_leaves_ticks_made_by_hand_since(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=[make.agency("Police")], issued=False)
    (police,) = planned_grid(audit).agencies
    said = {audit.cases[0].id: "not_known"}
    with transaction():
        store_answers(audit, police, said, **ACTING)
    by_hand = planned_grid(audit).row_or_column(agency_id=police.id)
    with transaction():
        operations.tick_cells(audit, by_hand, **ACTING)
    with transaction():
        store_answers(audit, police, said, **ACTING)
    assert ticked(audit) == ["Child 1"]


def test_an_answer_about_another_audit_or_in_other_words_is_refused(make: Maker) -> None:
    audit, other = (make.audit(cases=1, agencies=1, issued=False) for _ in range(2))
    (agency,) = planned_grid(audit).agencies
    for said in ({other.cases[0].id: "known"}, {audit.cases[0].id: "perhaps"}):
        with pytest.raises(NotFound), transaction():
            store_answers(audit, agency, said, **ACTING)
    assert not involvement_answers(audit)


def test_the_grid_of_an_issued_audit_follows_no_answer(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    (agency,) = planned_grid(audit).agencies
    with pytest.raises(AlreadyIssued), transaction():
        store_answers(audit, agency, {audit.cases[0].id: "not_known"}, **ACTING)


def test_what_was_said_of_a_removed_case_goes_with_it(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1, issued=False)
    (agency,) = planned_grid(audit).agencies
    with transaction():
        store_answers(audit, agency, {case.id: "known" for case in audit.cases}, **ACTING)
    with transaction():
        remove_case(audit.cases[1], **ACTING)
    assert [cell.case_id for cell in involvement_answers(audit)] == [audit.cases[0].id]
