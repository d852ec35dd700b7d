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
from surveyapp.commands.export_formats import EXPORT_FORMATS, export_format
from surveyapp.exports.data_formats import CSV
from surveyapp.exports.export import Export, ExportFormat, export_audit, file_name
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.errors import Refused
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
def test_an_export_is_noted_with_who_and_what_and_nothing_about_a_child(
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
        to.write(json.dumps([each.reference for each in reading.returns()]).encode())
        open_then.append(session.in_transaction())

    with export(audit_id, ExportFormat("txt", "text/plain", write, CSV.read)).file as file:
        assert len(json.load(file)) == 1
    assert open_then == [False, False]


def test_a_file_that_could_not_be_built_is_noted_nowhere(make: Maker, session: Session) -> None:
    audit_id = make.audit(cases=1, agencies=1).id

    def write(_reading: AuditSnapshot, _to: IO[bytes]) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        export(audit_id, ExportFormat("txt", "text/plain", write, CSV.read))
    assert session.scalar(select(Event).where(Event.action == "exported_audit")) is None


def test_an_audit_that_is_not_there_cannot_be_exported(session: Session) -> None:  # noqa: ARG001 — a database
    with pytest.raises(NoResultFound):
        export(9, EXPORT_FORMATS["csv"])


@pytest.mark.parametrize("ending", EXPORT_FORMATS)
def test_an_audit_without_a_return_is_exported_too(make: Maker, ending: str) -> None:
    for audit in (make.audit(cases=1, agencies=1), make.audit(cases=1, agencies=1, issued=False)):
        with export(audit.id, EXPORT_FORMATS[ending]).file as file:
            assert file.read()


@pytest.mark.parametrize("name", ["figures.XLSX", "a.b.csv", "x.json", "x.ZIP"])
def test_the_ending_says_what_is_written(name: str) -> None:
    assert export_format(name).ending == name.rpartition(".")[2].lower()


def test_an_ending_of_two_words_is_told_from_its_last() -> None:
    assert export_format("audit.Returns.PDF").ending == "returns.pdf"


@pytest.mark.parametrize("name", ["figures", "figures.xls", "xlsx", "a.doc", ""])
def test_another_ending_is_refused_with_the_list(name: str) -> None:
    with pytest.raises(Refused) as refused:
        export_format(name)
    assert ".xlsx, .csv, .json, .docx, .pdf, .returns.pdf, .zip" in refused.value.message


@given(st.text(max_size=300))
def test_a_file_name_has_nothing_that_a_system_stumbles_over(title: str) -> None:
    name = file_name(Audit(id=3, title=title), "csv", now=MONDAY_MORNING)
    assert name.startswith("audit-3-")
    assert name.endswith("2026-11-30.csv")
    assert len(name) <= 110
    assert all(each.isalnum() or each in "-_." for each in name)


def test_a_file_name_says_which_audit_it_is() -> None:
    title = 'Neglect: "2026"/\r\n..\\Zoë’s \u202eaudit'
    name = file_name(Audit(id=3, title=title), "xlsx", now=MONDAY_MORNING)
    assert name == "audit-3-Neglect-2026-Zoë-s-audit-2026-11-30.xlsx"
