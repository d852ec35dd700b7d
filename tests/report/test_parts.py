import itertools

from hypothesis import given
from hypothesis import strategies as st

from surveyapp.report.parts import Bullets, Chart, Heading, Paragraph, Report, Section, Table, parts_from_text
from surveyapp.report.word.sample_report import SAMPLE_REPORT


def report(*sections: Section) -> Report:
    return Report("T", "K", "A", "P", "D", "F", 0, sections)


def test_paragraph_numbers_continue_through_the_questions_of_a_theme() -> None:
    question = Section("Question", parts=(Paragraph("third"), Paragraph("fourth")))
    theme = Section("Theme", parts=(Paragraph("first"),), own="second", sections=(question, question))
    parts = report(Section("One"), Section("Two", sections=(Section("Other"), theme))).parts()
    assert [part.number for part in parts if isinstance(part, Paragraph)] == [
        "2.2.1",
        "2.2.2",
        "2.2.3",
        "2.2.4",
        "2.2.5",
        "2.2.6",
    ]
    headings = [(part.level, part.number) for part in parts if isinstance(part, Heading)]
    assert headings == [(1, "1"), (1, "2"), (2, "2.1"), (2, "2.2"), (3, ""), (3, "")]


def test_an_appendix_has_no_numbers() -> None:
    appendix_report = report(
        Section("A", sections=(Section("Appendix 1", parts=(Paragraph("x"),), numbered=False),))
    )
    assert appendix_report.parts()[1:] == (Heading(2, "Appendix 1"), Paragraph("x"))


def test_no_heading_skips_a_level() -> None:
    levels = [part.level for part in SAMPLE_REPORT.parts() if isinstance(part, Heading)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_charts_and_tables_are_numbered_separately() -> None:
    parts = (Chart("a", "", ""), Table("b", (), ()), Chart("c", "", ""))
    numbered = report(Section("S", parts=parts)).parts()
    assert [part.caption for part in numbered if isinstance(part, Chart | Table)] == [
        "Chart 1: a",
        "Table 1: b",
        "Chart 2: c",
    ]


def test_typed_text_becomes_paragraphs_and_lists() -> None:
    typed = "First line\nsecond line\n\n\nThese:\n- one\n* two\n  • three\nAnd on."
    assert parts_from_text(typed) == (
        Paragraph("First line\nsecond line", marked=True),
        Paragraph("These:", marked=True),
        Bullets(("one", "two", "three"), marked=True),
        Paragraph("And on.", marked=True),
    )
    assert parts_from_text("") == parts_from_text("\n \n\t\n") == ()


@given(st.text(alphabet=st.sampled_from("ab -*•\n"), max_size=60))
def test_no_typed_word_is_lost(typed: str) -> None:
    parts = parts_from_text(typed)
    printed = "".join(
        text
        for part in parts
        for text in ([part.text] if isinstance(part, Paragraph) else part.lines)  # type: ignore[union-attr]  # own parts are these two
    )
    assert "".join(printed.split()).replace("-", "").replace("*", "").replace("•", "") == "".join(
        typed.split()
    ).replace("-", "").replace("*", "").replace("•", "")
