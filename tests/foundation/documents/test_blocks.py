"""Documents in Word and PDF have their structure and the exact words, and nothing in them is executed."""

import io
from collections.abc import Iterator

import docx
import pikepdf
import pytest
from docx.enum.text import WD_COLOR_INDEX
from pypdf import PdfReader

from surveyapp.foundation.documents.blocks import (
    Boxes,
    Bullets,
    Document,
    DocumentHeading,
    DocumentParagraph,
    DocumentTable,
    Facts,
    Space,
)
from surveyapp.foundation.documents.fonts import font_of_weight
from surveyapp.foundation.documents.pdf import document_as_pdf
from surveyapp.foundation.documents.word import document_as_word

HOSTILE = (
    'Child\'s <b>file</b> & {{ 7*7 }} #panic("x") $x$ *not bold* =1+1 \\ `raw`\nsecond line\x0b\x00\ufffe [a]'
)
SHOWN = 'Child\'s <b>file</b> & {{ 7*7 }} #panic("x") $x$ *not bold* =1+1 \\ `raw`'
DOCUMENT = Document(
    title="Blank form",
    author="Wrenford Partnership",
    foot="Wrenford Partnership",
    blocks=(
        DocumentParagraph(HOSTILE),
        DocumentHeading("Your agency’s file"),
        DocumentHeading("1. Is there a chronology?", 2, keep_together=True),
        DocumentParagraph("Tick one.", "quiet"),
        Boxes(("Yes", "No")),
        Space("Comments", 3),
        Facts((("Agency", "Northside Police"),)),
        DocumentParagraph("This has not been returned.", "strong"),
    ),
)


def parts(element: pikepdf.Object) -> Iterator[str]:
    """The names of a PDF's structure, in reading order."""
    if not isinstance(element, pikepdf.Dictionary):
        return
    if "/S" in element:
        yield str(element["/S"])
    kids = element.get("/K")
    if isinstance(kids, pikepdf.Array):
        for kid in kids:
            yield from parts(kid)
    elif kids is not None:
        yield from parts(kids)


def text_of_pdf(content: bytes) -> str:
    """The words of a PDF as another program reads them, on one line."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_pdf_has_title_language_tags_and_headings_in_order() -> None:
    with pikepdf.open(io.BytesIO(document_as_pdf(DOCUMENT))) as pdf:
        found = list(parts(pdf.Root.StructTreeRoot))
        assert str(pdf.Root.Lang) == "en-GB"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.docinfo["/Title"] == "Blank form"
        with pdf.open_metadata() as facts:
            assert facts["pdfuaid:part"] == "1"
    headings = [name for name in found if name.startswith(("/H", "/Title"))]
    assert headings == ["/Title", "/H1", "/H2"]
    assert found.count("/LI") == 3  # two boxes and one fact


def test_a_word_file_has_title_language_headings_and_boxes_that_tick() -> None:
    word_document = docx.Document(io.BytesIO(document_as_word(DOCUMENT)))
    assert word_document.core_properties.title == "Blank form"
    assert word_document.core_properties.language == "en-GB"
    assert "python-docx" not in (word_document.core_properties.comments, word_document.core_properties.author)
    assert word_document.core_properties.comments == ""
    styles = [
        (paragraph.style.name, paragraph.text)
        for paragraph in word_document.paragraphs
        if paragraph.style and paragraph.text
    ]
    assert ("Title", "Blank form") in styles
    assert ("Heading 1", "Your agency’s file") in styles
    assert ("Heading 2", "1. Is there a chronology?") in styles
    xml = word_document.element.xml
    assert xml.count("w14:checkbox>") == 4  # two boxes, each opened and closed
    assert 'w:val="Yes"' in xml
    assert len(word_document.tables) == 1


def test_a_list_of_points_and_a_table_are_such_in_word_and_in_the_pdf() -> None:
    document = Document(
        "t", "a", "f", (Bullets((HOSTILE, "two")), DocumentTable(("Risk", "Measure"), (("Loss", HOSTILE),)))
    )
    word_document = docx.Document(io.BytesIO(document_as_word(document)))
    points = [
        line.text for line in word_document.paragraphs if line.style and line.style.name == "List Bullet"
    ]
    assert points == [f"{SHOWN}\nsecond line [a]", "two"]
    table = word_document.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Risk", "Measure"],
        ["Loss", f"{SHOWN}\nsecond line [a]"],
    ]
    assert table._tbl.xml.count("w:tblHeader") == 1  # noqa: SLF001 — python-docx does not read it
    pdf = document_as_pdf(document)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = list(parts(opened.Root.StructTreeRoot))
    assert (found.count("/LI"), found.count("/TH"), found.count("/TD")) == (2, 2, 2)
    assert text_of_pdf(pdf).count(SHOWN) == 2


def test_what_is_to_be_filled_in_is_highlighted_in_word_and_nothing_else_is() -> None:
    document = Document("t", "a", "f", (DocumentParagraph("Who: [Fill in: name]. [Not this]"),))
    line = docx.Document(io.BytesIO(document_as_word(document))).paragraphs[1]
    assert [(run.text, run.font.highlight_color) for run in line.runs] == [
        ("Who: ", None),
        ("[Fill in: name]", WD_COLOR_INDEX.YELLOW),
        (". [Not this]", None),
    ]


def test_typed_markup_is_text_in_word() -> None:
    word_document = docx.Document(io.BytesIO(document_as_word(DOCUMENT)))
    assert any(paragraph.text == f"{SHOWN}\nsecond line [a]" for paragraph in word_document.paragraphs)


def test_typed_markup_is_text_in_a_pdf_and_a_character_without_a_glyph_is_named() -> None:
    assert SHOWN in text_of_pdf(document_as_pdf(DOCUMENT))
    nobodys = "\u0378"  # never assigned, so no letters have it
    words = text_of_pdf(
        document_as_pdf(Document("t", "a", "f", (DocumentParagraph(f"A sign {nobodys} here"),)))
    )
    assert "A sign [u+0378] here" in words


@pytest.mark.parametrize(
    "text",
    [
        "#panic()",
        "a" * 40_000,
        "= Heading\n- item",
        "😀 مرحبا \u202eabc",
        "👩\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3",
        "e\u0345\u0489",
        "",
    ],
)
def test_any_text_makes_a_word_file_and_a_pdf(text: str) -> None:
    document = Document(
        text or "t",
        text,
        text,
        (DocumentParagraph(text), DocumentHeading(text or "h"), Boxes((text,)), Space(text, 2)),
    )
    assert document_as_pdf(document).startswith(b"%PDF-")
    assert docx.Document(io.BytesIO(document_as_word(document))).paragraphs


def test_a_pdf_takes_every_glyph_and_hundreds_of_characters_without_one() -> None:
    drawn = "".join(sorted(font_of_weight("Regular").glyphs))
    nobodys = "".join(map(chr, range(0x4E00, 0x5000)))
    words = text_of_pdf(
        document_as_pdf(Document("t", "a", "f", (DocumentHeading(drawn), DocumentParagraph(drawn + nobodys))))
    )
    assert "[cjk unified ideograph-4e00]" in words.replace("\n", " ")
