"""What an administrator may do with accounts, and the administrator who is always left."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation import clock
from surveyapp.foundation.errors import FieldRefused, Refused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.standalone.accounts.operations import change_account, invite, reinstate, suspend
from surveyapp.standalone.models import Staff
from tests.accounts import person


@pytest.fixture
def ann(session: Session) -> Staff:  # noqa: ARG001 — in the app's database
    return person("Ann Lee", "business_manager administrator")


def change_roles(staff: Staff, *roles: str, by: str = "Ann Lee") -> bool:
    with transaction():
        return change_account(staff, staff.name, roles, actor=by, now=clock.now())


def test_one_administrator_is_always_left(ann: Staff) -> None:
    bo = person("Bo Finch", "administrator")
    with transaction():
        suspend(bo, actor=ann.name, now=clock.now())
        invite("Cy Moss", "cy@partnership.example", ["administrator"], actor=ann.name, now=clock.now())
    with pytest.raises(FieldRefused, match="Nobody else administers accounts"):
        change_roles(ann, "business_manager")
    with pytest.raises(Refused, match="Nobody else administers accounts"):
        suspend(ann, actor="Bo Finch", now=clock.now())
    with transaction():
        reinstate(bo, actor=ann.name, now=clock.now())
    with pytest.raises(Refused, match="cannot suspend yourself"):
        suspend(ann, actor=ann.name, now=clock.now())
    assert change_roles(ann, "business_manager")
    with pytest.raises(FieldRefused, match="Nobody else administers accounts"):
        change_roles(bo, "executive")


def test_each_act_is_one_event_with_names(ann: Staff, session: Session) -> None:
    bo = person()
    assert not change_roles(bo, "executive")
    assert change_roles(bo, "audit_lead", "business_manager")
    with transaction():
        suspend(bo, actor=ann.name, now=clock.now())
    with transaction():
        suspend(bo, actor=ann.name, now=clock.now())
    with transaction():
        reinstate(bo, actor=ann.name, now=clock.now())
    events = session.scalars(select(Event).order_by(Event.id))
    assert [(event.actor, event.action, event.object, event.detail) for event in events] == [
        (
            "Ann Lee",
            "changed_roles",
            f"staff {bo.id}",
            "Bo Finch: business_manager audit_lead, before executive",
        ),
        ("Ann Lee", "suspended_staff", f"staff {bo.id}", "Bo Finch"),
        ("Ann Lee", "reinstated_staff", f"staff {bo.id}", "Bo Finch"),
    ]
