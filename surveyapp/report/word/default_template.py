"""Builds the default Word template of a report, which a partnership can download and restyle in Word."""

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from surveyapp.foundation.documents.properties import write_properties

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_FONT, _INK, _QUIET, _ACCENT = "Arial", "0B0C0C", "484949", "12436D"
_GREY, _RULE = "F3F2F1", "B1B4B6"
_LANGUAGE = "en-GB"
# Name, size in points, bold, colour, points above and below, whether to keep with the next paragraph.
_STYLES: tuple[tuple[str, float, bool, str, float, float, bool], ...] = (
    ("Normal", 11, False, _INK, 0, 8, False),
    ("Title", 28, True, _ACCENT, 0, 14, False),
    ("Subtitle", 14, False, _INK, 0, 6, False),
    ("Heading 1", 18, True, _ACCENT, 24, 10, True),
    ("Heading 2", 14, True, _ACCENT, 18, 8, True),
    ("Heading 3", 11.5, True, _INK, 14, 6, True),
    ("Caption", 10, True, _INK, 8, 4, True),
    ("Quote", 11, False, _INK, 4, 0, True),
    ("List Bullet", 11, False, _INK, 0, 8, False),
    ("TOC Heading", 18, True, _ACCENT, 0, 10, True),
    ("toc 1", 11, True, _INK, 6, 2, False),
    ("toc 2", 11, False, _INK, 0, 2, False),
    ("Numbered Paragraph", 11, False, _INK, 0, 8, False),
    ("Question", 11, True, _INK, 6, 8, True),
    ("Note", 10.5, False, _QUIET, 0, 8, False),
    ("Chart", 11, False, _INK, 0, 10, False),
    ("Quote Source", 10, False, _QUIET, 0, 10, False),
    ("Table Text", 10, False, _INK, 2, 2, False),
    ("Table Text Small", 9, False, _INK, 2, 2, False),
    ("Footer", 9, False, _QUIET, 0, 0, False),
)
# The widths of table columns as fractions of the text width, by the number of columns.
_COLUMNS: dict[int, tuple[float, ...]] = {
    2: (0.76, 0.24),
    3: (0.6, 0.2, 0.2),
    4: (0.46, 0.2, 0.17, 0.17),
    # The action plan: the columns fit “Recommendation”, “safeguarding” and “November” on one line.
    6: (0.205, 0.195, 0.17, 0.12, 0.185, 0.125),
}
_TEXT_WIDTH = 16.2  # cm: A4 less its margins
_MOST_FIGURES = 4  # columns of a table of figures; tables with more columns contain text
_CELL_MARGIN = 0.12  # cm at the sides of a cell, in tables of text


@lru_cache(maxsize=1)
def default_template() -> bytes:
    """The default template as .docx, with tags that report_word.py fills in."""
    import docx

    document = docx.Document()
    _set_up(document)
    _title_page(document)
    _contents(document)
    _parts(document)
    write_properties(document.core_properties, title="Report template", author="")
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def _set_up(document: "WordDocument") -> None:
    """Set the page size and margins, the styles and the footer."""
    from docx.shared import Cm

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.4)
    section.different_first_page_header_footer = True
    for style in _STYLES:
        _style(document, *style)
    _indents(document)
    foot = section.footer.paragraphs[0]
    foot.add_run("{{ partnership }} – {{ title }}\tPage ")
    foot.paragraph_format.tab_stops.add_tab_stop(Cm(_TEXT_WIDTH), _right())
    _field(foot, "PAGE", "1")


def _right() -> Any:  # noqa: ANN401 — the library's own enumeration
    from docx.enum.text import WD_TAB_ALIGNMENT

    return WD_TAB_ALIGNMENT.RIGHT


