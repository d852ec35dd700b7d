"""What is held about a child: the search, the document, and what the log says of both."""

import io

import docx
from docx.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.answering.models import Concern, Enquiry
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.event_log import Event
from surveyapp.gathering.models import FamilyContact, FamilyNote, Narrative
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.audit_state_operations import mark_answers_removed
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

REFERENCE = "NP 12/345"


def words_of(content: bytes) -> str:
    """Every word of a Word file, tables included, in order."""
    parts: list[str] = []
    for block in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            parts += [cell.text for row in block.rows for cell in row.cells]
        else:
            parts.append(block.text)
    return "\n".join(parts)


def commented(text: str) -> tuple[GivenAnswer, ...]:
    return (GivenAnswer("supervision", option="yes"), GivenAnswer("supervision", item="comment", text=text))


def with_texts(make: Maker, session: Session) -> list[AuditRequest]:
    """The requests of an audit of two children, about the first of whom every kind of text is held."""
    audit = make.audit(cases=2, agencies=[make.agency("Northside Police")], title="Neglect")
    about_child, about_other = make.requests(audit)
    make.returned(about_child, commented("Weekly talks."))
    make.returned(about_other, commented("Another child’s comment."))
    case = about_child.case
    case.involvements[0].own_reference = REFERENCE
    talk = FamilyContact(
        case_id=case.id, state="done", held_on=MONDAY_MORNING.date(), telephone="01234 555000"
    )
    concern = Concern(request_id=about_child.id, raised_at=MONDAY_MORNING, told_whom="Duty desk")
    concern.outcome, concern.outcome_at, concern.was_referred = "Visited at once", MONDAY_MORNING, True
    question = Enquiry(submission_id="s1", kind="question", text="Which years?", asked_at=MONDAY_MORNING)
    question.request_id, question.grant_id = about_child.id, about_child.grant_id
    question.answer, question.answered_at = "All", MONDAY_MORNING
    example = Narrative(audit_id=audit.id, kind="case_example", case_id=case.id, text="A plan that drifted.")
    session.add_all([concern, question, talk, example])
    session.flush()
    session.add(FamilyNote(family_contact_id=talk.id, area="support", text="Nobody rang us."))
    session.commit()
    return [about_child, about_other]


def test_the_document_holds_every_text_about_the_child_and_none_about_another(
    client: PageClient, make: Maker, session: Session
) -> None:
    about_child, _ = with_texts(make, session)
    response = client.get(f"/what-is-held/{about_child.case_id}/what-is-held.docx")
    written = words_of(response.data)
    for text in (
        "Neglect",
        REFERENCE,
        "Northside Police",
        "Weekly talks.",
        "Duty desk",
        "Visited at once",
        "Which years?",
        "01234 555000",
        "Nobody rang us.",
        "A plan that drifted.",
    ):
        assert text in written, text
    assert "Another child" not in written


def test_text_that_was_replaced_is_still_held_and_said_so(
    client: PageClient, make: Maker, session: Session
) -> None:
    (request,) = make.requests(make.audit(cases=1, agencies=1))
    make.returned(request, commented("First words."))
    make.corrected(request, commented("Second words."))
    session.commit()
    written = words_of(client.get(f"/what-is-held/{request.case_id}/what-is-held.docx").data)
    assert "Earlier text, replaced since" in written
    assert written.index("Second words.") < written.index("Earlier text") < written.index("First words.")


def test_a_search_is_in_the_log_without_what_was_looked_for(
    client: PageClient, make: Maker, session: Session
) -> None:
    about_child, _ = with_texts(make, session)
    page = client.post("/what-is-held", {"wanted": "np12/345"}, status=200).text
    assert about_child.case.pseudonym in page
    assert "Reference of Northside Police" in page
    client.get(f"/what-is-held/{about_child.case_id}/what-is-held.docx")
    events = session.execute(select(Event.action, Event.object, Event.detail).order_by(Event.id)).all()[-2:]
    assert [tuple(event) for event in events] == [
        ("searched_for_child", "all audits", "1 found"),
        ("downloaded_what_is_held", f"case {about_child.case_id}", ""),
    ]
    assert not any("12/345" in " ".join(event) for event in events)


def test_nothing_is_given_out_of_an_audit_whose_purge_has_begun(
    client: PageClient, make: Maker, session: Session
) -> None:
    about_child, _ = with_texts(make, session)
    mark_answers_removed(about_child.audit, counts={}, now=MONDAY_MORNING)
    session.commit()
    page = client.get(f"/what-is-held/{about_child.case_id}/what-is-held.docx", status=410)
    assert "removed for good" in page.text
    assert (
        "No case has this pseudonym" in client.post("/what-is-held", {"wanted": REFERENCE}, status=200).text
    )


def test_nothing_typed_and_nothing_found_are_said(client: PageClient) -> None:
    assert (
        "Enter a pseudonym such as Child 1" in client.post("/what-is-held", {"wanted": " "}, status=422).text
    )
    assert (
        "No case has this pseudonym" in client.post("/what-is-held", {"wanted": "Child 99"}, status=200).text
    )
