"""The operation that stores agencies’ own references."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.planning.grid.grid import TickedCell
from surveyapp.planning.models import Audit
from surveyapp.planning.references.operations import (
    LONGEST_REFERENCE,
    ReferencesChanged,
    ReferenceTooLong,
    write_references,
)
from surveyapp.planning.references.queries import agency_references
from tests.conftest import MONDAY_MORNING

ACTING: dict[str, Any] = {"actor": "manager", "now": MONDAY_MORNING}


def write(audit: Audit, written: dict[TickedCell, str], **options: Any) -> int:
    with transaction():
        return write_references(audit, written, **options, **ACTING)


def test_a_reference_is_stored_encrypted_and_its_event_holds_only_a_count(
    audit: Audit, cell: TickedCell, session: Session
) -> None:
    assert not audit.asks_for_code
    assert write(audit, {cell: " OCC/4471 "}) == 1
    assert agency_references(audit) == {cell: "OCC/4471"}
    assert audit.asks_for_code
    raw = session.scalars(
        text("SELECT own_reference FROM survey_involvement WHERE own_reference IS NOT NULL")
    )
    assert all(b"4471" not in bytes(value) for value in raw)
    event = session.query(Event).one()
    assert (event.action, event.detail) == ("changed_references", "1 reference")
    assert write(audit, {cell: "OCC/4471"}) == 0
    assert write(audit, {cell: ""}) == 1
    assert agency_references(audit) == {}
    assert not audit.asks_for_code


def test_concurrent_references_stay_or_conflict(audit: Audit, cell: TickedCell) -> None:
    other = TickedCell(audit.cases[1].id, cell.agency_id)
    write(audit, {other: "B"}, seen={})
    write(audit, {cell: "A", other: ""}, seen={cell: "", other: ""})
    assert agency_references(audit) == {cell: "A", other: "B"}
    with pytest.raises(ReferencesChanged) as refusal:
        write(audit, {other: "C"}, seen={other: ""})
    assert refusal.value.there == {other: "B"}
    write(audit, {other: "C"}, seen=refusal.value.there)
    assert agency_references(audit)[other] == "C"


def test_a_long_reference_is_refused_and_one_without_a_tick_ignored(audit: Audit, cell: TickedCell) -> None:
    with pytest.raises(ReferenceTooLong):
        write(audit, {cell: "x" * (LONGEST_REFERENCE + 1)})
    assert write(audit, {TickedCell(999, 999): "OCC/1"}) == 0
