import io
import re
import zipfile

import docx
import pytest
from defusedxml import ElementTree
from docx.oxml.ns import qn

from surveyapp.report.parts import Chart, Heading, Paragraph, Quoted, Report, Section, Table
from surveyapp.report.report import report_of
from surveyapp.report.word.default_template import default_template
from surveyapp.report.word.report_word import report_as_word
from surveyapp.report.word.sample_report import SAMPLE_REPORT
from tests.conftest import MONDAY_MORNING
from tests.report.conftest import WrittenReport
from tests.report.report_readers import text_of_word
from tests.row_maker import Maker

ODD = "<b>bold</b> {{ 7 * 7 }} {_{ 8 }_} {_% x %_} {% raw %} #panic() & \"quotes\" 'single' ]]> <w:p/>"


def opened(content: bytes) -> "docx.document.Document":
    return docx.Document(io.BytesIO(content))


@pytest.fixture
def written(demonstration_report: WrittenReport) -> tuple[Report, bytes]:
    """The demonstration's report, as values and as a Word file by our template."""
    return demonstration_report.report, demonstration_report.word


def test_headings_have_the_heading_styles_of_word_in_order(written: tuple[Report, bytes]) -> None:
    report, content = written
    expected = [
        (f"Heading {part.level}", f"{part.number}  {part.text}" if part.number else part.text)
        for part in report.parts()
        if isinstance(part, Heading)
    ]
    paragraphs = [
        (paragraph.style.name, paragraph.text) for paragraph in opened(content).paragraphs if paragraph.style
    ]
    assert [paragraph for paragraph in paragraphs if paragraph[0].startswith("Heading")] == expected
    assert ("Title", report.title) in paragraphs


def test_paragraphs_have_their_numbers_and_captions_have_the_caption_style(
    written: tuple[Report, bytes],
) -> None:
    report, content = written
    paragraphs = [
        (paragraph.style.name, paragraph.text) for paragraph in opened(content).paragraphs if paragraph.style
    ]
    for part in report.parts():
        if isinstance(part, Paragraph) and part.number:
            lead = f"{part.lead}: " if part.lead else ""
            assert ("Numbered Paragraph", f"{part.number}\t{lead}{part.text}") in paragraphs
        if isinstance(part, Chart | Table):
            assert ("Caption", part.caption) in paragraphs


def test_charts_are_pictures_with_descriptions_and_tables_repeat_their_header_row(
    written: tuple[Report, bytes],
) -> None:
    report, content = written
    document = opened(content)
    charts = [part for part in report.parts() if isinstance(part, Chart)]
    pictures = list(document.element.body.iter(qn("wp:docPr")))
    assert [picture.get("descr") for picture in pictures] == [chart.description for chart in charts]
    assert len({picture.get("id") for picture in pictures}) == len(charts)
    tables = [part for part in report.parts() if isinstance(part, Table)]
    assert len(document.tables) == len(tables)
    for expected, table in zip(tables, document.tables, strict=True):
        assert [tuple(cell.text for cell in row.cells) for row in table.rows] == [
            expected.head,
            *expected.rows,
        ]
    body = document.element.body
    captions = [caption.get(qn("w:val")) for caption in body.iter(qn("w:tblCaption"))]
    assert captions == [table.caption for table in tables]
    for table in body.iter(qn("w:tbl")):
        heads = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") for row in table.iter(qn("w:tr"))]
        assert [head is not None for head in heads] == [True] + [False] * (len(heads) - 1)


def test_the_contents_link_to_every_heading_and_word_updates_the_page_numbers(
    written: tuple[Report, bytes],
) -> None:
    report, content = written
    document = opened(content)
    anchors = [link.get(qn("w:anchor")) for link in document.element.body.iter(qn("w:hyperlink"))]
    marks = {bookmark.get(qn("w:name")) for bookmark in document.element.body.iter(qn("w:bookmarkStart"))}
    entries = [part for part in report.parts() if isinstance(part, Heading) and part.level < 3]
    assert len(anchors) == len(entries)
    assert set(anchors) <= marks
    lines = [
        paragraph
        for paragraph in document.paragraphs
        if paragraph.style and paragraph.style.name.startswith("toc")
    ]
    assert [paragraph.style.name for paragraph in lines if paragraph.style] == [
        f"toc {heading.level}" for heading in entries
    ]
    words = "".join(text.text or "" for text in document.element.body.iter(qn("w:instrText")))
    assert "TOC" in words
    assert words.count("PAGEREF") == len(entries)
    kinds = [
        field_mark.get(qn("w:fldCharType")) for field_mark in document.element.body.iter(qn("w:fldChar"))
    ]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") == len(entries) + 1
    assert document.settings.element.find(qn("w:updateFields")) is not None


def test_the_file_states_its_title_author_and_language(written: tuple[Report, bytes]) -> None:
    report, content = written
    document = opened(content)
    facts = document.core_properties
    assert (facts.title, facts.author, facts.language) == (report.title, report.author, "en-GB")
    assert (facts.last_modified_by, facts.comments, facts.created) == (report.author, "", None)
    foot = document.sections[0].footer.paragraphs[0]
    assert report.title in foot.text
    assert " PAGE " in [text.text for run in foot.runs for text in run.element.iter(qn("w:instrText"))]
    language = document.styles["Normal"].element.find(f"{qn('w:rPr')}/{qn('w:lang')}")
    assert language.get(qn("w:val")) == "en-GB"


