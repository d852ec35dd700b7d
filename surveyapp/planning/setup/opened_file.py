"""A set-up file as it was read: the text of a YAML file or the cells of a workbook, for a page to carry."""

from collections.abc import Mapping
from dataclasses import dataclass

from surveyapp.foundation.tables import packing
from surveyapp.foundation.tables.cells import Sheet

# The page that shows a file posts it back in a field. Flask takes 500 kB of fields unless a host says more.
LARGEST_PACKED = 400_000


@dataclass(frozen=True)
class OpenedFile:
    """What a set-up file holds, before it is checked: `text` of a YAML file, or `sheets` of a workbook."""

    name: str
    text: bytes = b""
    sheets: Mapping[str, Sheet] | None = None

    def packed(self) -> str:
        """The content for a field of a page: without formatting and pictures, so smaller than the file."""
        if self.sheets is None:
            return packing.pack(b"T", self.text)
        return packing.pack(b"S", packing.sheets_as_json(self.sheets))


def unpack(packed: str, name: str) -> OpenedFile:
    """The file from the field of a page. Raises DamagedFile for anything that `packed` did not write."""

    def read(kind: bytes, content: bytes) -> OpenedFile:
        if kind == b"T":
            return OpenedFile(name, text=content)
        return OpenedFile(name, sheets=packing.sheets_from_json(content))

    return packing.unpack(packed, read)
