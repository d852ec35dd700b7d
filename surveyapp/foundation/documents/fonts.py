"""The font of our PDFs, and the replacement of characters for which it has no glyph."""

import re
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from surveyapp.foundation.words.clean_text import clean_text

# Codes are two bytes, so that a text is its own code (UTF-16); what lies beyond is named.
HIGHEST = 0xFFFF
THOUSAND = 1000
INVISIBLE_CATEGORIES = ("Cc", "Cf")
_VARIANTS = range(0xFE00, 0xFE10)
WEIGHTS = ("Regular", "Semibold", "Bold")
_LINE_ENDS = re.compile("[\u2028\u2029]")
# Where a word may break; nothing is drawn for it.
BREAK_OPPORTUNITY = "\N{ZERO WIDTH SPACE}"
# What comes with text pasted from a word processor, and looks the same as a letter that there is. The
# private ones are the bullets of Symbol and Wingdings.
_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{SMALL HYPHEN-MINUS}", "-"),
        **dict.fromkeys("●▪■◦‣⁃∙◆\uf0b7\uf0a7\uf0a8\uf0d8\uf076\uf02d", "•"),
        "\t": "    ",
    }
)


@dataclass(frozen=True)
class Font:
    """One weight of Source Sans Pro; widths and heights are in thousandths of the size of type."""

    name: str
    program: bytes
    widths: Mapping[str, int]
    glyphs: Mapping[str, int]
    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]


@lru_cache
def font_of_weight(weight: str) -> Font:
    """The letters of one of the WEIGHTS, as they come with the program."""
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
    return Font(
        name=name,
        program=program,
        widths={each: width(glyph) for each, glyph in glyphs.items()},
        glyphs=glyphs,
        ascent=scaled(struct.unpack_from(">h", program, hhea + 4)[0]),
        descent=scaled(struct.unpack_from(">h", program, hhea + 6)[0]),
        cap_height=scaled(struct.unpack_from(">h", program, lines + 88)[0]),
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
            if glyph + code - first and unicodedata.category(chr(code)) not in INVISIBLE_CATEGORIES
        ]
    return found


@lru_cache
def _without_glyph() -> re.Pattern[str]:
    drawn = set.intersection(*(set(font_of_weight(weight).widths) for weight in WEIGHTS))
    return re.compile(f"[^{re.escape(''.join(sorted(drawn)))}\n{BREAK_OPPORTUNITY}]")


def printable(text: str) -> str:
    """Text of which every character has a letter: another is named, [grinning face], and none is lost.

    Marks that nobody sees, which only join or part letters, are left out, and every space is one that may be
    drawn.
    """
    return printable_with_breaks(text).replace(BREAK_OPPORTUNITY, "")


def printable_with_breaks(text: str) -> str:
    """Text as `printable` gives it, with the places kept at which a long word may break."""
    return _without_glyph().sub(_replacement, _LINE_ENDS.sub("\n", clean_text(text)).translate(_LOOKALIKES))


def _replacement(found: re.Match[str]) -> str:
    character = found[0]
    category = unicodedata.category(character)
    if category in INVISIBLE_CATEGORIES or ord(character) in _VARIANTS:
        return ""
    if category == "Zs":
        return " "
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]"
