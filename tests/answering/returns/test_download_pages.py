"""The blank form as a page, in Word and as a PDF, and the copy of a return as a PDF."""

import io
from datetime import timedelta

import docx
import pytest
from time_machine import Traveller

from surveyapp.answering.returns import download_pages
from surveyapp.foundation.documents.blocks import Document
from surveyapp.foundation.documents.pdf import document_as_pdf
from surveyapp.foundation.store.db import session
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.foundation.documents.test_blocks import text_of_pdf
from tests.row_maker import Maker


def test_the_blank_form_has_every_question_on_the_page_in_word_and_in_pdf(
    person: Person, make: Maker
) -> None:
    audit = make.audit(cases=1, agencies=1)
    mine = make.requests(audit)[0]
    person.starts(make.grants(audit)[0])
    page = person.opens(mine, "blank").text
    word = person.browser.get(f"/returns/{mine.public_id}/blank.docx")
    pdf = text_of_pdf(person.browser.get(f"/returns/{mine.public_id}/blank.pdf").data)
    said = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(word.data)).paragraphs)
    for question in audit.form.questions:
        asked = f"{question.number}. {question.ask}"
        assert asked in page.replace("&#39;", "'")
        assert asked in said
        assert " ".join(asked.split()) in pdf
    assert word.headers["Content-Disposition"] == "attachment; filename=blank-form.docx"
    assert word.headers["Cache-Control"] == "no-store"
    assert mine.case.pseudonym not in said + pdf


def test_the_blank_form_for_a_gp_has_the_questions_for_gps(person: Person, make: Maker) -> None:
    gp, school = make.agency("A practice", kind="gp"), make.agency("B school", kind="school")
    audit = make.audit(cases=1, agencies=[gp, school], form="neglect_2024")
    mine = next(audit_request for audit_request in make.requests(audit) if audit_request.agency_id == gp.id)
    person.starts(mine.grant)
    page = person.opens(mine, "blank").text
    theirs = [question for question in audit.form.questions if question.only_for == ("school",)]
    ours = [question for question in audit.form.questions if "gp" in question.only_for]
    assert theirs
    assert ours
    assert all(f"{question.number}. " + question.ask not in page for question in theirs)
    assert all(f"{question.number}. " + question.ask in page for question in ours)


def test_the_copy_is_a_pdf_after_close_too(person: Person, make: Maker, clock: Traveller) -> None:
    audit = make.audit(cases=1, agencies=1)
    mine = make.requests(audit)[0]
    person.starts(make.grants(audit)[0])
    person.opens(mine)
    person.presses(
        mine, supervision="yes", supervision__comment="Monthly, #panic() {{7*7}}.", next__step="save"
    )
    draft = text_of_pdf(person.browser.get(f"/returns/{mine.public_id}/copy.pdf").data)
    assert "This has not been returned." in draft
    clock.move_to(MONDAY_MORNING + timedelta(days=100))
    person.starts(make.grants(audit)[0])
    kept = person.browser.get(f"/returns/{mine.public_id}/copy.pdf")
    words = text_of_pdf(kept.data)
    assert "Monthly, #panic() {{7*7}}." in words
    assert mine.reference in words
    assert f"copy-{mine.reference}.pdf" in kept.headers["Content-Disposition"]


def test_combined_characters_are_named_in_the_copy_and_no_transaction_is_open_meanwhile(
    person: Person, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = make.audit(cases=1, agencies=1)
    mine = make.requests(audit)[0]
    person.starts(make.grants(audit)[0])
    person.opens(mine)
    signs = "Good work \U0001f44d\U0001f3fd 👩\u200d👩\u200d👧 1\ufe0f\u20e3"
    person.presses(mine, supervision="yes", supervision__comment=signs, next__step="save")
    open_then = []

    def watched(document: Document) -> bytes:
        open_then.append(session.in_transaction())
        return document_as_pdf(document)

    monkeypatch.setattr(download_pages, "document_as_pdf", watched)
    words = text_of_pdf(person.browser.get(f"/returns/{mine.public_id}/copy.pdf").data)
    assert "[thumbs up sign][emoji modifier fitzpatrick type-4] [woman][woman][girl] 1" in words
    assert open_then == [False]


def test_the_copy_of_a_nil_return_says_so(person: Person, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    mine = make.requests(audit)[0]
    person.starts(make.grants(audit)[0])
    person.opens(mine, "not-involved")
    person.presses(mine, "not-involved", reason="moved", whereabouts="Southtown School")
    words = text_of_pdf(person.browser.get(f"/returns/{mine.public_id}/copy.pdf").data)
    assert "Your agency was not involved" in words
    assert "Southtown School" in words


@pytest.mark.parametrize("page", ["blank", "blank.docx", "blank.pdf", "copy.pdf"])
def test_downloads_are_not_found_by_others(person: Person, make: Maker, page: str) -> None:
    audit = make.audit(cases=1, agencies=2)
    mine, other = make.requests(audit)
    person.starts(mine.grant)
    person.reads(f"/returns/{other.public_id}/{page}", status=404)
