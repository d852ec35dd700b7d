"""The blank form of a request, for staff to send on paper or to read out."""

import io

import docx

from tests.foundation.documents.test_blocks import text_of_pdf
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_the_blank_form_names_its_case_agency_and_reference_and_no_person(
    client: PageClient, make: Maker
) -> None:
    agency = make.agency("Northside Police", contact="audit@police.example")
    audit = make.audit(cases=2, agencies=[agency])
    mine, other = make.requests(audit)
    page = client.get(f"/audits/{audit.id}/requests/{mine.id}").text
    stem = f"/audits/{audit.id}/requests/{mine.id}/blank-form"
    assert f'href="{stem}.docx"' in page
    assert f'href="{stem}.pdf"' in page
    word, pdf = client.get(f"{stem}.docx"), client.get(f"{stem}.pdf")
    assert word.headers["Content-Disposition"] == f"attachment; filename=blank-form-{mine.reference}.docx"
    assert pdf.headers["Content-Disposition"] == f"attachment; filename=blank-form-{mine.reference}.pdf"
    written = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(word.data)).paragraphs)
    for text in (" ".join(written.split()), " ".join(text_of_pdf(pdf.data).split())):
        assert f"for Northside Police, about {mine.case.pseudonym}. Reference {mine.reference}." in text
        assert "by Friday 18 December 2026 by the secure route" in text
        for question in audit.form.questions:
            assert " ".join(f"{question.number}. {question.ask}".split()) in text
        for left_out in (other.reference, mine.public_id, agency.contacts[0].name, "audit@police.example"):
            assert left_out not in text


def test_a_blank_form_for_a_gp_has_the_questions_for_gps(client: PageClient, make: Maker) -> None:
    gp, school = make.agency("A practice", kind="gp"), make.agency("B school", kind="school")
    audit = make.audit(cases=1, agencies=[gp, school], form="neglect_2024")
    mine = next(each for each in make.requests(audit) if each.agency_id == gp.id)
    word = client.get(f"/audits/{audit.id}/requests/{mine.id}/blank-form.docx")
    written = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(word.data)).paragraphs)
    ours = [question for question in audit.form.questions if "gp" in question.only_for]
    theirs = [question for question in audit.form.questions if question.only_for == ("school",)]
    assert ours
    assert theirs
    assert all(f"{question.number}. {question.ask}" in written for question in ours)
    assert all(f"{question.number}. {question.ask}" not in written for question in theirs)


def test_a_returned_request_offers_no_blank_form_until_a_correction_is_asked_for(
    client: PageClient, make: Maker
) -> None:
    audit = make.audit(cases=1, agencies=1, returned=1)
    (mine,) = make.requests(audit)
    stem = f"/audits/{audit.id}/requests/{mine.id}"
    assert "blank-form" not in client.get(stem).text
    client.post(f"{stem}/reopen", {"reason": "unclear"})
    assert f"{stem}/blank-form.docx" in client.get(stem).text
