"""Writes a document as a Word file with headings, tick boxes to click and space to write in."""

import io
import re
from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING, Any, cast

from surveyapp.foundation.documents.blocks import (
    Block,
    Boxes,
    Bullets,
    Document,
    DocumentHeading,
    DocumentParagraph,
    DocumentTable,
    Facts,
    Space,
)
from surveyapp.foundation.documents.properties import write_properties
from surveyapp.foundation.words.clean_text import clean_text

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph as WordParagraph
    from docx.text.run import Run

# What the reader of a document still has to fill in; it is highlighted.
TO_FILL_IN = re.compile(r"(\[Fill in: [^\]]*\])")
_FONT = "Arial"
_LANGUAGE = "en-GB"
# A tick box of Word 2010 and later, which LibreOffice supports too.
_TICK_BOX_XML = (
    '<w:sdt xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
    "<w:sdtPr><w:alias/><w14:checkbox>"
    '<w14:checked w14:val="0"/>'
    '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
    '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/>'
    "</w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:rPr>"
    '<w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic" w:hint="eastAsia"/>'
    "</w:rPr><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>"
)


def document_as_word(document: Document) -> bytes:
    """The document as a .docx file, with title, author and language in its properties."""
    import docx

    word_document = docx.Document()
    _set_up(word_document, document)
    word_document.add_paragraph(clean_text(document.title), style="Title")
    for block in document.blocks:
        _WRITERS[type(block)](word_document, block)
    buffer = io.BytesIO()
    word_document.save(buffer)
    return buffer.getvalue()


def _set_up(word_document: "WordDocument", document: Document) -> None:
    """Set page size, fonts, language and footer."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    section = word_document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    sizes = {"Normal": 11, "Title": 20, "Heading 1": 15, "Heading 2": 11.5, "Heading 3": 11}
    for name, size in sizes.items():
        style = cast("Any", word_document.styles[name])
        style.font.name, style.font.size, style.font.color.rgb = _FONT, Pt(size), RGBColor(0, 0, 0)
        letters = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            letters.attrib.pop(qn(attribute), None)
    title = cast("Any", word_document.styles["Title"]).element.get_or_add_pPr()
    for rule in title.findall(qn("w:pBdr")):
        title.remove(rule)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), _LANGUAGE)
    cast("Any", word_document.styles["Normal"]).element.get_or_add_rPr().append(language)
    write_properties(word_document.core_properties, title=document.title, author=document.author)
    cast("Any", word_document.styles["Footer"]).font.size = Pt(9)
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{clean_text(document.foot)}. Page ")
    number = foot.add_run()
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        number._r.append(part)  # noqa: SLF001 — python-docx has no fields of its own


def _write_heading(word_document: "WordDocument", block: DocumentHeading) -> None:
    word_document.add_heading(clean_text(block.text), level=block.level)


def _write_paragraph(word_document: "WordDocument", block: DocumentParagraph) -> None:
    line = word_document.add_paragraph()
    # Keeps an aside on the same page as the paragraph that follows it.
    line.paragraph_format.keep_with_next = block.weight == "quiet" or None
    for run in _add_text(line, block.text):
        run.bold = block.weight == "strong" or None
        run.italic = block.weight == "quiet" or None


def _write_boxes(word_document: "WordDocument", block: Boxes) -> None:
    from docx.oxml import parse_xml
    from docx.shared import Cm, Pt

    tick = parse_xml(_TICK_BOX_XML)
    for label in block.labels:
        line = word_document.add_paragraph()
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(0.8), Cm(-0.8)
        line.paragraph_format.space_after, line.paragraph_format.keep_with_next = Pt(3), True
        tick_box = deepcopy(tick)
        tick_box[0][0].set(f"{{{tick_box.nsmap['w']}}}val", clean_text(label)[:60])
        line._p.append(tick_box)  # noqa: SLF001 — python-docx has no tick boxes of its own
        line.add_run(f"\t{clean_text(label)}")
        line.paragraph_format.tab_stops.add_tab_stop(Cm(0.8))


def _write_space(word_document: "WordDocument", block: Space) -> None:
    from docx.enum.table import WD_ROW_HEIGHT_RULE
    from docx.shared import Cm

    if block.label:
        label = word_document.add_paragraph()
        label.add_run(clean_text(block.label)).italic = True
        label.paragraph_format.keep_with_next = True
    box = word_document.add_table(rows=1, cols=1, style="Table Grid")
    box.rows[0].height_rule, box.rows[0].height = WD_ROW_HEIGHT_RULE.AT_LEAST, Cm(0.6 * block.lines)
    word_document.add_paragraph()


def _write_facts(word_document: "WordDocument", block: Facts) -> None:
    for name, what in block.rows:
        line = word_document.add_paragraph()
        line.add_run(f"{clean_text(name)}: ").bold = True
        line.add_run(clean_text(what))


def _write_bullets(word_document: "WordDocument", block: Bullets) -> None:
    for point in block.points:
        _add_text(word_document.add_paragraph(style="List Bullet"), point)


def _write_table(word_document: "WordDocument", block: DocumentTable) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    table = word_document.add_table(rows=1 + len(block.rows), cols=len(block.head), style="Table Grid")
    for row, cells in zip(table.rows, (block.head, *block.rows), strict=True):
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 — python-docx does not set how a row is broken
        properties.append(OxmlElement("w:cantSplit"))
        for cell, text in zip(row.cells, cells, strict=True):
            line = cell.paragraphs[0]
            line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(3)
            _add_text(line, text)
    head = table.rows[0]
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 — as above
    for cell in head.cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
    word_document.add_paragraph()


def _add_text(line: "WordParagraph", text: str) -> list["Run"]:
    """Add text to a line, with what somebody still has to fill in highlighted."""
    from docx.enum.text import WD_COLOR_INDEX

    runs = []
    for place, piece in enumerate(TO_FILL_IN.split(clean_text(text))):
        if piece:
            run = line.add_run(piece)
            if place % 2:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
            runs.append(run)
    return runs


_WRITERS: dict[type[Block], Callable[["WordDocument", Any], None]] = {
    DocumentHeading: _write_heading,
    DocumentParagraph: _write_paragraph,
    Boxes: _write_boxes,
    Space: _write_space,
    Facts: _write_facts,
    Bullets: _write_bullets,
    DocumentTable: _write_table,
}
