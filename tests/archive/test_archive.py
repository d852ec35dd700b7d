"""The files of an archive equal the single exports, its checksums are right, and it has no secrets."""

import hashlib
import io
import re
import zipfile
from typing import IO

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.answering.models import Answer
from surveyapp.archive.archive import read_archive, write_archive
from surveyapp.archive.contents import ARCHIVE_FILES, ArchiveFile
from surveyapp.defining.form_checks import read_form
from surveyapp.defining.library import form_named, shipped_forms
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.store.db import session as current_session
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.links import link_for, token_in
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.exports.conftest import EveryKind
from tests.exports.every_kind import FORM, ODD_TEXTS
from tests.exports.opened_files import csv_rows, exported, opened
from tests.exports.returns_pdf.tagged_pdf import heard
from tests.row_maker import Maker

pytestmark = pytest.mark.slow

HOSTILE = 'Zoë "2026"/../\r\n\u202exe <b> {{ 7*7 }} #panic()'


def unpacked(content: bytes) -> dict[str, bytes]:
    """The content of each file of an archive by name, in order."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def archived(audit: Audit) -> dict[str, bytes]:
    return unpacked(exported(audit, "zip"))


@pytest.fixture(scope="module")
def files(demonstration: Flask) -> dict[str, bytes]:
    """The demonstration's archive, made once for the tests that only read it."""
    with time_machine.travel(MONDAY_MORNING, tick=False), demonstration.app_context():
        found = archived(current_session.scalars(select(Audit)).one())
        current_session.rollback()
        demonstration.extensions["sqlalchemy"].session.remove()
        return found


def test_each_file_equals_the_export_of_its_format(demonstrated: Audit, files: dict[str, bytes]) -> None:
    assert files["returns.csv"] == exported(demonstrated, "csv")
    assert files["audit.json"] == exported(demonstrated, "json")
    assert files["returns.pdf"] == exported(demonstrated, "returns.pdf")
    assert opened(files["workbook.xlsx"]).sheetnames == opened(exported(demonstrated, "xlsx")).sheetnames


def test_an_archive_has_these_files_in_this_order(files: dict[str, bytes]) -> None:
    assert list(files) == [
        "README.txt",
        "returns.csv",
        "audit.json",
        "workbook.xlsx",
        "conclusions.json",
        "report.docx",
        "report.pdf",
        "returns.pdf",
        "form.yaml",
        "blank-form.pdf",
        "blank-form.docx",
        "log.csv",
        "mail.csv",
        "SHA256SUMS",
    ]


def test_the_checksums_are_those_of_the_files(files: dict[str, bytes]) -> None:
    wanted = [
        f"{hashlib.sha256(content).hexdigest()}  {name}"
        for name, content in files.items()
        if name != "SHA256SUMS"
    ]
    assert files["SHA256SUMS"].decode().splitlines() == wanted


def test_the_readme_names_every_file_and_its_pandas_example_works(
    files: dict[str, bytes],
) -> None:
    said = files["README.txt"].decode()
    for name in set(files) - {"README.txt"}:
        assert re.search(rf"^{re.escape(name)} ", said, re.MULTILINE), name
    assert "77 of 90 returned (85.6%)" in " ".join(said.split())
    assert "There is no figures-at-close.json: returns have not been closed yet." in said
    assert "There is no brief.pdf: no learning brief has been written yet." in said
    rows = csv_rows(files["returns.csv"])
    question = re.search(r"question == '(\w+)'", said)
    assert question is not None
    counted: dict[str, set[str]] = {}
    for row in rows:
        if row["question"] == question[1] and row["item"] == "":
            counted.setdefault(row["label"], set()).add(row["request"])
    assert {label: len(requests) for label, requests in counted.items()} == {
        "Yes": 58,
        "No": 4,
        "Not applicable": 8,
    }
    assert max(len(line) for line in said.splitlines()) <= 110


def test_the_form_file_reads_back_as_the_audits_form(demonstrated: Audit, files: dict[str, bytes]) -> None:
    form = read_form(files["form.yaml"], "form.yaml")
    assert form == demonstrated.form
    assert form == form_named(shipped_forms(), demonstrated.form_id)


def test_a_form_with_every_kind_of_question_reads_back(every_kind: EveryKind) -> None:
    assert read_form(archived(every_kind())["form.yaml"], "form.yaml") == FORM