def test_no_part_of_the_file_has_a_tag_left(written: tuple[Report, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(written[1])) as packed:
        for name in packed.namelist():
            if name.endswith(".xml"):
                text = "".join(ElementTree.fromstring(packed.read(name)).itertext())
                assert not re.search(r"\{[{%]|[%}]\}", text), name


def test_typed_text_is_printed_as_it_is() -> None:
    odd = ODD + "\x00\x07\x1b\u202e\x0c"
    section = Section(
        odd,
        parts=(
            Paragraph(odd, lead=odd),
            Table(odd, (odd, odd), ((odd, odd),)),
            Quoted(odd, odd),
            Chart(odd, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', odd),
        ),
        own=odd,
    )
    content = report_as_word(Report(odd, odd, odd, odd, odd, odd, 1, (section,)))
    text = text_of_word(content)
    assert text.count(ODD) >= 13
    assert "49" not in text
    picture = next(opened(content).element.body.iter(qn("wp:docPr")))
    assert picture.get("descr") == ODD


def test_line_breaks_and_40_000_characters_are_printed() -> None:
    long = "one\ntwo\tthree\n" + "word " * 7_997
    content = report_as_word(Report("T", "K", "", "", "D", "F", 1, (Section("S", own=long),)))
    assert "one\ntwo\tthree\nword" in "\n".join(paragraph.text for paragraph in opened(content).paragraphs)
    assert text_of_word(content).count("word") == 7_997


def words_in_bold(content: bytes) -> list[str]:
    return [run.text for line in opened(content).paragraphs for run in line.runs if run.bold and run.text]


def test_two_stars_make_words_bold_only_in_the_authors_own_text() -> None:
    own = f"We saw **Support**\n**twice** and *more*, {ODD} \ufdd0x\ufdd1.\n\n- One **point**"
    from_audit = Paragraph("Said **so**.", marked=True)
    parts = (from_audit, Paragraph("Agency **A**."), Quoted("“**Hm**”", "Auditor"))
    content = report_as_word(Report("T", "K", "A", "P", "D", "F", 1, (Section("S", parts=parts, own=own),)))
    assert [words for words in words_in_bold(content) if "Author" not in words] == [
        "so",
        "Support",
        "twice",
        "point",
    ]
    text = text_of_word(content)
    for words in (f"We saw Support twice and *more*, {ODD} x.", "One point", "Agency **A**.", "**Hm**"):
        assert words in text, words


@pytest.mark.slow
def test_bold_words_keep_the_formatting_of_the_surrounding_words() -> None:
    template = opened(default_template())
    for line in template.paragraphs:
        for run in line.runs:
            if run.text == "{{ part.text }}":
                run.font.italic = True
    buffer = io.BytesIO()
    template.save(buffer)
    report = Report("T", "K", "A", "P", "D", "F", 1, (Section("S", own="We **saw** it."),))
    runs = [run for line in opened(report_as_word(report, buffer.getvalue())).paragraphs for run in line.runs]
    formats = [(run.text, bool(run.bold), run.italic) for run in runs if run.text in {"We ", "saw", " it."}]
    assert formats == [("We ", False, True), ("saw", True, True), (" it.", False, True)]


def test_a_paragraph_that_ends_with_a_colon_stays_with_the_next(written: tuple[Report, bytes]) -> None:
    lines = [
        paragraph for paragraph in opened(written[1]).paragraphs if paragraph.text.endswith("It rests on:")
    ]
    assert len(lines) == 3
    assert all(paragraph.paragraph_format.keep_with_next for paragraph in lines)


def test_each_column_of_the_action_plan_fits_its_longest_word(written: tuple[Report, bytes]) -> None:
    (plan,) = [table for table in opened(written[1]).tables if len(table.columns) == 6]
    style = plan.cell(0, 0).paragraphs[0].style
    assert style is not None
    assert style.font.size is not None
    (beside,) = opened(written[1]).element.body.iter(qn("w:tblCellMar"))
    edges = sum(int(margin.get(qn("w:w"))) for margin in beside)
    for place, column in enumerate(plan.columns):
        assert column.width is not None
        longest = max(len(word) for cell in column.cells for word in cell.text.split())
        longest = max(longest, len("Recommendation") if place == 1 else 0)
        # A letter is at most about 0.6 of the font size wide, in Arial or a font that replaces it.
        assert longest * 0.6 * style.font.size.pt <= column.width.pt - edges / 20, place


def test_every_kind_of_part_is_written() -> None:
    text = text_of_word(report_as_word(SAMPLE_REPORT))
    for words in ("1.1.1 A lead: A paragraph.", "one line", "A table of 6 columns", "“Words.”", "Auditor"):
        assert words in text, words


def test_an_empty_audit_has_a_report(make: Maker) -> None:
    audit = make.audit(cases=0, agencies=0, issued=False, title="Nothing yet")
    text = text_of_word(report_as_word(report_of(audit.id, now=MONDAY_MORNING)))
    assert text.count("There are no returns yet") > 10
