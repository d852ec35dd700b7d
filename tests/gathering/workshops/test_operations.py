"""Workshops: how many came of which agency, and nobody's change lost."""

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
from tests.collating.example_answers import text_of
from tests.conftest import MONDAY_MORNING
from tests.gathering.conftest import MANAGER
from tests.page_client import PageClient
from tests.row_maker import Maker

EVENT = WorkshopDetails("Learning event", date(2026, 12, 1), "Who sees the child?", "Nobody knew.", "Ask.")


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
    return {each.agency.name: each.people for each in workshops_of(audit.id)[0].attendances}


def test_a_workshop_keeps_what_was_put_said_and_suggested_apart_and_encrypted(
    said: Audit, session: Session
) -> None:
    added(said)
    kept = workshops_of(said.id)[0]
    assert (kept.scenarios, kept.notes, kept.suggestions) == ("Who sees the child?", "Nobody knew.", "Ask.")
    stored = session.execute(text("SELECT scenarios, notes, suggestions FROM survey_workshop")).one()
    assert all(b"ask" not in bytes(each).lower()[:20] for each in stored)
    assert session.scalars(select(Event.detail).where(Event.action == "added_workshop")).all() == [
        f"workshop {kept.id}"
    ]


def test_people_are_counted_by_agency_and_corrected(said: Audit, make: Maker) -> None:
    health, police = make.requests(said)[0].agency_id, make.requests(said)[2].agency_id
    workshop = added(said, {health: 4, police: 0, 999: 3})
    assert came(said) == {"Health": 4}
    changed(workshop, people={health: 5, police: 2})
    assert came(said) == {"Health": 5, "Police": 2}
    changed(workshop, people={police: 2})
    assert came(said) == {"Police": 2}
    with pytest.raises(FieldRefused) as refused:
        changed(workshop, people={police: 1000})
    assert refused.value.field == "people"


def test_the_later_of_two_is_shown_the_earlier(said: Audit) -> None:
    workshop = added(said)
    seen = workshop_digest(workshop)
    changed(workshop, notes="Hers.", seen=seen)
    with pytest.raises(EditConflict):
        changed(workshop, notes="Mine.", seen=seen)
    assert workshops_of(said.id)[0].notes == "Hers."


@pytest.mark.parametrize(
    ("values", "field"),
    [({"title": " "}, "title"), ({"title": "x" * 201}, "title"), ({"notes": "x" * 20_001}, "notes")],
)
def test_what_cannot_be_kept_is_refused(said: Audit, values: dict[str, str], field: str) -> None:
    workshop = added(said)
    with pytest.raises(FieldRefused) as refused:
        changed(workshop, **values)
    assert refused.value.field == field


def test_a_workshop_goes_with_its_counts(said: Audit, make: Maker) -> None:
    workshop = added(said, {make.requests(said)[0].agency_id: 4})
    with transaction():
        remove_workshop(workshop, actor=MANAGER, now=MONDAY_MORNING)
    assert workshops_of(said.id) == ()


def test_staff_write_a_workshop_down_and_find_it_again(client: PageClient, said: Audit, make: Maker) -> None:
    make.agency("Housing", kind="other")
    health = make.requests(said)[0].agency_id
    begin = f"/audits/{said.id}/workshops"
    page = text_of(client.get(f"{begin}/add").text)
    assert page.index("Police") < page.index("Other agencies") < page.index("Housing")
    sent = {
        "title": "Learning event",
        "held_on": ["1", "12", "2026"],
        "notes": "It's ours.",
        f"people-{health}": "4",
    }
    voices = client.follow(client.post(f"{begin}/add", sent)).text
    assert "4 people of 1 agency" in text_of(voices)
    path = f"{begin}/{workshops_of(said.id)[0].id}"
    page = client.get(path).text
    assert "It&#39;s ours.</textarea>" in page
    assert f'name="people-{health}" inputmode="numeric" value="4"' in page
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    client.post(path, {**sent, "seen": seen, "notes": "Hers."})
    page = client.post(path, {**sent, "seen": seen, "notes": "Mine."}, status=409).text
    for words in ("Someone else changed this", "Hers.", "Mine.</textarea>", "Health 4"):
        assert words in page
    fresh = page.partition('name="seen" value="')[2].partition('"')[0]
    client.post(path, {**sent, "seen": fresh, "notes": "Mine."})
    assert workshops_of(said.id)[0].notes == "Mine."
    client.post(f"{path}/remove")
    client.get(path, status=404)


def test_mistakes_are_told_and_numbers_stay_as_typed(client: PageClient, said: Audit, make: Maker) -> None:
    health, path = make.requests(said)[0].agency_id, f"/audits/{said.id}/workshops/add"
    page = client.post(path, {f"people-{health}": "a few"}, status=422).text
    for words in (
        "Name the workshop",
        "Say on which day it was held",
        "Enter how many people came as a whole number",
        'value="a few"',
    ):
        assert words in page
