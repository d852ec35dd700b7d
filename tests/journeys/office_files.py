"""Tables as offices send them, and the pages that take them."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import openpyxl
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.page_client import PageClient
from tests.row_maker import Maker

Rows = list[list[str]]
_OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:"


class Taker(NamedTuple):
    """A page that takes a table: its address, its rows, and what it says of them."""

    address: str
    rows: Rows
    said: str


TAKERS: dict[str, Callable[[Maker], Taker]] = {}


def taker(make_taker: Callable[[Maker], Taker]) -> Callable[[Maker], Taker]:
    """Have a page tried with every kind of file."""
    TAKERS[make_taker.__name__] = make_taker
    return make_taker


@taker
def contacts(_make: Maker) -> Taker:
    """The list of agencies and their contacts."""
    rows = [
        ["Agency", "Kind", "Name", "Email", "Telephone"],
        ["Ynys Môn Police", "Police", "Zoë", "zoe@police.example", "01632 960001"],
    ]
    return Taker("/agencies/from-file", rows, "Ynys Môn Police")


@taker
def cases(make: Maker) -> Taker:
    """The cases of an audit."""
    audit = make.audit(cases=0, agencies=1, issued=False)
    rows = [["Case", "Age", "Gender", "Category"], ["Child A", "5", "F", "Négligence"]]
    return Taker(f"/audits/{audit.id}/cases/from-file", rows, "<strong>1 case added</strong>")


@taker
def ticks(make: Maker) -> Taker:
    """The ticks of a grid."""
    police = make.agency("Ynys Môn Police")
    audit = make.audit(cases=1, agencies=[police, make.agency("Hill School", kind="school")], issued=False)
    rows = [["Case", "Ynys Môn Police", "Hill School"], ["Child 1", "Y", "N"]]
    return Taker(f"/audits/{audit.id}/grid/from-file", rows, "Child 1: Hill School")


@taker
def children(make: Maker) -> Taker:
    """The list of children from which a sample is chosen."""
    audit = make.audit(cases=0, agencies=1, issued=False)
    rows = [["Surname", "Sex", "Category of abuse"], ["Môn", "F", "Neglect"]]
    return Taker(f"/audits/{audit.id}/sample/list", rows, "1 child read, 1 proposed.")


def sent(client: PageClient, taker: Taker, content: bytes, name: str) -> str:
    """The page that answers a file; after a redirect, the one to which it leads."""
    client.get(taker.address)
    file = FileStorage(io.BytesIO(content), name)
    fields = {"file": file, "listed_on": ["16", "1", "2014"]}
    boundary, body = encode_multipart({"csrf_token": client.token, **fields})
    kind = f"multipart/form-data; boundary={boundary}"
    http = client.http.post(taker.address, data=body, content_type=kind)
    return http.text if http.status_code in {200, 413, 422} else client.follow(http).text


def as_csv(rows: Rows, separator: str) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows(rows)
    return written.getvalue()


def as_workbook(rows: Iterable[Iterable[object]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet: Any = book.create_sheet("List")
    for row in rows:
        sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def as_open_document(rows: Rows) -> bytes:
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = " ".join(f'xmlns:{name}="{_OPEN_DOCUMENT}{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="List">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": content.encode()}
    )


def with_rows(workbook: bytes, rows: bytes) -> bytes:
    """A workbook with more rows below its own."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    members[sheet] = members[sheet].replace(b"</sheetData>", rows + b"</sheetData>")
    return zipped(**members)


def zipped(**members: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()