def _style(  # noqa: PLR0913, PLR0917 — a row of the table above
    document: "WordDocument",
    name: str,
    size: float,
    bold: bool,  # noqa: FBT001 — likewise
    colour: str,
    above: float,
    below: float,
    with_next: bool,  # noqa: FBT001 — likewise
) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    styles = document.styles
    built_in = name.startswith(("toc", "TOC"))
    exists = name in [style.name for style in styles]
    style: Any = styles[name] if exists else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=built_in)
    if not exists:
        style.base_style = styles["Normal"]
        style.hidden, style.quick_style = False, True
    font = style.font
    font.name, font.size, font.bold, font.italic = _FONT, Pt(size), bold, False
    font.color.rgb = RGBColor.from_string(colour)
    letters = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        letters.attrib.pop(qn(attribute), None)
    letters.set(qn("w:cs"), _FONT)
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after = Pt(above), Pt(below)
    spacing.keep_with_next = with_next
    paragraph = style.element.get_or_add_pPr()
    for rule in (*paragraph.findall(qn("w:pBdr")), *paragraph.findall(qn("w:tabs"))):
        paragraph.remove(rule)
    for apart in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(apart)
    if name == "Normal":
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), _LANGUAGE)
        style.element.get_or_add_rPr().append(language)


def _indents(document: "WordDocument") -> None:
    """Set indents, tab stops and borders of the styles."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm

    for name, left_indent, first_line_indent in (
        ("Numbered Paragraph", 1.5, -1.5),
        ("List Bullet", 2.1, -0.6),
        ("Quote", 1.5, 0),
        ("Quote Source", 1.5, 0),
        ("toc 1", 0, 0),
        ("toc 2", 0.6, 0),
    ):
        shape = cast("Any", document.styles[name]).paragraph_format
        shape.left_indent, shape.first_line_indent = Cm(left_indent), Cm(first_line_indent)
        if name.startswith("toc"):
            shape.tab_stops.add_tab_stop(Cm(_TEXT_WIDTH), _right())
        elif first_line_indent:
            shape.tab_stops.add_tab_stop(Cm(left_indent))
    cast("Any", document.styles["TOC Heading"]).paragraph_format.page_break_before = True
    question_properties = cast("Any", document.styles["Question"]).element.get_or_add_pPr()
    after = ("w:tabs", "w:spacing", "w:ind", "w:jc")
    edges = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        edges.append(_element(f"w:{side}", val="single", sz="4", space="4", color=_GREY))
    question_properties.insert_element_before(edges, "w:shd", *after)
    question_properties.insert_element_before(
        _element("w:shd", val="clear", color="auto", fill=_GREY), *after
    )
    for line in cast("Any", document.styles["Table Grid"]).element.iter(qn("w:tblBorders")):
        for side in line:
            side.set(qn("w:color"), _RULE)


def _element(name: str, **attributes: str) -> Any:  # noqa: ANN401 — an element of the library
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _title_page(document: "WordDocument") -> None:
    from docx.shared import Cm

    document.add_paragraph("{{ kicker }}", style="Subtitle").paragraph_format.space_before = Cm(5)
    document.add_paragraph("{{ title }}", style="Title")
    for name, words in (("author", "Author: {{ author }}"), ("partnership", "{{ partnership }}")):
        document.add_paragraph(f"{{%p if {name} %}}")
        document.add_paragraph(words, style="Subtitle")
        document.add_paragraph("{%p endif %}")
    document.add_paragraph("{{ day }}", style="Subtitle")
    document.add_paragraph("{{ as_of }}", style="Note").paragraph_format.space_before = Cm(9)


def _contents(document: "WordDocument") -> None:
    """Add the table of contents, a field that Word fills with headings and page numbers."""
    document.add_paragraph("Contents", style="TOC Heading")
    _field(document.add_paragraph(style="toc 1"), r'TOC \o "1-2" \h \z \u', "Contents")
    cast("Any", document).add_page_break()


def _field(line: Any, words: str, placeholder: str) -> None:  # noqa: ANN401 — the library's paragraph
    """Add a field to a paragraph: its instruction, and what it shows until it is updated."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def _char(kind: str) -> None:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        line.add_run()._r.append(mark)  # noqa: SLF001 — python-docx has no fields of its own

    _char("begin")
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {words} "
    line.add_run()._r.append(instruction)  # noqa: SLF001 — likewise
    _char("separate")
    line.add_run(placeholder)
    _char("end")


