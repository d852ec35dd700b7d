"""Opens a spreadsheet (.xlsx or .ods) that somebody sent, once it is known to be safe (promises I3, I4)."""

import io
import zipfile
from collections.abc import Collection

from surveyapp.foundation.tables import open_document_reader, workbook_reader
from surveyapp.foundation.tables.cells import Sheet
from surveyapp.foundation.tables.limits import TableLimits
from surveyapp.foundation.tables.spreadsheet_safety import NOT_A_WORKBOOK, NOT_OPEN_DOCUMENT, reason_to_refuse


class UnreadableSpreadsheet(ValueError):
    """A file cannot be read as a spreadsheet; its words are a sentence that says why and what to do."""


def workbook_sheets(content: bytes, limits: TableLimits, *, only: Collection[str] = ()) -> dict[str, Sheet]:
    """The sheets of a workbook (.xlsx) by name; `only` as `workbook_reader.read_sheets` says.

    Raises UnreadableSpreadsheet.
    """
    return _sheets(content, limits, only=only, is_open_document=False)


def open_document_sheets(content: bytes, limits: TableLimits) -> dict[str, Sheet]:
    """The sheets of an OpenDocument spreadsheet (.ods) by name. Raises UnreadableSpreadsheet."""
    return _sheets(content, limits, only=(), is_open_document=True)


def _sheets(
    content: bytes, limits: TableLimits, *, only: Collection[str], is_open_document: bool
) -> dict[str, Sheet]:
    reason = reason_to_refuse(content, limits, is_open_document=is_open_document)
    if reason:
        raise UnreadableSpreadsheet(reason)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if is_open_document:
                return open_document_reader.read_sheets(archive, limits)
            return workbook_reader.read_sheets(archive, limits, only=only)
    except Exception:  # noqa: BLE001 — a broken part has an error for each fault
        raise UnreadableSpreadsheet(NOT_OPEN_DOCUMENT if is_open_document else NOT_A_WORKBOOK) from None
