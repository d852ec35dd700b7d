"""Limits of the .xlsx format on the text of a cell and the name of a sheet."""

from collections.abc import Iterable

# Limits of the file format; text is counted in UTF-16 units, of which an emoji takes two.
LONGEST_TEXT = 32_767
LONGEST_NAME = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


def utf16_units(text: str) -> int:
    """The length of a text as spreadsheets count it."""
    return len(text) + sum(character > "\uffff" for character in text)


def split_text(text: str, longest: int = LONGEST_TEXT) -> list[str]:
    """Split a text into pieces of at most `longest` UTF-16 units, without breaking a character."""
    if len(text) * 2 <= longest or utf16_units(text) <= longest:
        return [text]
    pieces, begin, units = [], 0, 0
    for place, character in enumerate(text):
        width = 2 if character > "\uffff" else 1
        if units + width > longest:
            pieces.append(text[begin:place])
            begin, units = place, 0
        units += width
    return [*pieces, text[begin:]]


class SheetNames:
    """Names for sheets that spreadsheets accept: up to 31 UTF-16 units, no forbidden character, each once."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        """Mark the reserved names as used, and “History”, which Excel reserves."""
        self._used = {"history", *(name.casefold() for name in reserved)}

    def name(self, preferred: str) -> str:
        """A valid unused name, as near to the wanted one as possible."""
        plain = (
            "".join(
                character for character in preferred.translate(_FORBIDDEN) if character.isprintable()
            ).strip(" '")
            or "Sheet"
        )
        number, name = 1, self._short(plain, "")
        while name.casefold() in self._used:
            number += 1
            name = self._short(plain, f" {number}")
        self._used.add(name.casefold())
        return name

    @staticmethod
    def _short(plain: str, end: str) -> str:
        return split_text(plain, LONGEST_NAME - len(end))[0].rstrip(" '") + end