_PART_LAYOUTS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    *(
        (f"heading_{level}", (("{% if part.number %}{{ part.number }}  {% endif %}{{ part.text }}", name),))
        for level, name in ((1, "Heading 1"), (2, "Heading 2"), (3, "Heading 3"))
    ),
    ("asked", (("{{ part.text }}", "Question"),)),
    ("note", (("{{ part.text }}", "Note"),)),
    ("chart", (("{{ part.caption }}", "Caption"), ("{{ part.picture }}", "Chart"))),
    ("quoted", (("“{{ part.text }}”", "Quote"), ("{{ part.source }}", "Quote Source"))),
)


def _parts(document: "WordDocument") -> None:
    """Add the loop over the parts of the report, with a layout for each kind of part."""
    document.add_paragraph("{%p for part in parts %}")
    document.add_paragraph("{%p if part.kind == “paragraph” %}")
    for number, style in (("{{ part.number }}\t", "Numbered Paragraph"), ("", "Normal")):
        line = document.add_paragraph(number, style=style)
        line.add_run("{% if part.lead %}{{ part.lead }}: {% endif %}").bold = True
        line.add_run("{{ part.text }}")
        if number:
            document.add_paragraph("{%p elif part.kind == “plain” %}")
    for kind, lines in _PART_LAYOUTS:
        document.add_paragraph(f"{{%p elif part.kind == “{kind}” %}}")
        for words, style in lines:
            document.add_paragraph(words, style=style)
    document.add_paragraph("{%p elif part.kind == “bullets” %}")
    document.add_paragraph("{%p for line in part.lines %}")
    document.add_paragraph("{{ line }}", style="List Bullet")
    document.add_paragraph("{%p endfor %}")
    for columns in _COLUMNS:
        document.add_paragraph(f"{{%p elif part.kind == “table_{columns}” %}}")
        document.add_paragraph("{{ part.caption }}", style="Caption")
        _table(document, columns)
        document.add_paragraph("", style="Note")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")


def _table(document: "WordDocument", columns: int) -> None:
    """Add a table with a header row that is repeated on each page and marked for screen readers."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm

    table: Any = document.add_table(rows=4, cols=columns, style="Table Grid")
    table.autofit = False
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), "{{ part.caption }}")
    table._tbl.tblPr.append(caption)  # noqa: SLF001 — python-docx has no words for a table
    if columns > _MOST_FIGURES:
        edges = OxmlElement("w:tblCellMar")
        for side in ("left", "right"):
            edges.append(_element(f"w:{side}", w=str(Cm(_CELL_MARGIN).twips), type="dxa"))
        table._tbl.tblPr.insert_element_before(edges, "w:tblLook", "w:tblCaption")  # noqa: SLF001 — likewise
    head, begin, body, end = table.rows
    for row in (head, body):
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)  # noqa: SLF001 — likewise
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 — likewise
    begin.cells[0].text, end.cells[0].text = "{%tr for row in part.rows %}", "{%tr endfor %}"
    for place, part in enumerate(_COLUMNS[columns]):
        for row in table.rows:
            row.cells[place].width = Cm(_TEXT_WIDTH * part)
        table.columns[place].width = Cm(_TEXT_WIDTH * part)
        for row, words in ((head, f"{{{{ part.head[{place}] }}}}"), (body, f"{{{{ row[{place}] }}}}")):
            line = row.cells[place].paragraphs[0]
            line.style = document.styles["Table Text" if columns <= _MOST_FIGURES else "Table Text Small"]
            line.add_run(words).bold = row is head or None
            if place and columns <= _MOST_FIGURES:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.paragraph_format.keep_with_next = row is head or None
