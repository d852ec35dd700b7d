import io
import itertools
import re

import pikepdf
import pytest
from pypdf import PdfReader

from surveyapp.report.parts import (
    Bullets,
    Chart,
    Heading,
    Paragraph,
    Quoted,
    Report,
    ReportPart,
    Section,
    Table,
)
from surveyapp.report.pdf import report_as_pdf
from surveyapp.report.report import report_of
from surveyapp.report.word.sample_report import SAMPLE_REPORT
from tests.conftest import MONDAY_MORNING
from tests.report.conftest import WrittenReport
from tests.report.report_readers import structure, text_of_pdf
from tests.row_maker import Maker

ODD = '<b>bold</b> {{ 7 * 7 }} {% raw %} #panic() $x$ [link](https://example.com) `code` *x* _y_ @ref // \\ "'


@pytest.fixture
def printed(demonstration_report: WrittenReport) -> tuple[Report, bytes]:
    """The demonstration's report, as values and as a PDF."""
    return demonstration_report.report, demonstration_report.pdf


def test_the_pdf_is_tagged_and_states_its_title_author_and_language(
    printed: tuple[Report, bytes],
) -> None:
    report, content = printed
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as facts:
            assert facts["dc:title"] == report.title
            assert facts["pdfuaid:part"] == "1"
            assert "Independent audit lead" in str(facts["dc:creator"])
        assert all("/StructParents" in page for page in pdf.pages)


def test_headings_are_tagged_in_order_and_skip_no_level(printed: tuple[Report, bytes]) -> None:
    report, content = printed
    tags = [tag for tag, _ in structure(content)]
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"H[1-6]", tag)]
    expected = [part.level for part in report.parts() if isinstance(part, Heading)]
    # The heading of the contents is the first heading.
    assert levels[0] == 1
    assert [level - min(levels) + 1 for level in levels[1:]] == expected
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_charts_have_descriptions_and_tables_have_header_cells(printed: tuple[Report, bytes]) -> None:
    report, content = printed
    tags = structure(content)
    charts = [part for part in report.parts() if isinstance(part, Chart)]
    tables = [part for part in report.parts() if isinstance(part, Table)]
    descriptions = [texts["Alt"] for tag, texts in tags if tag == "Figure"]
    assert descriptions == [chart.description for chart in charts]
    assert len(charts) == 13
    assert sum(tag == "Table" for tag, _ in tags) == len(tables)
    assert sum(tag == "TH" for tag, _ in tags) == sum(len(table.head) for table in tables)
    assert sum(tag == "TD" for tag, _ in tags) == sum(len(table.head) * len(table.rows) for table in tables)
    assert sum(tag == "Caption" for tag, _ in tags) == len(charts) + len(tables)


@pytest.mark.slow
def test_the_contents_list_every_section_with_its_page(printed: tuple[Report, bytes]) -> None:
    report, content = printed
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]
    assert pages[1].startswith("Contents")
    for heading in report.parts():
        if isinstance(heading, Heading) and heading.level < 3:
            name = f"{heading.number} {heading.text}".strip()
            entry = re.search(re.escape(name) + r"[ .]*(\d+)", pages[1])
            assert entry, name
            assert name in pages[int(entry[1]) - 1], name


def test_the_bookmarks_of_the_pdf_are_the_headings_of_the_report(printed: tuple[Report, bytes]) -> None:
    report, content = printed
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        titles = [" ".join(str(bookmark.title).split()) for bookmark in outline.root]
    expected = [f"{part.number} {part.text}" for part in report.parts() if isinstance(part, Heading)]
    assert titles == [part for part in expected if re.match(r"\d [A-Z]", part)]


def test_typed_text_is_printed_as_it_is() -> None:
    odd = ODD + "\x00\x07\x1b\u202e\x0c"
    section = Section(
        odd,
        parts=(Paragraph(odd, lead=odd), Table(odd, (odd, odd), ((odd, odd),)), Quoted(odd, odd)),
        own=odd,
    )
    report = Report(odd, odd, odd, odd, odd, odd, 1, (section,))
    text = text_of_pdf(report_as_pdf(report))
    assert text.count("#panic()") >= 10
    assert text.count("{{ 7 * 7 }}") >= 10
    assert "<b>bold</b>" in text
    assert "49" not in text


@pytest.mark.slow
def test_characters_without_a_glyph_are_named_and_40_000_characters_are_printed() -> None:
    long = "word " * 8_000 + "x" * 40_000 + " 😀 end"
    report = Report("T", "K", "A", "P", "D", "F", 1, (Section("S", own=long),))
    text = text_of_pdf(report_as_pdf(report))
    assert text.count("word") == 8_000
    assert text.count("x") == 40_000
    assert "end" in text


def test_a_paragraph_that_ends_with_a_colon_is_on_the_page_of_the_next() -> None:
    parts: list[ReportPart] = []
    for number in range(150):
        parts += [Paragraph("A line.\n" * (1 + number % 7)), Paragraph("It rests on:"), Bullets(("First.",))]
    content = report_as_pdf(Report("T", "K", "A", "P", "D", "F", 1, (Section("S", parts=tuple(parts)),)))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert len(pages) > 15
    assert sum("It rests on:" in page for page in pages) > 10
    # The footer is the last text of the page.
    assert not [page for page in pages if re.search(r"It rests on:\s*P – T", page)]


def test_two_stars_make_words_bold_only_in_the_authors_own_text() -> None:
    own = "We saw **Support** and *more*.\n\n- One **point**"
    from_audit = Paragraph("Said **so**.", marked=True)
    parts = (from_audit, Paragraph("Agency **A**."), Quoted("“**Hm**”", "Auditor"))
    content = report_as_pdf(Report("T", "K", "A", "P", "D", "F", 1, (Section("S", parts=parts, own=own),)))
    bold = words_in_bold(content)
    for words in ("so", "Support", "point"):
        assert words in bold, words
    text = text_of_pdf(content)
    for words in ("We saw Support and *more*.", "One point", "Said so.", "Agency **A**.", "**Hm**"):
        assert words in text, words


def words_in_bold(content: bytes) -> set[str]:
    """Each text of a PDF that is set in the bold font."""
    bold_words: set[str] = set()

    def see(text: str, _cm: object, _tm: object, font: dict[str, str] | None, _size: float) -> None:
        if font and "Bold" in font["/BaseFont"]:
            bold_words.add(text.strip())

    for page in PdfReader(io.BytesIO(content)).pages:
        page.extract_text(visitor_text=see)
    return bold_words


def test_every_kind_of_part_is_typeset() -> None:
    text = text_of_pdf(report_as_pdf(SAMPLE_REPORT))
    for words in ("1.1.1 A lead: A paragraph.", "one line", "A table of 6 columns", "“Words.”", "Auditor"):
        assert words in text, words


@pytest.mark.slow
def test_an_empty_audit_has_a_report(make: Maker) -> None:
    audit = make.audit(cases=0, agencies=0, issued=False, title="Nothing yet")
    text = text_of_pdf(report_as_pdf(report_of(audit.id, now=MONDAY_MORNING)))
    assert text.count("There are no returns yet") > 10
