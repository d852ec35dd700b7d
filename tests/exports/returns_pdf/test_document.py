"""The PDF of every return, as a screen reader reads it and as text is copied from it."""

import io
from typing import Any, cast

import pikepdf
import pytest
from pypdf import PdfReader

from surveyapp.answering.models import NIL_REASONS, Return
from surveyapp.answering.returns.queries import NIL_RETURN_QUESTION
from surveyapp.collating.filters import Filters
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit
from tests.exports.conftest import EveryKind
from tests.exports.every_kind import ODD_TEXTS
from tests.exports.opened_files import exported
from tests.exports.returns_pdf.tagged_pdf import heard
from tests.row_maker import Maker

pytestmark = pytest.mark.slow

HOSTILE = '#panic("x") {{ 7*7 }} ${7*7} <b>file</b> ) Tj ET EMC >> endstream endobj \\051 %PDF =1+1'


def tagged_texts(audit: Audit, filters: Filters | None = None) -> list[tuple[str, str]]:
    return heard(exported(audit, "returns.pdf", filters=filters)).texts()


def words(audit: Audit) -> list[str]:
    return [text for _tag, text in tagged_texts(audit)]


def headings(texts: list[tuple[str, str]], level: str) -> list[str]:
    return [text for tag, text in texts if tag == level]


def nil(make: Maker, audit_request: AuditRequest, reason: str, where: str = "") -> Return:
    nil_return = make.returned(
        audit_request,
        (
            GivenAnswer(NIL_RETURN_QUESTION, item="reason", option=reason),
            GivenAnswer(NIL_RETURN_QUESTION, item="whereabouts", text=where),
        ),
    )
    nil_return.nil_reason = reason
    session.commit()
    return nil_return


def test_each_return_of_the_demonstration_has_a_heading_a_bookmark_and_its_own_pages(
    demonstrated: Audit,
) -> None:
    content = exported(demonstrated, "returns.pdf")
    texts = heard(content).texts()
    assert headings(texts, "H1") == [f"Every return: {demonstrated.title}"]
    returns = headings(texts, "H2")
    assert len(returns) == len(set(returns)) == 77
    assert len(headings(texts, "H3")) == 77 * 14
    with pikepdf.open(io.BytesIO(content)) as pdf:
        with pdf.open_outline() as outline:
            cases = [bookmark for bookmark in outline.root if bookmark.children]
            marked = [child.title for bookmark in cases for child in bookmark.children]
            assert outline.root[0].title == headings(texts, "H1")[0]
            starts = [
                cast("Any", child.destination)[0].objgen for bookmark in cases for child in bookmark.children
            ]
        assert marked == returns
        assert {bookmark.title for bookmark in cases} == {case.pseudonym for case in demonstrated.cases}
        assert len(set(starts)) == 77
        pages = [page.obj.objgen for page in pdf.pages]
        assert starts == sorted(starts, key=pages.index)
    foots = [page.extract_text().split("\n")[-2:] for page in PdfReader(io.BytesIO(content)).pages]
    assert [" ".join(" ".join(footer).split("Page ")[1].split()) for footer in foots] == [
        f"{number} of {len(pages)}" for number in range(1, len(pages) + 1)
    ]


def test_the_metadata_that_pdf_ua_requires(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1, title="Zoë & <co>")
    with pikepdf.open(io.BytesIO(exported(audit, "returns.pdf"))) as pdf:
        assert pdf.pdf_version == "1.7"
        assert str(pdf.Root.Lang) == "en-GB"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo["/Title"]) == "Every return: Zoë & <co>"
        with pdf.open_metadata() as facts:
            assert facts["pdfuaid:part"] == "1"
            assert facts["dc:title"] == "Every return: Zoë & <co>"
        for page in pdf.pages:
            assert page.obj.Tabs == "/S"
            for font in page.resources.Font.values():
                drawn = font.DescendantFonts[0]
                assert len(drawn.FontDescriptor.FontFile2.read_bytes()) > 100_000
                assert font.ToUnicode.read_bytes().startswith(b"/CIDInit")


