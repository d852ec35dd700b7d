"""A document as a Word file: headings, boxes to tick with a click, room that grows as one writes."""

import io
from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING, Any, cast

from surveyapp.foundation.documents.blocks import (
    Block,
    Boxes,
    Document,
    DocumentHeading,
    DocumentParagraph,
    Facts,
    Space,
)
from surveyapp.foundation.documents.properties import write_properties
from surveyapp.foundation.words.clean_text import clean_text

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_FONT = "Arial"
_LANGUAGE = "en-GB"
# A tick box of Word 2010 and later; LibreOffice knows it too.
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
    """Write a document as .docx, with its title, author and language where Word looks for them."""
    # Word's library takes a quarter of a second to load; pages that make no document do without.
    import docx  # noqa: PLC0415

    made = docx.Document()
    _set_up(made, document)
    made.add_paragraph(clean_text(document.title), style="Title")
    for block in document.blocks:
        _WRITERS[type(block)](made, block)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _set_up(made: "WordDocument", document: Document) -> None:
    """Page, letters, language and foot of the page."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm, Pt, RGBColor  # noqa: PLC0415

    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    sizes = {"Normal": 11, "Title": 20, "Heading 1": 15, "Heading 2": 11.5, "Heading 3": 11}
    for name, size in sizes.items():
        style = cast("Any", made.styles[name])
        style.font.name, style.font.size, style.font.color.rgb = _FONT, Pt(size), RGBColor(0, 0, 0)
        letters = style.element.get_or_add_rPr().get_or_add_rFonts()
        for each in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            letters.attrib.pop(qn(each), None)
    title = cast("Any", made.styles["Title"]).element.get_or_add_pPr()
    for rule in title.findall(qn("w:pBdr")):
        title.remove(rule)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), _LANGUAGE)
    cast("Any", made.styles["Normal"]).element.get_or_add_rPr().append(language)
    write_properties(made.core_properties, title=document.title, author=document.author)
    cast("Any", made.styles["Footer"]).font.size = Pt(9)
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{clean_text(document.foot)}. Page ")
    number = foot.add_run()
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        number._r.append(part)  # noqa: SLF001 — python-docx has no fields of its own


def _write_heading(made: "WordDocument", block: DocumentHeading) -> None:
    made.add_heading(clean_text(block.text), level=block.level)


def _write_paragraph(made: "WordDocument", block: DocumentParagraph) -> None:
    line = made.add_paragraph()
    # An aside belongs to what follows it.
    line.paragraph_format.keep_with_next = block.weight == "quiet" or None
    run = line.add_run(clean_text(block.text))
    run.bold = block.weight == "strong" or None
    run.italic = block.weight == "quiet" or None


def _write_boxes(made: "WordDocument", block: Boxes) -> None:
    from docx.oxml import parse_xml  # noqa: PLC0415
    from docx.shared import Cm, Pt  # noqa: PLC0415

    tick = parse_xml(_TICK_BOX_XML)
    for label in block.labels:
        line = made.add_paragraph()
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(0.8), Cm(-0.8)
        line.paragraph_format.space_after, line.paragraph_format.keep_with_next = Pt(3), True
        mine = deepcopy(tick)
        mine[0][0].set(f"{{{mine.nsmap['w']}}}val", clean_text(label)[:60])
        line._p.append(mine)  # noqa: SLF001 — python-docx has no tick boxes of its own
        line.add_run(f"\t{clean_text(label)}")
        line.paragraph_format.tab_stops.add_tab_stop(Cm(0.8))


def _write_space(made: "WordDocument", block: Space) -> None:
    from docx.enum.table import WD_ROW_HEIGHT_RULE  # noqa: PLC0415
    from docx.shared import Cm  # noqa: PLC0415

    if block.label:
        label = made.add_paragraph()
        label.add_run(clean_text(block.label)).italic = True
        label.paragraph_format.keep_with_next = True
    box = made.add_table(rows=1, cols=1, style="Table Grid")
    box.rows[0].height_rule, box.rows[0].height = WD_ROW_HEIGHT_RULE.AT_LEAST, Cm(0.6 * block.lines)
    made.add_paragraph()


def _write_facts(made: "WordDocument", block: Facts) -> None:
    for name, what in block.rows:
        line = made.add_paragraph()
        line.add_run(f"{clean_text(name)}: ").bold = True
        line.add_run(clean_text(what))


_WRITERS: dict[type[Block], Callable[["WordDocument", Any], None]] = {
    DocumentHeading: _write_heading,
    DocumentParagraph: _write_paragraph,
    Boxes: _write_boxes,
    Space: _write_space,
    Facts: _write_facts,
}
