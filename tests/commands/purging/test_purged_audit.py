"""Every command about an audit says that its returns were purged, and makes nothing up."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.closing.operations import reopen
from surveyapp.foundation import clock
from surveyapp.foundation.store.db import transaction
from surveyapp.planning.errors import AnswersRemoved
from surveyapp.planning.models import Audit
from tests.retention.conftest import CLOSED, Worker
from tests.retention.conftest import working as working  # noqa: PLC0414 — a fixture of these tests too
from tests.row_maker import Maker

PURGED_ON = date(2028, 7, 8)


@pytest.fixture
def purged(make: Maker, working: Worker) -> str:
    """The number of an audit whose returns were purged on its day."""
    audit = make.audit(cases=1, agencies=2, returned=1, title="Neglect", close_on=CLOSED.date())
    working.works_at(CLOSED)
    number = str(audit.id)
    working.works_on(PURGED_ON)
    return number


@pytest.mark.parametrize(
    "words",
    [
        ["export", "AUDIT", "--to", "FILE.csv"],
        ["export", "AUDIT", "--to", "FILE.xlsx"],
        ["collate", "AUDIT"],
        ["collate", "AUDIT", "--json"],
        ["reopen", "AUDIT", "--reason", "A late return", "--to", "2028-07-21"],
        ["extend", "AUDIT", "--to", "2028-07-21"],
        ["issue", "AUDIT"],
        ["close", "AUDIT"],
        ["chasers", "AUDIT", "--on", "2028-07-10"],
    ],
    ids=" ".join,
)
def test_a_command_on_a_purged_audit_is_refused_in_a_sentence_and_writes_no_file(
    app: Flask, purged: str, tmp_path: Path, words: list[str]
) -> None:
    file = tmp_path / "file"
    given = [word.replace("AUDIT", purged).replace("FILE", str(file)) for word in words]
    result = app.test_cli_runner().invoke(args=["survey", *given])
    assert result.exit_code == 1, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.stderr.strip().endswith(".")
    assert result.stdout == ""
    assert list(tmp_path.glob("file*")) == []


def test_the_status_of_a_purged_audit_is_of_the_kept_counts(app: Flask, purged: str) -> None:
    result = app.test_cli_runner().invoke(args=["survey", "status", purged])
    assert result.exit_code == 0, result.output
    assert "1 of 2 returned" in result.output


def test_no_program_that_calls_us_reopens_a_purged_audit(purged: str, session: Session) -> None:
    audit = session.get_one(Audit, int(purged))
    with pytest.raises(AnswersRemoved), transaction():
        reopen(audit, to=date(2028, 7, 21), reason="A late return", actor="host", now=clock.now())
