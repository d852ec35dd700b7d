"""The parts of an archive: each file, the sentence that says what it is, how it is read and written."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

import yaml

from surveyapp.archive.conclusions import read_conclusions, write_conclusions
from surveyapp.archive.event_log import event_log_csv
from surveyapp.archive.mail_log import mail_log_csv
from surveyapp.archive.report_and_brief import (
    read_brief,
    read_released_brief,
    read_released_report,
    read_report,
    write_brief_pdf,
    write_brief_slide,
    write_bytes,
    write_report_pdf,
    write_report_word,
)
from surveyapp.collating.then_and_now.frozen_figures import frozen_figures
from surveyapp.defining.blank_form import blank_form
from surveyapp.defining.definition import AuditForm
from surveyapp.exports.csv_file import write_csv_file
from surveyapp.exports.json_file import write_json
from surveyapp.exports.returns_pdf.document import write_returns_pdf
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.exports.workbook.workbook import write_workbook
from surveyapp.foundation.clock import local_time
from surveyapp.foundation.documents.blocks import Document
from surveyapp.foundation.documents.pdf import document_as_pdf
from surveyapp.foundation.documents.word import document_as_word
from surveyapp.foundation.settings import settings
from surveyapp.planning.models import Audit

# A line of YAML is as long as the text it holds: a wrapped question is harder to find again.
NO_WRAPPING = 10_000


@dataclass(frozen=True)
class ArchiveFile:
    """One file of an archive.

    `read` runs inside the transaction, before anything is written, and gives whatever `write` needs; None
    where there is nothing of the kind, and then `absent` says why. `write` runs with no transaction open.
    """

    name: str
    about: str
    read: Callable[[Audit, AuditSnapshot], Any]
    write: Callable[[Any, IO[bytes]], None]
    absent: str = ""


def _all(_audit: Audit, reading: AuditSnapshot) -> AuditSnapshot:
    return reading


def _form(_audit: Audit, reading: AuditSnapshot) -> AuditForm:
    return reading.definition


def _write_form(form: AuditForm, to: IO[bytes]) -> None:
    """Write a form as a form file says it, so that it may be used again."""
    said = json.loads(form.to_json())
    said.pop("not_known", None)
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=NO_WRAPPING)
    to.write(text.encode())


def _blank(audit: Audit, reading: AuditSnapshot) -> Document:
    ours = settings()
    about = (
        f"{audit.title}.\nThe form as it was put to the agencies, without an answer; a question that only "
        f"some kinds of agency were asked stands here too.\nQuestions: {ours.contact_line}"
    )
    return blank_form(reading.definition, None, about=about, author=ours.partnership, foot=ours.partnership)


def _frozen(audit: Audit, _reading: AuditSnapshot) -> list[dict[str, Any]] | None:
    return [
        {
            "closed_at": local_time(each.closed_at).isoformat(timespec="seconds"),
            "counted_at": local_time(each.counted_at).isoformat(timespec="seconds"),
            "figures": each.figures,
        }
        for each in reversed(frozen_figures(audit))
    ] or None


def _write_frozen(figures: list[dict[str, Any]], to: IO[bytes]) -> None:
    to.write(json.dumps(figures, ensure_ascii=False, indent=1).encode() + b"\n")


# In the order of the archive. A part that other files make joins with one line here; names are plain
# letters, digits, hyphens and dots, without a folder.
ARCHIVE_FILES: tuple[ArchiveFile, ...] = (
    ArchiveFile("returns.csv", "Every answer, one row each, for statistics.", _all, write_csv_file),
    ArchiveFile(
        "audit.json",
        "The figures, the form’s questions and every return, for programs.",
        _all,
        write_json,
    ),
    ArchiveFile(
        "workbook.xlsx",
        "The figures by theme with charts, the returns, the comments and the cases, for a spreadsheet.",
        _all,
        write_workbook,
    ),
    ArchiveFile(
        "conclusions.json",
        "What was gathered and concluded: findings, recommendations, actions, themes, quotes, workshops, "
        "talks with families.",
        read_conclusions,
        write_conclusions,
        absent="nothing has been gathered or concluded yet",
    ),
    ArchiveFile("report.docx", "The audit report as it stands, for Word.", read_report, write_report_word),
    ArchiveFile(
        "report.pdf", "The audit report as it stands, to read or to print.", read_report, write_report_pdf
    ),
    ArchiveFile(
        "report-public.pdf",
        "The audit report as it was released to the public.",
        read_released_report,
        write_bytes,
        absent="the report has not been released yet",
    ),
    ArchiveFile(
        "brief.pdf",
        "The learning brief as it stands, a draft unless it says by whom it was approved.",
        read_brief,
        write_brief_pdf,
        absent="no learning brief has been written yet",
    ),
    ArchiveFile(
        "brief.pptx",
        "The learning brief as it was released, as a slide.",
        read_released_brief,
        write_brief_slide,
        absent="no learning brief has been released yet",
    ),
    ArchiveFile(
        "returns.pdf", "Every return as it was returned, to read or to print.", _all, write_returns_pdf
    ),
    ArchiveFile(
        "figures-at-close.json",
        "The figures as they stood each time returns closed.",
        _frozen,
        _write_frozen,
        absent="returns have not been closed yet",
    ),
    ArchiveFile("form.yaml", "The form: every question, option and rule.", _form, _write_form),
    ArchiveFile(
        "blank-form.pdf",
        "The form without answers, to print.",
        _blank,
        lambda document, to: _write(to, document_as_pdf(document)),
    ),
    ArchiveFile(
        "blank-form.docx",
        "The form without answers, for Word.",
        _blank,
        lambda document, to: _write(to, document_as_word(document)),
    ),
    ArchiveFile(
        "log.csv",
        "Who did what and when about this audit, one row each.",
        lambda audit, _reading: event_log_csv(audit),
        lambda rows, to: _write(to, rows),
    ),
    ArchiveFile(
        "mail.csv",
        "Every email about this audit: its kind, to which agency, when, how far it got.",
        lambda audit, _reading: mail_log_csv(audit),
        lambda rows, to: _write(to, rows),
    ),
)


def _write(to: IO[bytes], content: bytes) -> None:
    to.write(content)
