"""The contents of a Word report: a field that Word keeps, filled with the headings from the beginning."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from surveyapp.foundation.words.clean_text import clean_text
from surveyapp.report.parts import Heading

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_DEPTH = 2
# What stands behind it in Word's own order of settings.
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


def clear_contents_field(made: "WordDocument") -> None:
    """Take out what the field of a template shows.

    Whoever has updated it in Word has the template's own tags there, outside every loop.
    """
    for inside in _fields(made):
        for run in inside:
            run.getparent().remove(run)


def _fields(made: "WordDocument") -> Iterator[list[Any]]:
    """For each field of contents, the runs between its instruction and its end, nested fields and all."""
    from docx.oxml.ns import qn  # noqa: PLC0415

    depth, inside, words = 0, False, ""
    found: list[Any] = []
    for run in list(made.element.body.iter(qn("w:r"))):
        mark = run.find(qn("w:fldChar"))
        kind = mark.get(qn("w:fldCharType")) if mark is not None else ""
        if kind == "begin":
            depth, words = depth + 1, words if inside else ""
        if not inside:
            words += "".join(each.text or "" for each in run.iter(qn("w:instrText")))
        if kind == "end":
            depth -= 1
        if inside and depth == 0:
            yield found
            inside, found = False, []
        elif inside:
            found.append(run)
        elif kind == "separate" and words.strip().upper().startswith("TOC"):
            inside = True


def fill_contents_field(made: "WordDocument", headings: Sequence[Heading]) -> None:
    """Mark each heading, and list those of the first two levels; Word puts the page to each."""
    from docx.oxml import OxmlElement  # noqa: PLC0415

    marked = _mark_headings(made, headings)
    end = _end_of_contents(made)
    if end is None:
        return
    # The field began in its first line, which takes the first entry; its end moves behind the last.
    line, styles = end.getparent(), _entry_styles(made)
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
    _ask_word_to_update(made)


def _entry_styles(made: "WordDocument") -> dict[int, str]:
    """The styles of entries by level; each program that saves a template has ids of its own for them."""
    names = {f"{name} {level}": level for level in (1, 2) for name in ("toc", "contents")}
    found = {names.get((each.name or "").casefold(), 0): each.style_id for each in made.styles}
    return {level: style_id for level, style_id in found.items() if level}


def _entry(heading: Heading, name: str) -> Any:  # noqa: ANN401 — an element of the library
    """A line of the contents: it leads to its heading, and Word puts the page to it."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), name)
    text = f"{heading.number}  {heading.text}" if heading.number else heading.text
    for part in (_run("w:t", clean_text(text)), _run("w:tab"), *_page_reference(name)):
        link.append(part)
    return link


def _style(name: str) -> Any:  # noqa: ANN401 — an element of the library
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    about, style = OxmlElement("w:pPr"), OxmlElement("w:pStyle")
    style.set(qn("w:val"), name)
    about.append(style)
    return about


def _run(kind: str, text: str = "", **attributes: str) -> Any:  # noqa: ANN401 — an element of the library
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

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


def _mark_headings(made: "WordDocument", headings: Sequence[Heading]) -> list[tuple[Heading, str]]:
    """Put a bookmark round each heading of the report, in order; a restyled template may leave some out."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    ids = {f"Heading {level}": level for level in (1, 2, 3)}
    levels = {style.style_id: ids[style.name] for style in made.styles if style.name in ids}
    waiting = list(headings)
    found: list[tuple[Heading, str]] = []
    for line in made.element.body.iter(qn("w:p")):
        level = levels.get(line.style or "")
        text = "".join(each.text or "" for each in line.iter(qn("w:t")))
        match = (
            next((each for each in waiting if each.level == level and clean_text(each.text) in text), None)
            if level
            else None
        )
        if match is None:
            continue
        waiting = waiting[waiting.index(match) + 1 :]
        name, number = f"_Toc{900000 + len(found)}", str(900000 + len(found))
        begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        begin.set(qn("w:id"), number)
        begin.set(qn("w:name"), name)
        end.set(qn("w:id"), number)
        about = line.find(qn("w:pPr"))
        (about.addnext if about is not None else lambda each, line=line: line.insert(0, each))(begin)
        line.append(end)
        found.append((match, name))
    return found


def _end_of_contents(made: "WordDocument") -> Any | None:  # noqa: ANN401 — an element of the library
    """The run with which the field of contents ends."""
    from docx.oxml.ns import qn  # noqa: PLC0415

    words, inside = "", False
    for run in made.element.body.iter(qn("w:r")):
        words += "".join(each.text or "" for each in run.iter(qn("w:instrText")))
        mark = run.find(qn("w:fldChar"))
        kind = mark.get(qn("w:fldCharType")) if mark is not None else ""
        if kind == "separate":
            inside = words.strip().upper().startswith("TOC")
        if kind == "end":
            if inside:
                return run
            words = ""
    return None


def _ask_word_to_update(made: "WordDocument") -> None:
    """Have Word find the pages as it opens the document: it asks, because it lays pages out by itself."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    settings = made.settings.element
    if settings.find(qn("w:updateFields")) is None:
        update = OxmlElement("w:updateFields")
        update.set(qn("w:val"), "true")
        settings.insert_element_before(update, *_AFTER_UPDATE)
