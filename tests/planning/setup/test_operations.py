"""The operation that stores a set-up file."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from surveyapp.agencies.queries import agencies_by_name, all_agencies
from surveyapp.foundation.store.db import transaction
from surveyapp.planning.grid.queries import planned_grid
from surveyapp.planning.models import Audit
from surveyapp.planning.readiness import readiness
from surveyapp.planning.references.queries import agency_references
from surveyapp.planning.setup.operations import set_up_audit
from surveyapp.planning.setup.setup_file import SetUpMistakes, read_set_up
from tests.conftest import MONDAY_MORNING
from tests.planning.setup.conftest import EXAMPLE, read
from tests.row_maker import Maker

pytestmark = pytest.mark.usefixtures("session")


ACTING: dict[str, Any] = {"actor": "staff", "now": MONDAY_MORNING}


def test_a_set_up_becomes_an_audit_ready_to_issue(example: str) -> None:
    with transaction():
        audit = set_up_audit(read(example), **ACTING)
    assert str(planned_grid(audit)) == "2 cases, 2 agencies, 3 requests"
    assert list(readiness(audit).problems) == []
    assert (audit.due_on, audit.chasers, audit.escalate_from) == (date(2026, 12, 18), [-5, 0, 3, 7], 3)
    assert [(case.pseudonym, case.age_months, case.unborn) for case in audit.cases] == [
        ("Child 1", 36, False),
        ("Child 2", None, True),
    ]
    assert audit.cases[0].needs == ["domestic abuse", "parental substance misuse"]
    assert (police := agencies_by_name().named("northside police"))
    assert police.answering_contact is not None


def test_an_agency_of_the_directory_is_reused_and_given_its_new_contacts(example: str, make: Maker) -> None:
    there = make.agency("northside police", contact="Audit@Police.example")
    more = example.replace(
        "email: audit@police.example, role: lead}",
        "email: audit@police.example, role: lead}\n"
        "      - {name: Deputy, email: deputy@police.example, role: deputy}",
    )
    with transaction():
        set_up_audit(read(more), **ACTING)
    assert len(all_agencies()) == 2
    assert [contact.email for contact in there.contacts] == ["Audit@Police.example", "deputy@police.example"]


def test_a_refused_set_up_stores_nothing(example: str, make: Maker, session: Session) -> None:
    said = read(example)
    make.audit(title="Repeat Child Protection Plans, January 2027", agencies=0, cases=0, issued=False)
    with pytest.raises(Exception, match="already"), transaction():
        set_up_audit(said, **ACTING)
    session.expire_all()
    assert all_agencies() == []


def test_a_set_up_file_may_hold_references(session: Session) -> None:
    tail = "    agencies: [Northside Social Care, Northside Police]\n"
    written = EXAMPLE.replace(tail, f"{tail}    references: {{northside police: OCC/4471}}\n")
    with transaction():
        audit = set_up_audit(read_set_up(written.encode(), "set-up.yaml"), **ACTING)
    assert list(agency_references(audit).values()) == ["OCC/4471"]
    assert audit.ask_for_code is None
    assert audit.asks_for_code
    wrong = written.replace("northside police: OCC/4471", "Southside Police: OCC/1")
    with pytest.raises(
        SetUpMistakes, match="Southside Police has a reference and is not asked about Child 1"
    ):
        read_set_up(wrong.encode(), "set-up.yaml")
    assert session.query(Audit).count() == 1
