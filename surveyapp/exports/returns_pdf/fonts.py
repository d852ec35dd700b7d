"""Embeds the fonts of a PDF whole, with a table from character codes to Unicode."""

from collections.abc import Iterable, Iterator

from surveyapp.exports.returns_pdf.pdf_objects import PdfWriter
from surveyapp.foundation.documents.fonts import HIGHEST, Font, font_of_weight

# The most lines that the format allows in one block of a Unicode table.
BLOCK = 100
# The weight of vertical stems; PDF readers use it only to choose a substitute font.
STEMS = {"Regular": 80, "Semibold": 110}
NOT_SYMBOLS = 32


def add_font(file: PdfWriter, weight: str) -> int:
    """Embed the font of a weight, and give its object number."""
    font = font_of_weight(weight)
    program = file.stream(font.program, b"/Length1 %d" % len(font.program))
    name = font.name.encode()
    descriptor = file.add(
        b"<</Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d"
        b"/Descent %d/CapHeight %d/StemV %d/FontFile2 %d 0 R>>"
        % (
            *(name, NOT_SYMBOLS, *font.box, font.ascent, font.descent, font.cap_height),
            *(STEMS[weight], program),
        )
    )
    glyphs = bytearray(2 * (HIGHEST + 1))
    for character, glyph in font.glyphs.items():
        glyphs[2 * ord(character) : 2 * ord(character) + 2] = glyph.to_bytes(2, "big")
    descendant = file.add(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        b"/Supplement 0>>/FontDescriptor %d 0 R/DW 0/W[%s]/CIDToGIDMap %d 0 R>>"
        % (name, descriptor, b"".join(_widths(font)), file.stream(bytes(glyphs)))
    )
    return file.add(
        b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]"
        b"/ToUnicode %d 0 R>>" % (name, descendant, file.stream(_to_unicode_map(font)))
    )


def _runs(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and last code of each run of consecutive codes with the same high byte."""
    first = last = -1
    for code in codes:
        if code == last + 1 and code & 0xFF and first >= 0:
            last = code
            continue
        if first >= 0:
            yield first, last
        first = last = code
    if first >= 0:
        yield first, last


def _widths(font: Font) -> Iterator[bytes]:
    for first, last in _runs(sorted(map(ord, font.glyphs))):
        widths = " ".join(str(font.widths[chr(code)]) for code in range(first, last + 1))
        yield b"%d[%s]" % (first, widths.encode())


def _to_unicode_map(font: Font) -> bytes:
    """The ToUnicode table for copying, searching and screen readers: each code is its own character."""
    lines = [
        b"<%04x><%04x><%04x>" % (first, last, first) for first, last in _runs(sorted(map(ord, font.glyphs)))
    ]
    blocks = [lines[begin : begin + BLOCK] for begin in range(0, len(lines), BLOCK)]
    ranges = b"".join(
        b"%d beginbfrange\n%s\nendbfrange\n" % (len(block), b"\n".join(block)) for block in blocks
    )
    return (
        b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
        b"/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
        b"1 begincodespacerange\n<0000><ffff>\nendcodespacerange\n%s"
        b"endcmap CMapName currentdict/CMap defineresource pop end end" % ranges
    )
