"""An audit that was never issued is deleted; any other is set aside."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.planning.details import AuditDetails
from surveyapp.planning.errors import AlreadyIssued
from surveyapp.planning.models import Audit
from surveyapp.planning.operations import plan_audit
from surveyapp.planning.queries import listed_audits
from surveyapp.planning.removal.operations import (
    StillOpen,
    bring_audit_back,
    delete_audit,
    set_audit_aside,
    what_goes,
)
from tests.conftest import MONDAY_MORNING
from tests.row_maker import FORM, Maker

ANN = "Ann Lee"
MUCH_LATER = MONDAY_MORNING + timedelta(days=100)


def delete(audit: Audit, *, typed: str, now: datetime = MONDAY_MORNING) -> None:
    with transaction():
        delete_audit(audit, typed_title=typed, actor=ANN, now=now)


def test_its_title_is_typed_and_all_that_was_planned_goes(make: Maker, session: Session) -> None:
    audit = make.audit(cases=3, agencies=2, issued=False, title="Neglect 2026")
    assert what_goes(audit) == ["3 cases", "6 ticks of the grid"]
    with pytest.raises(FieldRefused, match="Type “Neglect 2026”"):
        delete(audit, typed="Neglect")
    number = audit.id
    delete(audit, typed="  neglect 2026 ")
    assert session.get(Audit, number) is None
    event = session.scalars(select(Event).where(Event.action == "deleted_audit")).one()
    assert (event.actor, event.object, event.detail) == (ANN, f"audit {number}", "Neglect 2026")


def test_the_number_of_a_deleted_audit_is_never_given_again(make: Maker) -> None:
    audit = make.audit(issued=False)
    number = audit.id
    delete(audit, typed=audit.title)
    with transaction():
        planned = plan_audit(AuditDetails(title="Next", form_id=FORM), actor=ANN, now=MONDAY_MORNING)
        assert planned.id > number


def test_an_audit_that_was_issued_is_not_deleted(make: Maker) -> None:
    audit = make.audit()
    with pytest.raises(AlreadyIssued, match="cannot be deleted"):
        delete(audit, typed=audit.title)


def test_a_closed_audit_leaves_the_lists_and_comes_back(make: Maker) -> None:
    audit = make.audit()
    with pytest.raises(StillOpen), transaction():
        set_audit_aside(audit, actor=ANN, now=MONDAY_MORNING)
    with transaction():
        set_audit_aside(audit, actor=ANN, now=MUCH_LATER)
    assert listed_audits() == []
    assert [planned.audit for planned in listed_audits(set_aside=True)] == [audit]
    with transaction():
        bring_audit_back(audit, actor=ANN, now=MUCH_LATER)
    assert [planned.audit for planned in listed_audits()] == [audit]
