"""Our own Word template of a report, with real styles: a partnership takes it and restyles it in Word."""

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from surveyapp.foundation.documents.properties import write_properties

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_FONT, _INK, _QUIET, _ACCENT = "Arial", "0B0C0C", "484949", "12436D"
_GREY, _RULE = "F3F2F1", "B1B4B6"
_LANGUAGE = "en-GB"
# Name, size in points, bold, colour, points above and below, whether it stays with what follows.
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
# How wide the columns of each shape of table are, in parts of the text's width; the figures stand right.
_COLUMNS: dict[int, tuple[float, ...]] = {
    2: (0.76, 0.24),
    3: (0.6, 0.2, 0.2),
    4: (0.46, 0.2, 0.17, 0.17),
    # An action plan: “Recommendation”, “safeguarding” and “November” stay whole.
    6: (0.205, 0.195, 0.17, 0.12, 0.185, 0.125),
}
_TEXT_WIDTH = 16.2  # cm: A4 less its margins
_MOST_FIGURES = 4  # columns; wider tables hold words
_CELL_MARGIN = 0.12  # cm between a cell's words and its edges, where columns are many


@lru_cache(maxsize=1)
def default_template() -> bytes:
    """Our template as .docx: its tags name what report_word.py fills in."""
    import docx  # noqa: PLC0415 — a quarter of a second; pages that make no document do without

    made = docx.Document()
    _set_up(made)
    _title_page(made)
    _contents(made)
    _parts(made)
    write_properties(made.core_properties, title="Report template", author="")
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _set_up(made: "WordDocument") -> None:
    """Page, styles and the foot of each page."""
    from docx.shared import Cm  # noqa: PLC0415

    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.4)
    section.different_first_page_header_footer = True
    for style in _STYLES:
        _style(made, *style)
    _indents(made)
    foot = section.footer.paragraphs[0]
    foot.add_run("{{ partnership }} – {{ title }}\tPage ")
    foot.paragraph_format.tab_stops.add_tab_stop(Cm(_TEXT_WIDTH), _right())
    _field(foot, "PAGE", "1")


def _right() -> Any:  # noqa: ANN401 — the library's own enumeration
    from docx.enum.text import WD_TAB_ALIGNMENT  # noqa: PLC0415

    return WD_TAB_ALIGNMENT.RIGHT


def _style(  # noqa: PLR0913, PLR0917 — a row of the table above
    made: "WordDocument",
    name: str,
    size: float,
    bold: bool,  # noqa: FBT001 — likewise
    colour: str,
    above: float,
    below: float,
    with_next: bool,  # noqa: FBT001 — likewise
) -> None:
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt, RGBColor  # noqa: PLC0415

    styles = made.styles
    built_in = name.startswith(("toc", "TOC"))
    known = name in [each.name for each in styles]
    style: Any = styles[name] if known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=built_in)
    if not known:
        style.base_style = styles["Normal"]
        style.hidden, style.quick_style = False, True
    font = style.font
    font.name, font.size, font.bold, font.italic = _FONT, Pt(size), bold, False
    font.color.rgb = RGBColor.from_string(colour)
    letters = style.element.get_or_add_rPr().get_or_add_rFonts()
    for each in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        letters.attrib.pop(qn(each), None)
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


