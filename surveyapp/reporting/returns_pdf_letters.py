"""The letters that returns are set in: how wide each is, where lines break, what no letter stands for."""

import re
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from surveyapp.foundation.text import clean

# Codes are two bytes, so that a text is its own code (UTF-16); what lies beyond is named.
HIGHEST = 0xFFFF
THOUSAND = 1000
UNSEEN = ("Cc", "Cf")
# So many different words stay measured.
MEASURED = 50_000
_LINE_ENDS = re.compile("[\u2028\u2029]")


@dataclass(frozen=True)
class Letters:
    """One weight of Source Sans Pro; widths and heights are in thousandths of the size of type."""

    name: str
    program: bytes
    widths: Mapping[str, int]
    glyphs: Mapping[str, int]
    ascent: int
    descent: int
    capitals: int
    box: tuple[int, int, int, int]


@lru_cache
def letters(weight: str) -> Letters:
    """The letters of a weight, "Regular" or "Semibold", as they come with the program."""
    name = f"SourceSansPro-{weight}"
    program = (files("font_source_sans_pro") / "files" / f"{name}.ttf").read_bytes()
    count = struct.unpack_from(">H", program, 4)[0]
    rows = (struct.unpack_from(">4sLLL", program, 12 + 16 * each) for each in range(count))
    places = {tag: place for tag, _sum, place, _length in rows}
    head, hhea, lines = places[b"head"], places[b"hhea"], places[b"OS/2"]
    units: int = struct.unpack_from(">H", program, head + 18)[0]
    long = struct.unpack_from(">H", program, hhea + 34)[0]

    def scaled(number: float) -> int:
        return round(number * THOUSAND / units)

    def width(glyph: int) -> int:
        # Glyphs after the last that has a width of its own are as wide as that one.
        return scaled(struct.unpack_from(">H", program, places[b"hmtx"] + 4 * min(glyph, long - 1))[0])

    glyphs = dict(_glyphs(program, places[b"cmap"]))
    left, bottom, right, top = struct.unpack_from(">4h", program, head + 36)
    return Letters(
        name=name,
        program=program,
        widths={each: width(glyph) for each, glyph in glyphs.items()},
        glyphs=glyphs,
        ascent=scaled(struct.unpack_from(">h", program, hhea + 4)[0]),
        descent=scaled(struct.unpack_from(">h", program, hhea + 6)[0]),
        capitals=scaled(struct.unpack_from(">h", program, lines + 88)[0]),
        box=(scaled(left), scaled(bottom), scaled(right), scaled(top)),
    )


def _glyphs(program: bytes, table: int) -> list[tuple[str, int]]:
    """Each character with its glyph, from the font's own table of them (format 12)."""
    count = struct.unpack_from(">H", program, table + 2)[0]
    kept = [struct.unpack_from(">HHL", program, table + 4 + 8 * each) for each in range(count)]
    place = next(table + place for platform, sort, place in kept if (platform, sort) == (3, 10))
    groups = struct.unpack_from(">L", program, place + 12)[0]
    found = []
    for each in range(groups):
        first, last, glyph = struct.unpack_from(">LLL", program, place + 16 + 12 * each)
        found += [
            (chr(code), glyph + code - first)
            for code in range(first, min(last, HIGHEST) + 1)
            # A letter: not the empty box, and no mark that nobody sees, even where a font has one.
            if glyph + code - first and unicodedata.category(chr(code)) not in UNSEEN
        ]
    return found


@lru_cache
def _unknown() -> re.Pattern[str]:
    both = set(letters("Regular").widths) & set(letters("Semibold").widths)
    return re.compile(f"[^{re.escape(''.join(sorted(both)))}\n]")


def printable(text: str) -> str:
    """Text of which every character has a letter: another is named, [grinning face], and none is lost.

    Marks that nobody sees, which only join or part letters, are left out.
    """
    lines = _LINE_ENDS.sub("\n", clean(text)).replace("\t", "    ")
    return _unknown().sub(_named, lines)


def _named(found: re.Match[str]) -> str:
    character = found[0]
    if unicodedata.category(character) in UNSEEN:
        return ""
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]"


class Measure:
    """Breaks text of one weight and size into lines of one width, in points."""

    def __init__(self, weight: str, size: float, width: float) -> None:
        """Begin with no word measured."""
        self.weight, self.size = weight, size
        self._widths = letters(weight).widths
        self._most = width * THOUSAND / size
        self._space = self._widths[" "]
        self._words: dict[str, int] = {}

    def lines(self, text: str) -> list[str]:
        """The lines of a printable text; all but the last end with a blank, for those who hear them."""
        found: list[str] = []
        for line in text.split("\n"):
            if found:
                found[-1] += " "
            found += self._broken(line)
        return found

    def points(self, text: str) -> float:
        """How wide a printable text is on one line."""
        return self._wide(text) * self.size / THOUSAND

    def _broken(self, line: str) -> list[str]:
        done: list[str] = []
        words: list[str] = []
        used = 0
        for word in line.split(" "):
            wide = self._wide(word)
            if words and used + self._space + wide > self._most:
                done.append(" ".join(words) + " ")
                words, used = [], 0
            if words:
                used += self._space
            elif wide > self._most:
                *whole, word = self._cut(word)  # noqa: PLW2901 — what is left of it goes on
                done += whole
                wide = self._wide(word)
            words.append(word)
            used += wide
        return [*done, " ".join(words)]

    def _cut(self, word: str) -> list[str]:
        """A word too long for a line, in pieces that fit."""
        pieces, begin, used = [], 0, 0
        for place, each in enumerate(word):
            wide = self._widths[each]
            if used + wide > self._most and place > begin:
                pieces.append(word[begin:place])
                begin, used = place, 0
            used += wide
        return [*pieces, word[begin:]]

    def _wide(self, word: str) -> int:
        found = self._words.get(word)
        if found is None:
            if len(self._words) == MEASURED:
                self._words.clear()
            found = self._words[word] = sum(map(self._widths.__getitem__, word))
        return found
