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
from tests.report.conftest import Made
from tests.report.report_readers import text_of_word
from tests.row_maker import Maker

ODD = "<b>bold</b> {{ 7 * 7 }} {_{ 8 }_} {_% x %_} {% raw %} #panic() & \"quotes\" 'single' ]]> <w:p/>"


def opened(content: bytes) -> "docx.document.Document":
    return docx.Document(io.BytesIO(content))


@pytest.fixture
def written(demonstration_report: Made) -> tuple[Report, bytes]:
    """The demonstration's report, as values and as a Word file by our template."""
    return demonstration_report.report, demonstration_report.word


def test_headings_have_words_own_styles_in_order(written: tuple[Report, bytes]) -> None:
    report, content = written
    told = [
        (f"Heading {each.level}", f"{each.number}  {each.text}" if each.number else each.text)
        for each in report.parts()
        if isinstance(each, Heading)
    ]
    found = [(each.style.name, each.text) for each in opened(content).paragraphs if each.style]
    assert [each for each in found if each[0].startswith("Heading")] == told
    assert ("Title", report.title) in found


def test_paragraphs_have_their_numbers_and_captions_their_style(written: tuple[Report, bytes]) -> None:
    report, content = written
    paragraphs = [(each.style.name, each.text) for each in opened(content).paragraphs if each.style]
    for each in report.parts():
        if isinstance(each, Paragraph) and each.number:
            lead = f"{each.lead}: " if each.lead else ""
            assert ("Numbered Paragraph", f"{each.number}\t{lead}{each.text}") in paragraphs
        if isinstance(each, Chart | Table):
            assert ("Caption", each.caption) in paragraphs


def test_charts_are_pictures_with_words_and_tables_repeat_their_head(written: tuple[Report, bytes]) -> None:
    report, content = written
    made = opened(content)
    charts = [each for each in report.parts() if isinstance(each, Chart)]
    pictures = list(made.element.body.iter(qn("wp:docPr")))
    assert [each.get("descr") for each in pictures] == [each.description for each in charts]
    assert len({each.get("id") for each in pictures}) == len(charts)
    tables = [each for each in report.parts() if isinstance(each, Table)]
    assert len(made.tables) == len(tables)
    for told, table in zip(tables, made.tables, strict=True):
        assert [tuple(cell.text for cell in row.cells) for row in table.rows] == [told.head, *told.rows]
    body = made.element.body
    captions = [each.get(qn("w:val")) for each in body.iter(qn("w:tblCaption"))]
    assert captions == [each.caption for each in tables]
    for table in body.iter(qn("w:tbl")):
        heads = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") for row in table.iter(qn("w:tr"))]
        assert [each is not None for each in heads] == [True] + [False] * (len(heads) - 1)


