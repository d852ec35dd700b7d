"""Reads exports with other libraries: workbooks with openpyxl, CSV files with the csv module."""

import csv
import io
import json
import re
import zipfile
from typing import Any

from openpyxl import Workbook, load_workbook

from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.commands.export_formats import EXPORT_FORMATS
from surveyapp.exports.export import export_audit
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING

Row = dict[str, Any]


def exported(
    audit: Audit, ending: str, *, filters: Filters | None = None, rule: DenominatorRule | None = None
) -> bytes:
    """The content of an export."""
    built = export_audit(
        audit.id,
        EXPORT_FORMATS[ending],
        filters=filters or Filters(),
        rule=rule or DenominatorRule(),
        actor="tester",
        now=MONDAY_MORNING,
    )
    with built.file:
        return built.file.read()


def opened(content: bytes) -> Workbook:
    """A workbook, read with openpyxl."""
    return load_workbook(io.BytesIO(content))


def rows(book: Workbook, sheet: str) -> list[Row]:
    """The rows of a sheet by heading, with texts as a spreadsheet shows them."""
    head, *body = book[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, head), map(shown, row), strict=True)) for row in body]


def shown(value: object) -> Any:
    """A stored value as a spreadsheet shows it; in a text, _x0041_ is an escaped character."""
    if isinstance(value, str):
        return re.sub(r"_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), value)
    return value


def csv_rows(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def json_of(content: bytes) -> dict[str, Any]:
    """The document of a JSON file."""
    document: dict[str, Any] = json.loads(content)
    return document


def part(content: bytes, name: str) -> list[str]:
    """The XML parts of a workbook whose names contain `name`."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return [packed.read(member).decode() for member in packed.namelist() if name in member]
