"""Adding, changing and removing talks with families."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.settings_list import SETTINGS
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.store.event_log import Event
from surveyapp.gathering.families.operations import (
    FamilyDetails,
    add_family,
    change_family,
    family_digest,
    remove_family,
)
from surveyapp.gathering.models import FamilyContact, FamilyNote
from surveyapp.gathering.queries import families_of
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.gathering.conftest import MANAGER
from tests.row_maker import Maker

DAY = date(2026, 11, 27)


def details(audit: Audit, **values: object) -> FamilyDetails:
    base = FamilyDetails(audit.cases[0].id, "done", caller="Audit lead", held_on=DAY)
    return replace(base, **values)  # type: ignore[arg-type]  # fields of it


def added(audit: Audit, **values: object) -> FamilyContact:
    with transaction():
        return add_family(audit, details(audit, **values), actor=MANAGER, now=MONDAY_MORNING)


def test_a_talk_is_stored_with_encrypted_notes(commented_audit: Audit, make: Maker, session: Session) -> None:
    agency = make.requests(commented_audit)[0].agency
    added(commented_audit, agency_id=agency.id, notes={"ended": "It was clear.", "impact": "  "})
    kept = families_of(commented_audit.id)[0]
    assert (kept.agency, kept.state, kept.held_on, kept.caller) == (agency, "done", DAY, "Audit lead")
    assert [(note.area, note.text) for note in kept.notes] == [("ended", "It was clear.")]
    assert b"clear" not in session.execute(text("SELECT text FROM survey_family_note")).scalar_one()
    assert session.scalars(select(Event.detail).where(Event.action == "added_family")).all() == [
        f"family {kept.id}"
    ]


def test_notes_are_changed_and_removed_with_the_talk(commented_audit: Audit, session: Session) -> None:
    family = added(commented_audit, notes={"ended": "One.", "impact": "Two."})
    with transaction():
        change_family(
            commented_audit,
            family,
            details(commented_audit, notes={"ended": "Three.", "support": "Four."}),
            seen=family_digest(family),
            actor=MANAGER,
            now=MONDAY_MORNING,
        )
    assert {note.area: note.text for note in families_of(commented_audit.id)[0].notes} == {
        "ended": "Three.",
        "support": "Four.",
    }
    with pytest.raises(EditConflict):
        change_family(
            commented_audit,
            family,
            details(commented_audit),
            seen="0" * 64,
            actor=MANAGER,
            now=MONDAY_MORNING,
        )
    with transaction():
        remove_family(commented_audit, family, actor=MANAGER, now=MONDAY_MORNING)
    assert families_of(commented_audit.id) == ()
    assert session.scalar(select(FamilyNote.id)) is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"case_id": 999}, "case"),
        ({"agency_id": 999}, "agency"),
        ({"state": "maybe"}, "state"),
        ({"held_on": None}, "held_on"),
        ({"held_on": date(2026, 12, 1)}, "held_on"),
        ({"state": "declined"}, "held_on"),
        ({"state": "agreed", "held_on": None, "notes": {"ended": "Said."}}, "ended"),
        ({"caller": "x" * 201}, "caller"),
        ({"notes": {"impact": "x" * 20_001}}, "impact"),
        ({"telephone": "1" * 41}, "telephone"),
        ({"caller": "Ring 01632 960101"}, "caller"),
        ({"notes": {"ended": "She said to ring 07700 900123."}}, "ended"),
    ],
)
def test_invalid_details_are_refused_with_their_field(
    commented_audit: Audit, values: dict[str, object], field: str
) -> None:
    with pytest.raises(FieldRefused) as refused:
        added(commented_audit, **values)
    assert refused.value.field == field


def test_a_case_of_another_audit_is_refused(commented_audit: Audit, make: Maker) -> None:
    with pytest.raises(FieldRefused, match="Choose the child"):
        added(commented_audit, case_id=make.audit(cases=1, agencies=1).cases[0].id)


def test_no_telephone_number_is_stored_by_default(commented_audit: Audit) -> None:
    setting = next(setting for setting in SETTINGS if setting.name == "SURVEY_KEEP_TELEPHONE_NUMBERS")
    assert setting.default is False
    assert added(commented_audit, telephone="01632 960101").telephone is None


@pytest.mark.usefixtures("numbers_kept")
def test_the_setting_keeps_a_number_encrypted(commented_audit: Audit, session: Session) -> None:
    family = added(commented_audit, telephone=" 01632  960101 ", caller="Ring 01632 960101")
    assert family.telephone == "01632 960101"
    assert b"01632" not in session.execute(text("SELECT telephone FROM survey_family_contact")).scalar_one()


def test_a_stored_number_is_dropped_once_the_setting_is_off(commented_audit: Audit, session: Session) -> None:
    family = added(commented_audit)
    family.telephone = "01632 960101"
    session.commit()
    with transaction():
        change_family(
            commented_audit,
            family,
            details(commented_audit),
            seen=family_digest(family),
            actor=MANAGER,
            now=MONDAY_MORNING,
        )
    assert family.telephone is None
