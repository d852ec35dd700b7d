"""The list of one day: its JSON, and who gets a copy."""

import json

from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.chasing.queries import chasing_list
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.planning.models import Audit
from tests.chasing.conftest import SLOT
from tests.row_maker import Maker


def test_the_list_for_scripts_keeps_its_shape(audit: Audit) -> None:
    assert chasing_list(audit, SLOT, working_calendar()).as_json() == {
        "audit": audit.id,
        "on": "2026-12-11",
        "slot": True,
        "due": [
            {
                "contact": audit_contact(audit),
                "email": "p@police.example",
                "cases": ["Child 1"],
                "copy_to": None,
            }
        ],
        "not_due": [{"contact": "Lead 2", "why": "everything returned"}],
    }


def test_the_list_for_scripts_names_who_gets_a_copy(audit: Audit, make: Maker, session: Session) -> None:
    audit.escalate_from = -5
    police = make.grants(audit)[0].contact.agency
    police.contacts.append(Contact(name="Chief", email="chief@police.example", role="escalation"))
    session.commit()
    written = json.dumps(chasing_list(audit, SLOT, working_calendar()).as_json())
    assert '"copy_to": "chief@police.example"' in written


def audit_contact(audit: Audit) -> str:
    return chasing_list(audit, SLOT, working_calendar()).due[0].contact.name


def test_nobody_gets_a_copy_of_their_own_chaser(audit: Audit, make: Maker, session: Session) -> None:
    audit.escalate_from = -5
    lead = make.grants(audit)[0].contact
    lead.role = "escalation"
    session.commit()
    (due,) = chasing_list(audit, SLOT, working_calendar()).due
    assert (due.contact, due.agency.escalation_contact, due.escalates) == (lead, lead, True)
    assert due.copy_to is None
