"""A set-up file as it was read: the text of a YAML file or the cells of a workbook, for a page to carry."""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from surveyapp.foundation.tables.cells import CellMistake, NumberCell, Sheet, SheetRow

# The page that shows a file posts it back in a field. Flask takes 500 kB of fields unless a host says more.
LARGEST_PACKED = 400_000
_LARGEST_UNPACKED = 20_000_000


class DamagedFile(ValueError):
    """A packed file did not come back as it was sent."""


@dataclass(frozen=True)
class OpenedFile:
    """What a set-up file holds, before it is checked: `text` of a YAML file, or `sheets` of a workbook."""

    name: str
    text: bytes = b""
    sheets: Mapping[str, Sheet] | None = None

    def packed(self) -> str:
        """The content for a field of a page: without formatting and pictures, so smaller than the file."""
        content = self.text if self.sheets is None else json.dumps(_as_json(self.sheets)).encode()
        return base64.urlsafe_b64encode(self._kind + zlib.compress(content)).decode()

    @property
    def _kind(self) -> bytes:
        return b"T" if self.sheets is None else b"S"


def unpack(packed: str, name: str) -> OpenedFile:
    """The file from the field of a page. Raises DamagedFile for anything that `packed` did not write."""
    try:
        content = base64.b64decode(packed, altchars=b"-_", validate=True)
        unpacking = zlib.decompressobj()
        plain = unpacking.decompress(content[1:], _LARGEST_UNPACKED)
        if not unpacking.eof:
            raise DamagedFile
        if content[:1] == b"T":
            return OpenedFile(name, text=plain)
        return OpenedFile(name, sheets=_from_json(json.loads(plain)))
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


def _as_json(sheets: Mapping[str, Sheet]) -> dict[str, Any]:
    return {
        name: {
            "hidden": sheet.is_hidden,
            "hidden_columns": sheet.hidden_columns,
            "rows": [
                [row.number, row.is_hidden, [_cell_as_json(cell) for cell in row.cells]] for row in sheet.rows
            ],
        }
        for name, sheet in sheets.items()
    }


def _cell_as_json(cell: object) -> Any:  # noqa: ANN401 — text, true, false or a marked value
    for mark, kind in (("number", NumberCell), ("mistake", CellMistake)):
        if isinstance(cell, kind):
            return [mark, str(cell)]
    return ["day", cell.isoformat()] if isinstance(cell, date) else cell


def _from_json(sheets: Mapping[str, Any]) -> dict[str, Sheet]:
    return {
        name: Sheet(
            tuple(
                SheetRow(int(number), tuple(_cell_from_json(cell) for cell in cells), bool(is_hidden))
                for number, is_hidden, cells in sheet["rows"]
            ),
            bool(sheet["hidden"]),
            tuple(str(letters) for letters in sheet["hidden_columns"]),
        )
        for name, sheet in sheets.items()
    }


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
