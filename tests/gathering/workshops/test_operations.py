"""Adding, changing and removing workshops."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.store.event_log import Event
from surveyapp.gathering.models import Workshop
from surveyapp.gathering.queries import workshops_of
from surveyapp.gathering.workshops.operations import (
    WorkshopDetails,
    add_workshop,
    change_workshop,
    remove_workshop,
    workshop_digest,
)
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.gathering.conftest import MANAGER
from tests.row_maker import Maker

EVENT = WorkshopDetails("Learning event", date(2026, 11, 27), "Who sees the child?", "Nobody knew.", "Ask.")


def added(audit: Audit, people: Mapping[int, int] | None = None) -> Workshop:
    with transaction():
        return add_workshop(audit, replace(EVENT, people=people or {}), actor=MANAGER, now=MONDAY_MORNING)


def changed(workshop: Workshop, *, seen: str = "", **values: object) -> None:
    seen = seen or workshop_digest(workshop)
    with transaction():
        change_workshop(
            workshop,
            replace(EVENT, **values),  # type: ignore[arg-type]  # fields of it
            seen=seen,
            actor=MANAGER,
            now=MONDAY_MORNING,
        )


def came(audit: Audit) -> dict[str, int]:
    return {workshop.agency.name: workshop.people for workshop in workshops_of(audit.id)[0].attendances}


def test_scenarios_notes_and_suggestions_are_stored_apart_and_encrypted(
    commented_audit: Audit, session: Session
) -> None:
    added(commented_audit)
    kept = workshops_of(commented_audit.id)[0]
    assert (kept.scenarios, kept.notes, kept.suggestions) == ("Who sees the child?", "Nobody knew.", "Ask.")
    stored = session.execute(text("SELECT scenarios, notes, suggestions FROM survey_workshop")).one()
    assert all(b"ask" not in bytes(value).lower()[:20] for value in stored)
    assert session.scalars(select(Event.detail).where(Event.action == "added_workshop")).all() == [
        f"workshop {kept.id}"
    ]


def test_attendance_is_stored_by_agency_and_corrected(commented_audit: Audit, make: Maker) -> None:
    health, police = make.requests(commented_audit)[0].agency_id, make.requests(commented_audit)[2].agency_id
    workshop = added(commented_audit, {health: 4, police: 0, 999: 3})
    assert came(commented_audit) == {"Health": 4}
    changed(workshop, people={health: 5, police: 2})
    assert came(commented_audit) == {"Health": 5, "Police": 2}
    changed(workshop, people={police: 2})
    assert came(commented_audit) == {"Police": 2}
    with pytest.raises(FieldRefused) as refused:
        changed(workshop, people={police: 1000})
    assert refused.value.field == "people"


def test_conflicting_edits_are_refused(commented_audit: Audit) -> None:
    workshop = added(commented_audit)
    seen = workshop_digest(workshop)
    changed(workshop, notes="Hers.", seen=seen)
    with pytest.raises(EditConflict):
        changed(workshop, notes="Mine.", seen=seen)
    assert workshops_of(commented_audit.id)[0].notes == "Hers."


@pytest.mark.parametrize(
    ("values", "field"),
    [({"title": " "}, "title"), ({"title": "x" * 201}, "title"), ({"notes": "x" * 20_001}, "notes")],
)
def test_invalid_details_are_refused(commented_audit: Audit, values: dict[str, str], field: str) -> None:
    workshop = added(commented_audit)
    with pytest.raises(FieldRefused) as refused:
        changed(workshop, **values)
    assert refused.value.field == field


def test_removing_a_workshop_removes_its_attendance(commented_audit: Audit, make: Maker) -> None:
    workshop = added(commented_audit, {make.requests(commented_audit)[0].agency_id: 4})
    with transaction():
        remove_workshop(workshop, actor=MANAGER, now=MONDAY_MORNING)
    assert workshops_of(commented_audit.id) == ()
