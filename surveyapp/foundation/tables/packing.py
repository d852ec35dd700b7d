"""Packs what was read from a file into a field of a page, which carries it to the next press."""

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from surveyapp.foundation.tables.cells import CellMistake, NumberCell, Sheet, SheetRow

_LARGEST_UNPACKED = 20_000_000
Content = TypeVar("Content")


class DamagedFile(ValueError):
    """A packed file did not come back as it was sent."""


def pack(kind: bytes, content: bytes) -> str:
    """Content for a field of a page, with the one byte that says what it is."""
    return base64.urlsafe_b64encode(kind + zlib.compress(content)).decode()


def unpack(packed: str, read: Callable[[bytes, bytes], Content]) -> Content:
    """What `read` makes of the kind and the content of a field.

    Raises DamagedFile for anything that `pack` did not write, and where `read` finds another shape.
    """
    try:
        content = base64.b64decode(packed, altchars=b"-_", validate=True)
        unpacking = zlib.decompressobj()
        plain = unpacking.decompress(content[1:], _LARGEST_UNPACKED)
        if not unpacking.eof:
            raise DamagedFile
        return read(content[:1], plain)
    except (
        binascii.Error,
        zlib.error,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
    ) as error:
        raise DamagedFile from error


def sheets_as_json(sheets: Mapping[str, Sheet]) -> bytes:
    """Sheets by name as JSON that keeps the kind of each cell."""
    return json.dumps({name: _sheet_as_json(sheet) for name, sheet in sheets.items()}).encode()


def sheets_from_json(content: bytes) -> dict[str, Sheet]:
    """The sheets that `sheets_as_json` wrote. Raises ValueError, TypeError and the like for another shape."""
    return {
        name: Sheet(
            tuple(
                SheetRow(int(number), tuple(_cell_from_json(cell) for cell in cells), bool(is_hidden))
                for number, is_hidden, cells in sheet["rows"]
            ),
            bool(sheet["hidden"]),
            tuple(str(letters) for letters in sheet["hidden_columns"]),
        )
        for name, sheet in json.loads(content).items()
    }


def _sheet_as_json(sheet: Sheet) -> dict[str, Any]:
    return {
        "hidden": sheet.is_hidden,
        "hidden_columns": sheet.hidden_columns,
        "rows": [
            [row.number, row.is_hidden, [_cell_as_json(cell) for cell in row.cells]] for row in sheet.rows
        ],
    }


def _cell_as_json(cell: object) -> Any:  # noqa: ANN401 — text, true, false or a marked value
    for mark, kind in (("number", NumberCell), ("mistake", CellMistake)):
        if isinstance(cell, kind):
            return [mark, str(cell)]
    return ["day", cell.isoformat()] if isinstance(cell, date) else cell


def _cell_from_json(cell: object) -> Any:  # noqa: ANN401 — whatever a cell holds
    if isinstance(cell, str | bool):
        return cell
    if not isinstance(cell, list):
        raise DamagedFile
    mark, text = cell
    if mark == "day":
        return date.fromisoformat(text)
    kinds: dict[str, type[str]] = {"number": NumberCell, "mistake": CellMistake}
    return kinds[mark](text)