def test_file_names_are_plain_whatever_the_title_of_the_audit(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1, title=HOSTILE)
    with zipfile.ZipFile(io.BytesIO(exported(audit, "zip"))) as packed:
        for entry in packed.infolist():
            assert re.fullmatch(r"[A-Za-z0-9-]+(\.[a-z]+)?", entry.filename), entry.filename
            assert entry.external_attr >> 16 == 0o600
            assert entry.date_time == (2026, 11, 30, 9, 0, 0)
        assert packed.comment == b""


def test_typed_text_stays_text_in_every_file(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind(cases=len(ODD_TEXTS), title=HOSTILE)
    long = "a" * 40_000
    for text, audit_request in zip([*ODD_TEXTS, HOSTILE, long], make.requests(audit), strict=False):
        make.returned(audit_request, (GivenAnswer("more", text=text),))
    files = archived(audit)
    assert long in {row["text"] for row in csv_rows(files["returns.csv"])}
    assert all(not row["text"].startswith(("=", "+", "@")) for row in csv_rows(files["returns.csv"]))
    assert ("P", long) in heard(files["returns.pdf"]).texts()
    assert "{{ 7*7 }}" in files["README.txt"].decode()
    assert b"<svg" not in files["log.csv"] + files["mail.csv"]


def test_an_archive_has_no_link_token_or_contact_address(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=2, returned=1)
    grant = make.grants(audit)[0]
    session.add(
        Outbox(
            dedupe_key="x",
            kind="request",
            subject_id=grant.id,
            to_addr=grant.contact.email,
            state="failed",
            on_doubt="hold",
            message_id="<x@y>",
            date_header="",
            not_before=MONDAY_MORNING,
            last_text=f"550 no such mailbox {grant.contact.email}",
            created_at=MONDAY_MORNING,
        )
    )
    session.commit()
    secrets = [token_in(link_for(grant)), grant.public_id, grant.contact.email, grant.contact.name]
    secrets += [audit_request.public_id for audit_request in grant.requests] + [
        "550 no such mailbox",
        "01234 500100",
    ]
    for name, content in archived(audit).items():
        for secret in secrets:
            assert secret.encode() not in content, f"{secret} in {name}"


def test_a_file_is_read_inside_the_transaction_and_written_after_it(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    open_then: list[bool] = []

    def read(_audit: Audit, reading: AuditSnapshot) -> int:
        open_then.append(session.in_transaction())
        return reading.returns_read

    def write(count: int, to: IO[bytes]) -> None:
        open_then.append(session.in_transaction())
        to.write(str(count).encode())

    with transaction():
        parts = (
            *ARCHIVE_FILES,
            ArchiveFile("mine.txt", "Ours.", read, write),
            ArchiveFile("none.txt", "", lambda *_: None, write),
        )
        archive = read_archive(audit, now=MONDAY_MORNING, files=parts)
    to = io.BytesIO()
    with archive:
        write_archive(archive, to)
    files = unpacked(to.getvalue())
    assert files["mine.txt"] == b"1"
    assert "none.txt" not in files
    assert b"mine.txt" in files["SHA256SUMS"]
    assert open_then == [True, False]


def test_no_file_is_written_while_a_transaction_is_open(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    open_then: list[bool] = []

    def watched(part: ArchiveFile) -> ArchiveFile:
        def write(found: object, to: IO[bytes]) -> None:
            open_then.append(session.in_transaction())
            part.write(found, to)
            open_then.append(session.in_transaction())

        return ArchiveFile(part.name, part.about, part.read, write, part.absent)

    with transaction():
        archive = read_archive(audit, now=MONDAY_MORNING, files=[watched(file) for file in ARCHIVE_FILES])
    with archive:
        write_archive(archive, io.BytesIO())
    assert open_then
    assert not any(open_then)


def test_a_failed_read_closes_the_spooled_answers(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    seen: list[AuditSnapshot] = []

    def read(_audit: Audit, reading: AuditSnapshot) -> None:
        seen.append(reading)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"), transaction():
        read_archive(audit, now=MONDAY_MORNING, files=[ArchiveFile("x", "", read, lambda *_: None)])
    with pytest.raises(ValueError, match="closed"):
        list(seen[0].returns())
    assert session.scalar(select(Answer.id)) is not None
