"""Agencies' own references: encrypted, for staff to write and nobody to find."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.planning.models import Audit
from surveyapp.planning.operations import set_up_audit
from surveyapp.planning.queries import TickedCell, agency_references
from surveyapp.planning.references import (
    LONGEST_REFERENCE,
    ReferencesChanged,
    ReferenceTooLong,
    write_references,
)
from surveyapp.planning.setup.setup_file import SetUpMistakes, read_set_up
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.planning.conftest import EXAMPLE
from tests.row_maker import Maker

ACTING: dict[str, Any] = {"actor": "manager", "now": MONDAY_MORNING}


pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=2, agencies=1, issued=False)


@pytest.fixture
def cell(audit: Audit) -> TickedCell:
    cell = audit.cases[0].involvements[0]
    return TickedCell(cell.case_id, cell.agency_id)


def write(audit: Audit, written: dict[TickedCell, str], **options: Any) -> int:
    with transaction():
        return write_references(audit, written, **options, **ACTING)


def test_a_reference_is_stored_encrypted_and_counted_without_its_words(
    audit: Audit, cell: TickedCell, session: Session
) -> None:
    assert not audit.asks_for_code
    assert write(audit, {cell: " OCC/4471 "}) == 1
    assert agency_references(audit) == {cell: "OCC/4471"}
    assert audit.asks_for_code
    raw = session.scalars(
        text("SELECT own_reference FROM survey_involvement WHERE own_reference IS NOT NULL")
    )
    assert all(b"4471" not in bytes(each) for each in raw)
    event = session.query(Event).one()
    assert (event.action, event.detail) == ("changed_references", "1 reference")
    assert write(audit, {cell: "OCC/4471"}) == 0
    assert write(audit, {cell: ""}) == 1
    assert agency_references(audit) == {}
    assert not audit.asks_for_code


def test_what_another_wrote_meanwhile_stays_or_is_told(audit: Audit, cell: TickedCell) -> None:
    other = TickedCell(audit.cases[1].id, cell.agency_id)
    write(audit, {other: "B"}, seen={})
    write(audit, {cell: "A", other: ""}, seen={cell: "", other: ""})
    assert agency_references(audit) == {cell: "A", other: "B"}
    with pytest.raises(ReferencesChanged) as refusal:
        write(audit, {other: "C"}, seen={other: ""})
    assert refusal.value.there == {other: "B"}
    write(audit, {other: "C"}, seen=refusal.value.there)
    assert agency_references(audit)[other] == "C"


def test_a_long_text_and_a_cell_without_a_tick_are_no_reference(audit: Audit, cell: TickedCell) -> None:
    with pytest.raises(ReferenceTooLong):
        write(audit, {cell: "x" * (LONGEST_REFERENCE + 1)})
    assert write(audit, {TickedCell(999, 999): "OCC/1"}) == 0


def test_the_page_keeps_references_and_shows_both_where_two_people_wrote(
    client: PageClient, audit: Audit, cell: TickedCell
) -> None:
    path, field = f"/audits/{audit.id}/references", f"{cell.case_id}-{cell.agency_id}"
    assert f'name="reference-{field}"' in client.get(path).text
    answer = client.post(path, {f"reference-{field}": "OCC/4471", f"seen-{field}": ""})
    page = client.follow(answer).text
    assert "1 reference saved." in page
    assert "As soon as any agency’s own reference is here: yes, one is here" in page
    assert "4471" not in page
    assert 'value="OCC/4471"' in client.get(path).text
    page = client.post(path, {f"reference-{field}": "OCC/9", f"seen-{field}": ""}, status=409).text
    assert "Someone else wrote “OCC/4471” here. Save again to put yours in its place" in page
    assert 'value="OCC/9"' in page
    client.post(path, {f"reference-{field}": "OCC/9", f"seen-{field}": "OCC/4471"})
    assert agency_references(audit) == {cell: "OCC/9"}
    page = client.post(path, {f"reference-{field}": "x" * 61, f"seen-{field}": "OCC/9"}, status=422).text
    assert "Use 60 characters or fewer" in page


def test_the_page_says_so_where_no_code_is_ever_asked_for(
    client: PageClient, audit: Audit, session: Session
) -> None:
    audit.ask_for_code = False
    session.commit()
    assert "agencies do not see these references" in client.get(f"/audits/{audit.id}/references").text


@pytest.mark.parametrize(("chosen", "stored"), [("yes", True), ("no", False), ("as_needed", None)])
def test_staff_choose_when_a_code_is_asked_for(
    client: PageClient, session: Session, make: Maker, chosen: str, *, stored: bool | None
) -> None:
    audit = make.audit(issued=False)
    audit.ask_for_code = not stored
    session.commit()
    path = f"/audits/{audit.id}/edit"
    said = {
        "title": audit.title,
        "form_id": audit.form_id,
        "chasers": "-5, 0, 3, 7",
        "issue_on": ["30", "11", "2026"],
        "due_on": ["18", "12", "2026"],
        "close_on": ["15", "1", "2027"],
    }
    client.get(path)
    client.post(path, {**said, "ask_for_code": chosen})
    session.refresh(audit)
    assert audit.ask_for_code is stored
    assert f'value="{chosen}" checked' in client.get(path).text
    # A page opened before the question was there changes nothing about it.
    client.post(path, said)
    session.refresh(audit)
    assert audit.ask_for_code is stored
    assert (
        "Choose when agencies are asked" in client.post(path, {**said, "ask_for_code": "x"}, status=422).text
    )


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


def test_a_reference_that_looks_like_a_name_or_number_is_pointed_out_without_saying_it() -> None:
    tail = "    agencies: [Northside Social Care, Northside Police]\n"
    written = EXAMPLE.replace(tail, f"{tail}    references: {{Northside Police: 943 476 5919}}\n")
    notices = read_set_up(written.encode(), "set-up.yaml").notices
    assert any("the reference of Northside Police for Child 1 looks like" in each for each in notices)
    assert not any("943" in each for each in notices)
