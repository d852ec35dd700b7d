"""The files of an archive: the name of each, its description for the README, and how it is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from surveyapp.archive.conclusions import read_conclusions, write_conclusions
from surveyapp.archive.event_log import event_log_csv
from surveyapp.archive.figures_at_close import read_figures_at_close, write_figures_at_close
from surveyapp.archive.form_files import read_blank_form, read_form_file, write_form
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
from surveyapp.exports.csv_file import write_csv_file
from surveyapp.exports.json_file import write_json
from surveyapp.exports.returns_pdf.document import write_returns_pdf
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.exports.workbook.workbook import write_workbook
from surveyapp.foundation.documents.pdf import document_as_pdf
from surveyapp.foundation.documents.word import document_as_word
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class ArchiveFile:
    """One file of an archive.

    `read` runs inside the transaction, before anything is written, and returns whatever `write` needs, or
    None if the audit has nothing for this file; `absent` then says why. `write` runs outside any transaction.
    """

    name: str
    about: str
    read: Callable[[Audit, AuditSnapshot], Any]
    write: Callable[[Any, IO[bytes]], None]
    absent: str = ""


def _whole_snapshot(_audit: Audit, reading: AuditSnapshot) -> AuditSnapshot:
    return reading


# In the order of the archive. Names have only letters, digits, hyphens and dots, and no folder.
ARCHIVE_FILES: tuple[ArchiveFile, ...] = (
    ArchiveFile(
        "returns.csv", "Every answer, one row each, for statistics.", _whole_snapshot, write_csv_file
    ),
    ArchiveFile(
        "audit.json",
        "The figures, the form’s questions and every return, for programs.",
        _whole_snapshot,
        write_json,
    ),
    ArchiveFile(
        "workbook.xlsx",
        "The figures by theme with charts, the returns, the comments and the cases, for a spreadsheet.",
        _whole_snapshot,
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
        "returns.pdf",
        "Every return as it was returned, to read or to print.",
        _whole_snapshot,
        write_returns_pdf,
    ),
    ArchiveFile(
        "figures-at-close.json",
        "The figures as they stood each time returns closed.",
        read_figures_at_close,
        write_figures_at_close,
        absent="returns have not been closed yet",
    ),
    ArchiveFile("form.yaml", "The form: every question, option and rule.", read_form_file, write_form),
    ArchiveFile(
        "blank-form.pdf",
        "The form without answers, to print.",
        read_blank_form,
        lambda document, output: _write(output, document_as_pdf(document)),
    ),
    ArchiveFile(
        "blank-form.docx",
        "The form without answers, for Word.",
        read_blank_form,
        lambda document, output: _write(output, document_as_word(document)),
    ),
    ArchiveFile(
        "log.csv",
        "Who did what and when about this audit, one row each.",
        lambda audit, _reading: event_log_csv(audit),
        lambda rows, output: _write(output, rows),
    ),
    ArchiveFile(
        "mail.csv",
        "Every email about this audit: its kind, to which agency, when, how far it got.",
        lambda audit, _reading: mail_log_csv(audit),
        lambda rows, output: _write(output, rows),
    ),
)

# Who did what, and who was written to, is not for those who only read results (stories SA2).
RESULT_FILES = tuple(file for file in ARCHIVE_FILES if file.name not in {"log.csv", "mail.csv"})


def _write(output: IO[bytes], content: bytes) -> None:
    output.write(content)
