"""After a purge nothing of an audit’s texts is found: on no page, in no file, in no row, in no byte."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from surveyapp.answering.models import Answer
from surveyapp.collating.then_and_now.frozen_figures import frozen_figures
from surveyapp.foundation.store.db import Base, engine, transaction
from surveyapp.foundation.store.encrypted_text import EncryptedText
from surveyapp.planning.models import Audit
from surveyapp.retention.models import PurgeCertificate
from surveyapp.retention.purging.purge_operations import purge_by_hand
from surveyapp.retention.queries import retention_of
from tests.page_client import PageClient
from tests.retention.conftest import CLOSED, RECEIVED, Worker
from tests.retention.full_audit import CANARY, COLLEAGUE, PSEUDONYM, emptied_tables, release_report

# Words that only what was purged holds: typed texts, a pseudonym, the address of a colleague and of an email.
PURGED_WORDS = (CANARY, PSEUDONYM, COLLEAGUE, "canary.bird@agency.example")


def _encrypted_texts(session: Session) -> list[bytes]:
    """The beginning of every encrypted text that a purge removes, as its bytes in the database."""
    columns = [
        column
        for table in emptied_tables()
        for column in table.columns
        if isinstance(column.type, EncryptedText)
    ]
    with engine().connect() as connection:
        raw = [
            row[0]
            for column in columns
            for row in connection.exec_driver_sql(
                f'SELECT "{column.name}" FROM {column.table.name} WHERE "{column.name}" IS NOT NULL'  # noqa: S608
            )
        ]
    session.rollback()
    # A long text is spread over several pages of the file, so that only its beginning is in one piece.
    return [bytes(text)[:32] for text in raw]


def values_of_every_row(session: Session) -> str:
    """Every value of every row, decrypted, as one text."""
    found = [str(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    return "\n".join(found)


def _purged(audit: Audit, working: Worker) -> None:
    working.works_at(CLOSED)
    release_report(audit, RECEIVED)
    working.works_at(RECEIVED)
    dates = retention_of(audit.id)
    assert dates is not None
    working.works_on(dates.returns_on)


def _filled(rule: Rule, ids: dict[str, Any]) -> str:
    """The address of a page with ids of the audit, as they were before the purge."""
    return re.sub(r"<(?:[^:>]*:)?(\w+)>", lambda part: str(ids.get(part[1], 1)), rule.rule)


def test_no_page_and_no_file_shows_what_was_purged_and_none_breaks(
    app: Flask, client: PageClient, full_audit: Audit, working: Worker, session: Session
) -> None:
    comments = {text[:60] for (text,) in session.query(Answer.text) if text and len(text) > 30}
    assert len(comments) > 100
    _purged(full_audit, working)
    client.sign_in()
    ids = {"audit_id": full_audit.id, "name": "supervision", "form_id": full_audit.form_id}
    statuses: dict[str, int] = {}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not rule.endpoint.startswith("survey."):
            continue
        path = _filled(rule, ids)
        if "<" in path:
            continue
        answer = client.http.get(path)
        statuses[rule.endpoint] = answer.status_code
        assert answer.status_code in {200, 302, 404, 409, 410}, f"{path}: {answer.status_code}"
        body = answer.get_data()
        shown = [word for word in PURGED_WORDS if word.encode() in body]
        assert not shown, f"{path} shows {shown}"
        text = body.decode("utf-8", "ignore")
        assert not any(comment in text for comment in comments), f"{path} shows a comment"
    gone = {name for name, status in statuses.items() if status == 410}
    assert {
        "survey.tracking.show_request",
        "survey.exports.export_csv",
        "survey.archive.download_archive",
        "survey.gathering.show_comments",
        "survey.report.show_report",
    } & gone, sorted(gone)
    for endpoint in (
        "survey.retention.show_kept",
        "survey.retention.show_retention",
        "survey.concluding.show_action_plan",
        "survey.collating.show_comparison",
        "survey.collating.show_then_and_now",
        "survey.concluding.show_recurring",
        "survey.planning.copy_audit",
        "survey.planning.show_programme",
        "survey.tracking.list_audits",
        "survey.log.show_log",
        "survey.mail.show_mail",
    ):
        assert statuses[endpoint] == 200, endpoint


def test_no_row_holds_what_was_purged(full_audit: Audit, working: Worker, session: Session) -> None:
    before = values_of_every_row(session)
    assert all(word in before for word in PURGED_WORDS), "The full audit holds each of them."
    _purged(full_audit, working)
    after = values_of_every_row(session)
    assert [word for word in PURGED_WORDS if word in after] == []
    assert frozen_figures(full_audit)


@pytest.mark.sqlite
def test_no_byte_of_the_files_holds_what_was_purged(
    full_audit: Audit, working: Worker, session: Session
) -> None:
    texts = _encrypted_texts(session)
    assert len(texts) > 400
    database = Path(engine().url.database or "")
    files = [database, *(database.with_name(database.name + end) for end in ("-wal", "-journal"))]

    def content() -> bytes:
        return b"".join(file.read_bytes() for file in files if file.exists())

    before = content()
    assert PSEUDONYM.encode() in before
    assert sum(text in before for text in texts) == len(texts)
    working.works_at(CLOSED)
    release_report(full_audit, RECEIVED)
    working.works_at(RECEIVED)
    _purged(full_audit, working)
    certificates = session.scalars(select(PurgeCertificate)).all()
    assert all(certificate.cleaned_at for certificate in certificates)
    session.rollback()
    after = content()
    assert [word for word in PURGED_WORDS if word.encode() in after] == []
    assert [text for text in texts if text in after] == []


def test_a_purge_that_has_begun_shows_nothing_before_its_rows_are_gone(
    client: PageClient, full_audit: Audit, working: Worker, session: Session
) -> None:
    working.works_at(CLOSED)
    dates = retention_of(full_audit.id)
    assert dates is not None
    now = working.on(dates.drafts_on)
    working.clock.move_to(now)
    working.knows_the_date()
    with transaction():
        purge_by_hand(full_audit, typed_title=full_audit.title, actor="Manager", now=now)
    assert session.scalar(select(Answer.id).limit(1)) is not None, "its rows are still there"
    client.sign_in()
    page = client.get(f"/audits/{full_audit.id}/comments", status=410).text
    assert "The answers of this audit were removed for good" in page
    assert "Its figures, its report, its brief and its action plan are kept." in page
    client.get(f"/audits/{full_audit.id}/collation/export.csv", status=410)
