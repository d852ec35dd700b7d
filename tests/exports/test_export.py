"""Exporting an audit: the event that records it, transactions and file names."""

import json
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.commands.export_formats import EXPORT_FORMATS
from surveyapp.exports.data_formats import CSV
from surveyapp.exports.export import Export, ExportFormat, export_audit, file_name
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.store.event_log import Event
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def export(audit_id: int, ending: ExportFormat) -> Export:
    return export_audit(
        audit_id,
        ending,
        filters=Filters(),
        rule=DenominatorRule(),
        actor="manager@x.example",
        now=MONDAY_MORNING,
    )


@pytest.mark.parametrize("ending", EXPORT_FORMATS)
def test_an_export_is_recorded_without_anything_about_a_child(
    make: Maker, session: Session, ending: str
) -> None:
    audit = make.audit(cases=2, agencies=1, returned=1, title="Secret title")
    export(audit.id, EXPORT_FORMATS[ending]).file.close()
    event = session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.actor, event.action, event.object) == (
        "manager@x.example",
        "exported_audit",
        f"audit {audit.id}",
    )
    assert event.detail == f".{ending}, 1 return"


def test_no_transaction_is_open_while_a_file_is_built(make: Maker, session: Session) -> None:
    audit_id = make.audit(cases=1, agencies=1, returned=1).id
    open_then: list[bool] = []

    def write(reading: AuditSnapshot, to: IO[bytes]) -> None:
        open_then.append(session.in_transaction())
        to.write(json.dumps([row.reference for row in reading.returns()]).encode())
        open_then.append(session.in_transaction())

    with export(audit_id, ExportFormat("txt", "text/plain", write, CSV.read)).file as file:
        assert len(json.load(file)) == 1
    assert open_then == [False, False]


def test_a_failed_export_is_not_recorded(make: Maker, session: Session) -> None:
    audit_id = make.audit(cases=1, agencies=1).id

    def write(_reading: AuditSnapshot, _to: IO[bytes]) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        export(audit_id, ExportFormat("txt", "text/plain", write, CSV.read))
    assert session.scalar(select(Event).where(Event.action == "exported_audit")) is None


def test_an_unknown_audit_cannot_be_exported(session: Session) -> None:  # noqa: ARG001 — a database
    with pytest.raises(NoResultFound):
        export(9, EXPORT_FORMATS["csv"])


@pytest.mark.parametrize("ending", EXPORT_FORMATS)
def test_an_audit_without_a_return_is_exported_too(make: Maker, ending: str) -> None:
    for audit in (make.audit(cases=1, agencies=1), make.audit(cases=1, agencies=1, issued=False)):
        with export(audit.id, EXPORT_FORMATS[ending]).file as file:
            assert file.read()


@given(st.text(max_size=300))
def test_a_file_name_has_only_safe_characters(title: str) -> None:
    name = file_name(Audit(id=3, title=title), "csv", now=MONDAY_MORNING)
    assert name.startswith("audit-3-")
    assert name.endswith("2026-11-30.csv")
    assert len(name) <= 110
    assert all(character.isalnum() or character in "-_." for character in name)


def test_a_file_name_has_the_title_of_the_audit() -> None:
    title = 'Neglect: "2026"/\r\n..\\Zoë’s \u202eaudit'
    name = file_name(Audit(id=3, title=title), "xlsx", now=MONDAY_MORNING)
    assert name == "audit-3-Neglect-2026-Zoë-s-audit-2026-11-30.xlsx"
