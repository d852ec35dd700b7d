"""Choosing the agencies of a grid, and adding one for one child."""

import pytest

from surveyapp.agencies.operations import AgencyExists, InvalidContactAddress
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.planning.grid import agency_operations as operations
from surveyapp.planning.grid.agency_operations import AgencyForChild
from surveyapp.planning.grid.queries import audits_with_agencies, planned_grid
from surveyapp.planning.models import Audit
from tests.planning.conftest import ACTING
from tests.row_maker import Maker

SURGERY = AgencyForChild("Elm Surgery", "gp", "Dr Jo Bell", "jo@elm.example", "01234 500200")


def names(audit: Audit) -> list[str]:
    return [agency.name for agency in planned_grid(audit).agencies]


def test_two_managers_who_choose_at_once_keep_both_choices(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=[], issued=False)
    health, police = make.agency("Health", kind="health").id, make.agency("Police").id
    with transaction():
        operations.choose_agencies(audit, {police}, seen=(), **ACTING)
    with transaction():
        operations.choose_agencies(audit, {health}, seen=(), **ACTING)
    assert names(audit) == ["Health", "Police"]
    with transaction():
        operations.choose_agencies(audit, (), seen={police}, **ACTING)
    assert names(audit) == ["Health"]


def test_an_agency_with_a_tick_stays(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=[make.agency("Police")], issued=False)
    (police,) = planned_grid(audit).agencies
    with pytest.raises(operations.AgencyInUse, match="Police stays in the grid"), transaction():
        operations.choose_agencies(audit, (), seen={police.id}, **ACTING)
    assert names(audit) == ["Police"]


def test_an_agency_that_is_not_in_the_directory_cannot_be_chosen(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    with pytest.raises(EditConflict), transaction():
        operations.choose_agencies(audit, {999}, seen=(), **ACTING)


def test_a_surgery_is_added_for_one_child_with_its_contact_and_its_tick(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1, issued=False)
    child = audit.cases[1]
    with transaction():
        agency = operations.add_agency_for_child(child, SURGERY, **ACTING)
    grid = planned_grid(audit)
    assert [cell.case_id for cell in grid.ticked if cell.agency_id == agency.id] == [child.id]
    contact = agency.answering_contact
    assert contact is not None
    assert (contact.name, contact.email, contact.telephone) == (
        "Dr Jo Bell",
        "jo@elm.example",
        "01234 500200",
    )
    with pytest.raises(AgencyExists), transaction():
        operations.add_agency_for_child(audit.cases[0], SURGERY, **ACTING)


def test_a_surgery_with_a_wrong_address_is_not_stored_at_all(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    wrong = AgencyForChild("Elm Surgery", "gp", "Dr Jo Bell", "jo at elm")
    with pytest.raises(InvalidContactAddress), transaction():
        operations.add_agency_for_child(audit.cases[0], wrong, **ACTING)
    assert "Elm Surgery" not in names(audit)


def test_the_last_audit_is_offered_first(make: Maker) -> None:
    older, newer, audit = (make.audit(cases=1, agencies=1, issued=False) for _ in range(3))
    for chosen in (older, newer):
        with transaction():
            agency_ids = {agency.id for agency in planned_grid(chosen).agencies}
            operations.choose_agencies(chosen, agency_ids, seen=(), **ACTING)
    assert audits_with_agencies(besides=audit) == [newer, older]