def _indents(made: "WordDocument") -> None:
    """What stands in from the left, and what is marked off."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm  # noqa: PLC0415

    for name, left, first in (
        ("Numbered Paragraph", 1.5, -1.5),
        ("List Bullet", 2.1, -0.6),
        ("Quote", 1.5, 0),
        ("Quote Source", 1.5, 0),
        ("toc 1", 0, 0),
        ("toc 2", 0.6, 0),
    ):
        shape = cast("Any", made.styles[name]).paragraph_format
        shape.left_indent, shape.first_line_indent = Cm(left), Cm(first)
        if name.startswith("toc"):
            shape.tab_stops.add_tab_stop(Cm(_TEXT_WIDTH), _right())
        elif first:
            shape.tab_stops.add_tab_stop(Cm(left))
    cast("Any", made.styles["TOC Heading"]).paragraph_format.page_break_before = True
    about = cast("Any", made.styles["Question"]).element.get_or_add_pPr()
    after = ("w:tabs", "w:spacing", "w:ind", "w:jc")
    edges = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        edges.append(_element(f"w:{side}", val="single", sz="4", space="4", color=_GREY))
    about.insert_element_before(edges, "w:shd", *after)
    about.insert_element_before(_element("w:shd", val="clear", color="auto", fill=_GREY), *after)
    for line in cast("Any", made.styles["Table Grid"]).element.iter(qn("w:tblBorders")):
        for side in line:
            side.set(qn("w:color"), _RULE)


def _element(name: str, **attributes: str) -> Any:  # noqa: ANN401 — an element of the library
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _title_page(made: "WordDocument") -> None:
    from docx.shared import Cm  # noqa: PLC0415

    made.add_paragraph("{{ kicker }}", style="Subtitle").paragraph_format.space_before = Cm(5)
    made.add_paragraph("{{ title }}", style="Title")
    for name, words in (("author", "Author: {{ author }}"), ("partnership", "{{ partnership }}")):
        made.add_paragraph(f"{{%p if {name} %}}")
        made.add_paragraph(words, style="Subtitle")
        made.add_paragraph("{%p endif %}")
    made.add_paragraph("{{ day }}", style="Subtitle")
    made.add_paragraph("{{ as_of }}", style="Note").paragraph_format.space_before = Cm(9)


def _contents(made: "WordDocument") -> None:
    """A field that Word fills with headings and their pages."""
    made.add_paragraph("Contents", style="TOC Heading")
    _field(made.add_paragraph(style="toc 1"), r'TOC \o "1-2" \h \z \u', "Contents")
    cast("Any", made).add_page_break()


def _field(line: Any, words: str, shown: str) -> None:  # noqa: ANN401 — the library's paragraph
    """Add a field to a paragraph: what it works out, and what it shows until then."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

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
    line.add_run(shown)
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


def _parts(made: "WordDocument") -> None:
    """One loop over all parts of the report, and for each kind of part how it looks."""
    made.add_paragraph("{%p for part in parts %}")
    made.add_paragraph("{%p if part.kind == “paragraph” %}")
    for number, style in (("{{ part.number }}\t", "Numbered Paragraph"), ("", "Normal")):
        line = made.add_paragraph(number, style=style)
        line.add_run("{% if part.lead %}{{ part.lead }}: {% endif %}").bold = True
        line.add_run("{{ part.text }}")
        if number:
            made.add_paragraph("{%p elif part.kind == “plain” %}")
    for kind, lines in _PART_LAYOUTS:
        made.add_paragraph(f"{{%p elif part.kind == “{kind}” %}}")
        for words, style in lines:
            made.add_paragraph(words, style=style)
    made.add_paragraph("{%p elif part.kind == “bullets” %}")
    made.add_paragraph("{%p for line in part.lines %}")
    made.add_paragraph("{{ line }}", style="List Bullet")
    made.add_paragraph("{%p endfor %}")
    for columns in _COLUMNS:
        made.add_paragraph(f"{{%p elif part.kind == “table_{columns}” %}}")
        made.add_paragraph("{{ part.caption }}", style="Caption")
        _table(made, columns)
        made.add_paragraph("", style="Note")
    made.add_paragraph("{%p endif %}")
    made.add_paragraph("{%p endfor %}")


def _table(made: "WordDocument", columns: int) -> None:
    """A table with a head that is said for each cell and stands again on each page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm  # noqa: PLC0415

    table: Any = made.add_table(rows=4, cols=columns, style="Table Grid")
    table.autofit = False
    said = OxmlElement("w:tblCaption")
    said.set(qn("w:val"), "{{ part.caption }}")
    table._tbl.tblPr.append(said)  # noqa: SLF001 — python-docx has no words for a table
    if columns > _MOST_FIGURES:
        edges = OxmlElement("w:tblCellMar")
        for side in ("left", "right"):
            edges.append(_element(f"w:{side}", w=str(Cm(_CELL_MARGIN).twips), type="dxa"))
        table._tbl.tblPr.insert_element_before(edges, "w:tblLook", "w:tblCaption")  # noqa: SLF001 — likewise
    head, begin, each, end = table.rows
    for row in (head, each):
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)  # noqa: SLF001 — likewise
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 — likewise
    begin.cells[0].text, end.cells[0].text = "{%tr for row in part.rows %}", "{%tr endfor %}"
    for place, part in enumerate(_COLUMNS[columns]):
        for row in table.rows:
            row.cells[place].width = Cm(_TEXT_WIDTH * part)
        table.columns[place].width = Cm(_TEXT_WIDTH * part)
        for row, words in ((head, f"{{{{ part.head[{place}] }}}}"), (each, f"{{{{ row[{place}] }}}}")):
            line = row.cells[place].paragraphs[0]
            line.style = made.styles["Table Text" if columns <= _MOST_FIGURES else "Table Text Small"]
            line.add_run(words).bold = row is head or None
            if place and columns <= _MOST_FIGURES:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.paragraph_format.keep_with_next = row is head or None