def test_a_return_is_written_question_by_question(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind()
    police, _school = make.requests(audit)
    make.returned(
        police,
        (
            GivenAnswer("seen", option="no"),
            GivenAnswer("seen", item="comment", text="Twice.\nThen not."),
            GivenAnswer("needs", option="a"),
            GivenAnswer("needs", option="b"),
            GivenAnswer("file", item="plan", option="yes"),
            GivenAnswer("file", item="map", option="no"),
            GivenAnswer("more", text="In full"),
            GivenAnswer("when", text="2026-03-09"),
            GivenAnswer("who", item="name", text="Ann Example"),
            GivenAnswer("who", item="email", text="ann@private.example"),
        ),
    )
    texts = tagged_texts(audit)
    begin = texts.index(("H3", "1. =Was the child seen?"))
    assert texts[begin:] == [
        ("H3", "1. =Was the child seen?"),
        ("P", "No"),
        ("P", "@Comments: Twice. Then not."),
        ("H3", "3. Which needs?"),
        ("Lbl", "•"),
        ("LBody", "Alcohol"),
        ("Lbl", "•"),
        ("LBody", "Housing"),
        ("H3", "4. The file has"),
        ("P", "A plan"),
        ("H3", "5. Grade"),
        ("P", "Not answered"),
        ("H3", "6. In a line"),
        ("P", "Not answered"),
        ("H3", "7. In full"),
        ("P", "In full"),
        ("H3", "8. How many?"),
        ("P", "Not answered"),
        ("H3", "9. When?"),
        ("P", "Monday 9 March 2026"),
        ("H3", "10. Who?"),
        ("P", "given, not exported"),
        ("H3", "11. Logged?"),
        ("P", "Not answered"),
        ("P", "Not asked: question 2."),
    ]
    all_words = " ".join(text for _tag, text in texts)
    assert "Ann" not in all_words
    assert f"Reference: {police.reference}" in all_words
    assert "Returned: Monday 30 November 2026 at 9:00am" in all_words


def test_a_comment_without_an_answer_leaves_the_answer_blank(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind()
    make.returned(make.requests(audit)[1], (GivenAnswer("file", item="comment", text="Lost in a move"),))
    texts = words(audit)
    begin = texts.index("4. The file has")
    assert texts[begin + 1 : begin + 3] == ["Not answered", "Comments: Lost in a move"]
    assert texts[-1] == "Not asked: questions 2 and 11."


def test_a_nil_return_has_its_reason_and_no_questions(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind()
    reason = next(iter(NIL_REASONS))
    nil(make, make.requests(audit)[0], reason, "Another town")
    texts = tagged_texts(audit)
    assert headings(texts, "H3") == ["Nil return"]
    assert ("P", f"The agency was not involved: {NIL_REASONS[reason]}.") in texts
    assert ("P", "The file is now with: Another town") in texts
    assert ("P", "In this file: 1 return, 1 of them nil") in texts


def test_drafts_withdrawn_and_filtered_returns_are_left_out(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind(cases=2)
    first, second, third, _fourth = make.requests(audit)
    make.returned(first, (GivenAnswer("more", text="First of police"),))
    make.draft(second, (GivenAnswer("more", text="Only a draft"),))
    make.returned(third, (GivenAnswer("more", text="Withdrawn words"),)).audit_request.withdrawn_at = make.now
    session.commit()
    all_words = " ".join(words(audit))
    assert "First of police" in all_words
    assert "Only a draft" not in all_words
    assert "Withdrawn words" not in all_words
    filtered = tagged_texts(audit, Filters(kinds=("school",)))
    assert headings(filtered, "H2") == []
    assert ("P", "No return has come in.") in filtered


@pytest.mark.parametrize("text", [*ODD_TEXTS, HOSTILE, "two\r\nlines"])
def test_typed_text_is_shown_unchanged(every_kind: EveryKind, make: Maker, text: str) -> None:
    audit = every_kind()
    make.returned(make.requests(audit)[0], (GivenAnswer("more", text=text),))
    texts = words(audit)
    shown = texts[texts.index("7. In full") + 1]
    if text.isascii():
        assert shown.split() == text.split()
    copied = PdfReader(io.BytesIO(exported(audit, "returns.pdf")))
    everything = " ".join(" ".join(page.extract_text() for page in copied.pages).split())
    assert " ".join(shown.split()) in everything


def test_a_text_of_forty_thousand_characters_continues_over_pages(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind(cases=2)
    long, sentences = "a" * 40_000, "The plan was nil_return to. " * 1_800
    make.returned(
        make.requests(audit)[0], (GivenAnswer("more", text=long), GivenAnswer("line", text=sentences))
    )
    content = exported(audit, "returns.pdf")
    texts = heard(content).texts()
    assert ("P", long) in texts
    assert any(text.split() == sentences.split() for _tag, text in texts)
    assert len(PdfReader(io.BytesIO(content)).pages) > 10


def test_hostile_names_are_text_in_headings_and_bookmarks(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind(title=HOSTILE)
    audit.cases[0].pseudonym = "Child (1) \\ <</S"
    audit_request = make.requests(audit)[0]
    audit_request.agency.name = ")>> {{ 7*7 }} \U0001f600"
    make.returned(audit_request, (GivenAnswer("more", text="x"),))
    content = exported(audit, "returns.pdf")
    assert headings(heard(content).texts(), "H2") == ["Child (1) \\ <</S: )>> {{ 7*7 }} [grinning face]"]
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        assert outline.root[1].title == "Child (1) \\ <</S"
        assert outline.root[1].children[0].title.endswith(")>> {{ 7*7 }} [grinning face]")
        assert HOSTILE in str(pdf.docinfo["/Title"])


def test_the_same_returns_make_the_same_file(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=2, returned=3)
    assert exported(audit, "returns.pdf") == exported(audit, "returns.pdf")
