"""The letters of a PDF as its readers need them: embedded whole, with what each code says."""

from collections.abc import Iterable, Iterator

from surveyapp.exports.returns_pdf.pdf_objects import PdfWriter
from surveyapp.foundation.documents.fonts import HIGHEST, Font, font_of_weight

# Most lines of one block of a table of codes, by its format.
BLOCK = 100
# How heavy the stems of a letter are: readers use it only where they have to find another font.
STEMS = {"Regular": 80, "Semibold": 110}
NOT_SYMBOLS = 32


def add_font(file: PdfWriter, weight: str) -> int:
    """Write the letters of a weight, and give the number of the font."""
    found = font_of_weight(weight)
    program = file.stream(found.program, b"/Length1 %d" % len(found.program))
    name = found.name.encode()
    describes = file.add(
        b"<</Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d"
        b"/Descent %d/CapHeight %d/StemV %d/FontFile2 %d 0 R>>"
        % (
            *(name, NOT_SYMBOLS, *found.box, found.ascent, found.descent, found.cap_height),
            *(STEMS[weight], program),
        )
    )
    glyphs = bytearray(2 * (HIGHEST + 1))
    for each, glyph in found.glyphs.items():
        glyphs[2 * ord(each) : 2 * ord(each) + 2] = glyph.to_bytes(2, "big")
    drawn = file.add(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        b"/Supplement 0>>/FontDescriptor %d 0 R/DW 0/W[%s]/CIDToGIDMap %d 0 R>>"
        % (name, describes, b"".join(_widths(found)), file.stream(bytes(glyphs)))
    )
    return file.add(
        b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]"
        b"/ToUnicode %d 0 R>>" % (name, drawn, file.stream(_to_unicode_map(found)))
    )


def _runs(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of codes whose higher byte is the same."""
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


def _widths(found: Font) -> Iterator[bytes]:
    for first, last in _runs(sorted(map(ord, found.glyphs))):
        widths = " ".join(str(found.widths[chr(code)]) for code in range(first, last + 1))
        yield b"%d[%s]" % (first, widths.encode())


def _to_unicode_map(found: Font) -> bytes:
    """What each code says, for those who copy, search or listen: itself."""
    lines = [
        b"<%04x><%04x><%04x>" % (first, last, first) for first, last in _runs(sorted(map(ord, found.glyphs)))
    ]
    blocks = [lines[begin : begin + BLOCK] for begin in range(0, len(lines), BLOCK)]
    said = b"".join(
        b"%d beginbfrange\n%s\nendbfrange\n" % (len(block), b"\n".join(block)) for block in blocks
    )
    return (
        b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
        b"/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
        b"1 begincodespacerange\n<0000><ffff>\nendcodespacerange\n%s"
        b"endcmap CMapName currentdict/CMap defineresource pop end end" % said
    )