def test_the_contents_lead_to_every_heading_and_word_is_asked_for_the_pages(
    written: tuple[Report, bytes],
) -> None:
    report, content = written
    made = opened(content)
    anchors = [each.get(qn("w:anchor")) for each in made.element.body.iter(qn("w:hyperlink"))]
    marks = {each.get(qn("w:name")) for each in made.element.body.iter(qn("w:bookmarkStart"))}
    entries = [each for each in report.parts() if isinstance(each, Heading) and each.level < 3]
    assert len(anchors) == len(entries)
    assert set(anchors) <= marks
    lines = [each for each in made.paragraphs if each.style and each.style.name.startswith("toc")]
    assert [each.style.name for each in lines if each.style] == [f"toc {each.level}" for each in entries]
    words = "".join(each.text or "" for each in made.element.body.iter(qn("w:instrText")))
    assert "TOC" in words
    assert words.count("PAGEREF") == len(entries)
    kinds = [each.get(qn("w:fldCharType")) for each in made.element.body.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") == len(entries) + 1
    assert made.settings.element.find(qn("w:updateFields")) is not None


def test_the_file_says_what_it_is_and_in_which_language(written: tuple[Report, bytes]) -> None:
    report, content = written
    made = opened(content)
    facts = made.core_properties
    assert (facts.title, facts.author, facts.language) == (report.title, report.author, "en-GB")
    assert (facts.last_modified_by, facts.comments, facts.created) == (report.author, "", None)
    foot = made.sections[0].footer.paragraphs[0]
    assert report.title in foot.text
    assert " PAGE " in [each.text for run in foot.runs for each in run.element.iter(qn("w:instrText"))]
    language = made.styles["Normal"].element.find(f"{qn('w:rPr')}/{qn('w:lang')}")
    assert language.get(qn("w:val")) == "en-GB"


def test_no_tag_is_left_in_any_part_of_the_file(written: tuple[Report, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(written[1])) as packed:
        for name in packed.namelist():
            if name.endswith(".xml"):
                text = "".join(ElementTree.fromstring(packed.read(name)).itertext())
                assert not re.search(r"\{[{%]|[%}]\}", text), name


def test_what_people_typed_stays_text() -> None:
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


def test_line_breaks_are_kept_and_40_000_characters_too() -> None:
    long = "one\ntwo\tthree\n" + "word " * 7_997
    content = report_as_word(Report("T", "K", "", "", "D", "F", 1, (Section("S", own=long),)))
    assert "one\ntwo\tthree\nword" in "\n".join(each.text for each in opened(content).paragraphs)
    assert text_of_word(content).count("word") == 7_997


def words_in_bold(content: bytes) -> list[str]:
    return [run.text for line in opened(content).paragraphs for run in line.runs if run.bold and run.text]


def test_two_stars_set_an_authors_words_in_bold_and_nobody_elses() -> None:
    own = f"We saw **Support**\n**twice** and *more*, {ODD} \ufdd0x\ufdd1.\n\n- One **point**"
    said = Paragraph("Said **so**.", marked=True)
    parts = (said, Paragraph("Agency **A**."), Quoted("“**Hm**”", "Auditor"))
    content = report_as_word(Report("T", "K", "A", "P", "D", "F", 1, (Section("S", parts=parts, own=own),)))
    assert [each for each in words_in_bold(content) if "Author" not in each] == [
        "so",
        "Support",
        "twice",
        "point",
    ]
    text = text_of_word(content)
    for words in (f"We saw Support twice and *more*, {ODD} x.", "One point", "Agency **A**.", "**Hm**"):
        assert words in text, words


@pytest.mark.slow
def test_bold_words_have_the_letters_of_the_words_around_them() -> None:
    template = opened(default_template())
    for line in template.paragraphs:
        for run in line.runs:
            if run.text == "{{ part.text }}":
                run.font.italic = True
    kept = io.BytesIO()
    template.save(kept)
    report = Report("T", "K", "A", "P", "D", "F", 1, (Section("S", own="We **saw** it."),))
    runs = [run for line in opened(report_as_word(report, kept.getvalue())).paragraphs for run in line.runs]
    found = [(run.text, bool(run.bold), run.italic) for run in runs if run.text in {"We ", "saw", " it."}]
    assert found == [("We ", False, True), ("saw", True, True), (" it.", False, True)]


def test_what_leads_in_stays_with_what_follows(written: tuple[Report, bytes]) -> None:
    lines = [each for each in opened(written[1]).paragraphs if each.text.endswith("It rests on:")]
    assert len(lines) == 3
    assert all(each.paragraph_format.keep_with_next for each in lines)


def test_the_longest_word_of_each_column_of_the_action_plan_has_room(written: tuple[Report, bytes]) -> None:
    (plan,) = [each for each in opened(written[1]).tables if len(each.columns) == 6]
    style = plan.cell(0, 0).paragraphs[0].style
    assert style is not None
    assert style.font.size is not None
    (beside,) = opened(written[1]).element.body.iter(qn("w:tblCellMar"))
    edges = sum(int(each.get(qn("w:w"))) for each in beside)
    for place, column in enumerate(plan.columns):
        assert column.width is not None
        longest = max(len(word) for cell in column.cells for word in cell.text.split())
        longest = max(longest, len("Recommendation") if place == 1 else 0)
        # Letters are as wide as 0.6 of their height, in whatever takes the place of Arial.
        assert longest * 0.6 * style.font.size.pt <= column.width.pt - edges / 20, place


def test_everything_a_report_may_hold_is_written() -> None:
    text = text_of_word(report_as_word(SAMPLE_REPORT))
    for words in ("1.1.1 A lead: A paragraph.", "one line", "A table of 6 columns", "“Words.”", "Auditor"):
        assert words in text, words


def test_an_audit_without_anything_is_a_report_too(make: Maker) -> None:
    audit = make.audit(cases=0, agencies=0, issued=False, title="Nothing yet")
    text = text_of_word(report_as_word(report_of(audit.id, now=MONDAY_MORNING)))
    assert text.count("There are no returns yet") > 10
