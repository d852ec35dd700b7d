"""The collation of an audit as an .xlsx workbook."""

from typing import IO

from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.exports.workbook.about_sheet import SHEET_DESCRIPTIONS, list_sheets, write_about
from surveyapp.exports.workbook.cases_sheet import write_cases
from surveyapp.exports.workbook.codebook_sheet import write_codebook
from surveyapp.exports.workbook.comments_sheet import write_comments
from surveyapp.exports.workbook.returns_sheet import write_returns
from surveyapp.exports.workbook.theme_sheets import write_themes
from surveyapp.foundation.clock import local_time
from surveyapp.foundation.documents.sheet_writer import WorkbookWriter


def write_workbook(snapshot: AuditSnapshot, output: IO[bytes]) -> None:
    """Write the workbook; memory use does not grow with the number of returns."""
    made_at = local_time(snapshot.read_at).replace(tzinfo=None)
    book = WorkbookWriter(
        output, title=snapshot.title, made_at=made_at, reserved=("About", *SHEET_DESCRIPTIONS)
    )
    try:
        about_sheet = book.reserved_sheet("About", (), (34, 60, 44, 44), wrap=True)
        write_about(about_sheet, snapshot)
        themes = write_themes(book, snapshot.collation)
        commented = write_returns(book, snapshot)
        write_comments(book, snapshot, commented)
        write_cases(book, snapshot)
        write_codebook(book, snapshot)
        list_sheets(about_sheet, themes)
        book.close()
    except BaseException:
        book.abandon()
        raise
