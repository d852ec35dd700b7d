"""XLSForms as ours are written and as others write them."""

import io
from collections.abc import Mapping, Sequence

import openpyxl

from surveyapp.defining.definition import AuditForm
from surveyapp.defining.exchange.opened_form import open_form
from surveyapp.defining.exchange.taken_form import TakenForm
from surveyapp.defining.exchange.xlsform_writer import write_xlsform, xlsform_of
from tests.conftest import MONDAY_MORNING

Rows = Sequence[Mapping[str, str]]


def written(form: AuditForm) -> bytes:
    """A form as an XLSForm."""
    return write_xlsform(xlsform_of(form, version="1"), made_at=MONDAY_MORNING.replace(tzinfo=None))


def xlsform(**sheets: Rows) -> bytes:
    """A workbook with these sheets, each of rows by their heads."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        heads = list(dict.fromkeys(head for row in rows for head in row))
        sheet.append(heads)
        for row in rows:
            sheet.append([row.get(head) for head in heads])
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def taken(rows: Rows, choices: Sequence[tuple[str, str, str]] = (), **settings: str) -> TakenForm:
    """What is taken of an XLSForm with these rows."""
    lists = [dict(zip(("list_name", "name", "label"), choice, strict=True)) for choice in choices]
    heads = [{"list_name": "", "name": "", "label": ""}]
    return open_form(
        xlsform(survey=rows, choices=lists or heads, settings=[{"form_title": "Visits", **settings}])
    )
