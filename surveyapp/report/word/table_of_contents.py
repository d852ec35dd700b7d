"""The table of contents of a Word report: a field of Word, filled in advance with the headings."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from surveyapp.foundation.words.clean_text import clean_text
from surveyapp.report.parts import Heading

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_DEPTH = 2
# The elements that follow updateFields in the order of Word’s settings.
_AFTER_UPDATE = tuple(
    f"w:{name}"
    for name in (
        "hdrShapeDefaults",
        "footnotePr",
        "endnotePr",
        "compat",
        "docVars",
        "rsids",
        "attachedSchema",
        "themeFontLang",
        "clrSchemeMapping",
        "doNotIncludeSubdocsInStats",
        "shapeDefaults",
        "decimalSymbol",
        "listSeparator",
    )
)


def clear_contents_field(document: "WordDocument") -> None:
    """Remove the entries of the template’s own table of contents.

    If the field was updated in Word, they contain the template’s tags, which would fail outside their loop.
    """
    for inside in _fields(document):
        for run in inside:
            run.getparent().remove(run)


def _fields(document: "WordDocument") -> Iterator[list[Any]]:
    """The runs of each table of contents between its instruction and its end, with nested fields."""
    from docx.oxml.ns import qn

    depth, inside, words = 0, False, ""
    field_runs: list[Any] = []
    for run in list(document.element.body.iter(qn("w:r"))):
        mark = run.find(qn("w:fldChar"))
        kind = mark.get(qn("w:fldCharType")) if mark is not None else ""
        if kind == "begin":
            depth, words = depth + 1, words if inside else ""
        if not inside:
            words += "".join(text.text or "" for text in run.iter(qn("w:instrText")))
        if kind == "end":
            depth -= 1
        if inside and depth == 0:
            yield field_runs
            inside, field_runs = False, []
        elif inside:
            field_runs.append(run)
        elif kind == "separate" and words.strip().upper().startswith("TOC"):
            inside = True


def fill_contents_field(document: "WordDocument", headings: Sequence[Heading]) -> None:
    """Add a bookmark to each heading and list those of levels 1 and 2; Word adds the page numbers."""
    from docx.oxml import OxmlElement

    marked = _mark_headings(document, headings)
    end = _end_of_contents(document)
    if end is None:
        return
    # The field begins in its first line, which takes the first entry; its end moves after the last entry.
    line, styles = end.getparent(), _entry_styles(document)
    for place, (heading, name) in enumerate(
        (heading, name) for heading, name in marked if heading.level <= _DEPTH
    ):
        entry = _entry(heading, name)
        if place:
            before, line = line, OxmlElement("w:p")
            line.append(_style(styles.get(heading.level, f"TOC{heading.level}")))
            line.append(entry)
            before.addnext(line)
        else:
            end.addprevious(entry)
    line.append(end)
    _ask_word_to_update(document)


def _entry_styles(document: "WordDocument") -> dict[int, str]:
    """The style ids of entries by level; they depend on the program that saved the template."""
    names = {f"{name} {level}": level for level in (1, 2) for name in ("toc", "contents")}
    ids_by_level = {names.get((style.name or "").casefold(), 0): style.style_id for style in document.styles}
    return {level: style_id for level, style_id in ids_by_level.items() if level}


def _entry(heading: Heading, name: str) -> Any:  # noqa: ANN401 — an element of the library
    """An entry: a link to its heading, with a field for the page number."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), name)
    text = f"{heading.number}  {heading.text}" if heading.number else heading.text
    for part in (_run("w:t", clean_text(text)), _run("w:tab"), *_page_reference(name)):
        link.append(part)
    return link


def _style(name: str) -> Any:  # noqa: ANN401 — an element of the library
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties, style = OxmlElement("w:pPr"), OxmlElement("w:pStyle")
    style.set(qn("w:val"), name)
    properties.append(style)
    return properties


def _run(kind: str, text: str = "", **attributes: str) -> Any:  # noqa: ANN401 — an element of the library
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run, part = OxmlElement("w:r"), OxmlElement(kind)
    if text:
        part.text = text
        part.set(qn("xml:space"), "preserve")
    for name, value in attributes.items():
        part.set(qn(f"w:{name}"), value)
    run.append(part)
    return run


def _page_reference(name: str) -> Iterator[Any]:
    yield _run("w:fldChar", fldCharType="begin")
    yield _run("w:instrText", f" PAGEREF {name} \\h ")
    yield _run("w:fldChar", fldCharType="separate")
    yield _run("w:t", " ")
    yield _run("w:fldChar", fldCharType="end")


def _mark_headings(document: "WordDocument", headings: Sequence[Heading]) -> list[tuple[Heading, str]]:
    """Put a bookmark around each heading of the report; a restyled template may omit some headings."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    ids = {f"Heading {level}": level for level in (1, 2, 3)}
    levels = {style.style_id: ids[style.name] for style in document.styles if style.name in ids}
    unmarked = list(headings)
    bookmarked: list[tuple[Heading, str]] = []
    for line in document.element.body.iter(qn("w:p")):
        level = levels.get(line.style or "")
        text = "".join(text.text or "" for text in line.iter(qn("w:t")))
        match = (
            next(
                (
                    heading
                    for heading in unmarked
                    if heading.level == level and clean_text(heading.text) in text
                ),
                None,
            )
            if level
            else None
        )
        if match is None:
            continue
        unmarked = unmarked[unmarked.index(match) + 1 :]
        name, number = f"_Toc{900000 + len(bookmarked)}", str(900000 + len(bookmarked))
        begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        begin.set(qn("w:id"), number)
        begin.set(qn("w:name"), name)
        end.set(qn("w:id"), number)
        properties = line.find(qn("w:pPr"))
        if properties is not None:
            properties.addnext(begin)
        else:
            line.insert(0, begin)
        line.append(end)
        bookmarked.append((match, name))
    return bookmarked


def _end_of_contents(document: "WordDocument") -> Any | None:  # noqa: ANN401 — an element of the library
    """The run that ends the field of the table of contents; None if there is no such field."""
    from docx.oxml.ns import qn

    words, inside = "", False
    for run in document.element.body.iter(qn("w:r")):
        words += "".join(text.text or "" for text in run.iter(qn("w:instrText")))
        mark = run.find(qn("w:fldChar"))
        kind = mark.get(qn("w:fldCharType")) if mark is not None else ""
        if kind == "separate":
            inside = words.strip().upper().startswith("TOC")
        if kind == "end":
            if inside:
                return run
            words = ""
    return None


def _ask_word_to_update(document: "WordDocument") -> None:
    """Have Word update the page numbers when it opens the document; it asks the reader first."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    settings = document.settings.element
    if settings.find(qn("w:updateFields")) is None:
        update = OxmlElement("w:updateFields")
        update.set(qn("w:val"), "true")
        settings.insert_element_before(update, *_AFTER_UPDATE)
