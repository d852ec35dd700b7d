"""`survey purge` and its dry run."""

from datetime import date

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.store.models import Switches
from surveyapp.planning.models import Audit
from surveyapp.retention.models import PurgeCertificate
from tests.retention.conftest import CLOSED, Worker
from tests.retention.conftest import working as working  # noqa: PLC0414 — a fixture of these tests too
from tests.row_maker import Maker


def _says(app: Flask, *arguments: str, code: int = 0) -> str:
    result = app.test_cli_runner().invoke(args=["survey", "purge", *arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_a_dry_run_says_what_goes_what_stays_and_when_and_changes_nothing(
    app: Flask, make: Maker, working: Worker, session: Session
) -> None:
    assert "No purge is planned" in _says(app, "--dry-run")
    audit = make.audit(cases=1, agencies=2, returned=1, title="Neglect", close_on=CLOSED.date())
    make.draft(make.requests(audit)[1])
    working.works_at(CLOSED)
    said = _says(app, "--dry-run")
    assert "“Neglect”: drafts that were never returned, on Thursday 8 April 2027." in said
    assert "  goes  1 return or draft" in said
    assert session.scalars(select(PurgeCertificate)).all() == []
    working.works_on(date(2027, 4, 8))
    working.clock.move_to(working.on(date(2028, 7, 8)))
    said = _says(app, "--dry-run")
    assert "due since Saturday 8 July 2028" in said
    assert "  goes  2 requests" in said
    assert "  stays  1 set of figures at a close of returns" in said


def test_it_purges_what_is_due_to_the_last_row(
    app: Flask, make: Maker, working: Worker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=2, returned=1, title="Neglect", close_on=CLOSED.date())
    working.works_at(CLOSED)
    assert "0 purges begun" in _says(app)
    working.clock.move_to(working.on(date(2028, 7, 8)))
    refused = _says(app, code=1)
    assert "Nothing is purged while the date is in doubt." in refused
    assert session.get_one(Audit, audit.id).answers_removed_at is None
    working.knows_the_date()
    assert session.get_one(Switches, 1).last_tick_at is not None
    session.rollback()
    assert "1 purge begun, and every one ended." in _says(app)
    session.expire_all()
    assert session.get_one(Audit, audit.id).answers_removed_at is not None
    certificate = session.scalars(select(PurgeCertificate)).one()
    assert certificate.finished_at is not None
    assert certificate.purged_by == "worker"
