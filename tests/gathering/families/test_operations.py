"""Talks with families: far enough to hold what was said, and no telephone number unless a setting says so."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.extension import SurveyState
from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.settings import SETTINGS
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.store.event_log import Event
from surveyapp.gathering.families.operations import (
    FamilyDetails,
    add_family,
    change_family,
    families_in_words,
    family_digest,
    offers_of_help,
    remove_family,
)
from surveyapp.gathering.models import FamilyContact, FamilyNote
from surveyapp.gathering.queries import families_of
from surveyapp.planning.models import Audit
from tests.collating.example_answers import text_of
from tests.conftest import MONDAY_MORNING
from tests.gathering.conftest import MANAGER
from tests.page_client import PageClient
from tests.row_maker import Maker

DAY = date(2026, 12, 1)


@pytest.fixture
def numbers_kept(app: Flask) -> None:
    """Let the setting keep telephone numbers."""
    state: SurveyState = app.extensions["survey"]
    allowed = replace(state.settings, keep_telephone_numbers=True)
    app.extensions["survey"] = replace(state, settings=allowed)


def details(audit: Audit, **values: object) -> FamilyDetails:
    base = FamilyDetails(audit.cases[0].id, "done", caller="Audit lead", held_on=DAY)
    return replace(base, **values)  # type: ignore[arg-type]  # fields of it


def added(audit: Audit, **values: object) -> FamilyContact:
    with transaction():
        return add_family(audit, details(audit, **values), actor=MANAGER, now=MONDAY_MORNING)


def test_a_talk_keeps_its_agency_state_and_notes_by_area_encrypted(
    said: Audit, make: Maker, session: Session
) -> None:
    agency = make.requests(said)[0].agency
    added(said, agency_id=agency.id, notes={"ended": "It was clear.", "impact": "  "})
    kept = families_of(said.id)[0]
    assert (kept.agency, kept.state, kept.held_on, kept.caller) == (agency, "done", DAY, "Audit lead")
    assert [(each.area, each.text) for each in kept.notes] == [("ended", "It was clear.")]
    assert b"clear" not in session.execute(text("SELECT text FROM survey_family_note")).scalar_one()
    assert session.scalars(select(Event.detail).where(Event.action == "added_family")).all() == [
        f"family {kept.id}"
    ]


def test_notes_are_changed_cleared_and_go_with_the_talk(said: Audit, session: Session) -> None:
    family = added(said, notes={"ended": "One.", "impact": "Two."})
    with transaction():
        change_family(
            said,
            family,
            details(said, notes={"ended": "Three.", "support": "Four."}),
            seen=family_digest(family),
            actor=MANAGER,
            now=MONDAY_MORNING,
        )
    assert {each.area: each.text for each in families_of(said.id)[0].notes} == {
        "ended": "Three.",
        "support": "Four.",
    }
    with pytest.raises(EditConflict):
        change_family(said, family, details(said), seen="0" * 64, actor=MANAGER, now=MONDAY_MORNING)
    with transaction():
        remove_family(said, family, actor=MANAGER, now=MONDAY_MORNING)
    assert families_of(said.id) == ()
    assert session.scalar(select(FamilyNote.id)) is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"case_id": 999}, "case"),
        ({"agency_id": 999}, "agency"),
        ({"state": "maybe"}, "state"),
        ({"held_on": None}, "held_on"),
        ({"state": "declined"}, "held_on"),
        ({"state": "agreed", "held_on": None, "notes": {"ended": "Said."}}, "ended"),
        ({"caller": "x" * 201}, "caller"),
        ({"notes": {"impact": "x" * 20_001}}, "impact"),
        ({"telephone": "1" * 41}, "telephone"),
        ({"caller": "Ring 01632 960101"}, "caller"),
        ({"notes": {"ended": "She said to ring 07700 900123."}}, "ended"),
    ],
)
def test_what_cannot_be_kept_is_refused_where_it_was_typed(
    said: Audit, values: dict[str, object], field: str
) -> None:
    with pytest.raises(FieldRefused) as refused:
        added(said, **values)
    assert refused.value.field == field


def test_a_case_of_another_audit_has_no_family_here(said: Audit, make: Maker) -> None:
    with pytest.raises(FieldRefused, match="Choose the child"):
        added(said, case_id=make.audit(cases=1, agencies=1).cases[0].id)


def test_no_telephone_number_is_stored_by_default(said: Audit) -> None:
    setting = next(each for each in SETTINGS if each.name == "SURVEY_KEEP_TELEPHONE_NUMBERS")
    assert setting.default is False
    assert added(said, telephone="01632 960101").telephone is None


@pytest.mark.usefixtures("numbers_kept")
def test_the_setting_keeps_a_number_encrypted(said: Audit, session: Session) -> None:
    family = added(said, telephone=" 01632  960101 ", caller="Ring 01632 960101")
    assert family.telephone == "01632 960101"
    assert b"01632" not in session.execute(text("SELECT telephone FROM survey_family_contact")).scalar_one()


def test_a_number_goes_once_the_setting_is_off(said: Audit, session: Session) -> None:
    family = added(said)
    family.telephone = "01632 960101"
    session.commit()
    with transaction():
        change_family(
            said, family, details(said), seen=family_digest(family), actor=MANAGER, now=MONDAY_MORNING
        )
    assert family.telephone is None


def test_the_sentence_counts_families_and_what_came_of_them() -> None:
    assert families_in_words([]) == "No family was offered a talk."
    states = ["done", "done", "done", "declined", "agreed", "offered"]
    assert families_in_words(states) == (
        "6 families were offered a talk by telephone: "
        "3 held, 1 declined, 1 agreed and not yet held and 1 open."
    )
    assert families_in_words(["done"]) == ("1 family was offered a talk by telephone: 1 held.")


def test_agencies_that_can_help_are_listed_until_the_family_is(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=2)
    answers = ("yes", "no", "yes", "not_appropriate")
    for audit_request, option in zip(make.requests(audit), answers, strict=True):
        make.returned(audit_request, (GivenAnswer("family_contact", option=option),))
    # Requests go by agency, then by case: both agencies offered help with the first child.
    assert [case.pseudonym for case, _agency in offers_of_help(audit)] == ["Child 1", "Child 1"]
    added(audit, state="offered", held_on=None)
    assert offers_of_help(audit) == []


def test_a_form_that_does_not_ask_has_no_offers(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    audit.form_definition = (
        '{"form":"own","title":"Own","source":"ours","themes":{"a":"A"},"questions":['
        '{"id":"other","number":3,"theme":"a","kind":"long_text","ask":"Anything?"}]}'
    )
    assert offers_of_help(audit) == []


def test_staff_keep_the_list_of_families(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    make.returned(make.requests(audit)[0], (GivenAnswer("family_contact", option="yes"),))
    case, agency = audit.cases[0].id, make.requests(audit)[0].agency_id
    begin = f"/audits/{audit.id}/families"
    page = client.get(begin).text
    assert "An agency can help to reach these" in page
    assert f"/families/add?case={case}&amp;agency={agency}" in page
    page = client.get(f"{begin}/add?case={case}&agency={agency}").text
    assert f'<option value="{agency}" selected>' in page
    assert "No telephone number is kept here." in page
    assert 'name="telephone"' not in page
    sent = {"case": case, "agency": agency, "state": "offered", "telephone": "01632 960101"}
    page = text_of(client.follow(client.post(f"{begin}/add", sent)).text)
    for words in ("1 family was offered a talk by telephone: 1 open.", "Offered", "0 of 4 areas"):
        assert words in page
    assert "An agency can help" not in page
    family = families_of(audit.id)[0]
    assert family.telephone is None
    path = f"{begin}/{family.id}"
    seen = client.get(path).text.partition('name="seen" value="')[2].partition('"')[0]
    held = {**sent, "state": "done", "seen": seen, "ended": "It's clear."}
    page = client.post(path, held, status=422).text
    assert "Say on which day the talk was held" in page
    assert "It&#39;s clear.</textarea>" in page
    held["held_on"] = ["1", "12", "2026"]
    assert "Held on Tue 1 Dec" in text_of(client.follow(client.post(path, held)).text)
    page = client.post(path, {**held, "ended": "Mine."}, status=409).text
    for words in ("Someone else changed this", "It&#39;s clear.", "Mine.</textarea>"):
        assert words in page
    client.post(f"{path}/remove")
    assert "No family was offered a talk." in client.get(begin).text


@pytest.mark.usefixtures("numbers_kept")
def test_the_page_asks_for_a_number_only_where_it_is_kept(client: PageClient, said: Audit) -> None:
    assert 'name="telephone"' in client.get(f"/audits/{said.id}/families/add").text
