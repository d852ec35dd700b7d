"""The font of our PDFs, and the replacement of characters for which it has no glyph."""

import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from surveyapp.foundation.words.clean_text import clean_text

# The highest character that the font is asked for: PDF text is coded in two bytes (UTF-16). Characters above
# it are printed as their names.
HIGHEST = 0xFFFF
THOUSAND = 1000
INVISIBLE_CATEGORIES = ("Cc", "Cf")
_VARIANTS = range(0xFE00, 0xFE10)
WEIGHTS = ("Regular", "Semibold", "Bold")
_LINE_ENDS = re.compile("[\u2028\u2029]")
# Marks where a word may break; it is not drawn.
BREAK_OPPORTUNITY = "\N{ZERO WIDTH SPACE}"
# Characters in text pasted from a word processor for which the font has a lookalike. Those from the private
# use area are the bullets of Symbol and Wingdings.
_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{SMALL HYPHEN-MINUS}", "-"),
        **dict.fromkeys("●▪■◦‣⁃∙◆\uf0b7\uf0a7\uf0a8\uf0d8\uf076\uf02d", "•"),
        "\t": "    ",
    }
)


@dataclass(frozen=True)
class Font:
    """One weight of Source Sans Pro; widths and heights are in thousandths of the font size."""

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
    """Source Sans Pro in one of the WEIGHTS, read from the package that ships it."""
    from fontTools.ttLib import TTFont

    name = f"SourceSansPro-{weight}"
    program = (files("font_source_sans_pro") / "files" / f"{name}.ttf").read_bytes()
    font = TTFont(io.BytesIO(program), lazy=True)
    head, hhea = font["head"], font["hhea"]

    units: int = head.unitsPerEm

    def scaled(number: float) -> int:
        return round(number * THOUSAND / units)

    glyph_names = {
        chr(code): glyph_name for code, glyph_name in font.getBestCmap().items() if code <= HIGHEST
    }
    # Without glyph 0, the box for missing characters, and without invisible characters.
    glyphs = {
        character: number
        for character, glyph_name in glyph_names.items()
        if (number := font.getGlyphID(glyph_name))
        and unicodedata.category(character) not in INVISIBLE_CATEGORIES
    }
    advances = font["hmtx"]
    return Font(
        name=name,
        program=program,
        widths={character: scaled(advances[glyph_names[character]][0]) for character in glyphs},
        glyphs=glyphs,
        ascent=scaled(hhea.ascent),
        descent=scaled(hhea.descent),
        cap_height=scaled(font["OS/2"].sCapHeight),
        box=(scaled(head.xMin), scaled(head.yMin), scaled(head.xMax), scaled(head.yMax)),
    )


@lru_cache
def _without_glyph() -> re.Pattern[str]:
    characters = set.intersection(*(set(font_of_weight(weight).widths) for weight in WEIGHTS))
    return re.compile(f"[^{re.escape(''.join(sorted(characters)))}\n{BREAK_OPPORTUNITY}]")


def printable(text: str) -> str:
    """The text with each character that has no glyph replaced by its name, such as [grinning face].

    Invisible characters, which only join or separate letters, are left out; every kind of space becomes an
    ordinary one.
    """
    return printable_with_breaks(text).replace(BREAK_OPPORTUNITY, "")


def printable_with_breaks(text: str) -> str:
    """The text as `printable` returns it, but with the marks where a long word may break."""
    return _without_glyph().sub(_replacement, _LINE_ENDS.sub("\n", clean_text(text)).translate(_LOOKALIKES))


def _replacement(match: re.Match[str]) -> str:
    character = match[0]
    category = unicodedata.category(character)
    if category in INVISIBLE_CATEGORIES or ord(character) in _VARIANTS:
        return ""
    if category == "Zs":
        return " "
    return f"[{unicodedata.name(character, f'U+{ord(character):04X}').lower()}]"
