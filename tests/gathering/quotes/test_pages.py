"""The pages on which quotes are chosen, changed, listed and removed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.gathering.models import FamilyContact, FamilyNote, Quote, Workshop
from surveyapp.planning.models import Audit
from tests.collating.example_answers import text_of
from tests.gathering.conftest import commented
from tests.page_client import PageClient, seen_digest
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]
SENT = {"source": "auditor", "judgement": "concern", "question": "strengths_or_concerns", "act": "save"}


@pytest.fixture
def path(commented_audit: Audit, make: Maker) -> str:
    """The address at which a quote is chosen from the third comment."""
    request_id = make.requests(commented_audit)[0].id
    return f"/audits/{commented_audit.id}/comments/{request_id}/strengths_or_concerns/quote"


def test_the_form_starts_with_the_whole_comment_and_names_its_origin(client: PageClient, path: str) -> None:
    page = client.get(path).text
    assert page.count("The father is hardly mentioned.</textarea>") == 2
    assert page.count("data-prevent-double-click") == 1, "Two clicks choose one quote."
    assert "Child 1, Health: 13. Strengths" in text_of(page)
    assert 'value="auditor" checked' in page
    assert 'value="strengths_or_concerns" selected' in page
    assert "This may tell who somebody is" not in page


def test_words_are_taken_out_of_the_printed_text_only(
    client: PageClient, path: str, session: Session
) -> None:
    sent = {**SENT, "act": "take_out", "original": "The father is hardly mentioned."}
    page = client.post(path, {**sent, "printed": "", "take_out": "the father"}, status=200).text
    assert "[…] is hardly mentioned.</textarea>" in page
    assert "The father is hardly mentioned.</textarea>" in page
    page = client.post(path, {**sent, "printed": "It is so.", "take_out": "mother"}, status=200).text
    assert "These words are not in what prints" in page
    assert session.scalar(select(Quote.id)) is None
    # Enter in another field presses the first button: without words to take out it saves.
    client.post(path, {**sent, "printed": "[…] is hardly mentioned.", "take_out": ""})
    quote = session.scalars(select(Quote)).one()
    assert (quote.original, quote.printed) == ("The father is hardly mentioned.", "[…] is hardly mentioned.")


def test_the_printed_text_follows_the_shortened_original_until_it_is_edited(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1)
    whole = "The course was completed.\nVisits ended with it."
    make.returned(make.requests(audit)[0], commented("supervision", whole))
    path = f"/audits/{audit.id}/comments/{make.requests(audit)[0].id}/supervision/quote"
    sent = {**SENT, "original": "Visits ended with it.", "question": ""}
    client.post(path, {**sent, "printed": whole.replace("\n", "\r\n")})
    client.post(path, {**sent, "printed": "Visits ended."})
    client.post(path, {**sent, "original": whole, "printed": whole})
    printed = session.scalars(select(Quote.printed).order_by(Quote.id)).all()
    assert printed == ["Visits ended with it.", "Visits ended.", whole]


def test_identifying_wordings_must_be_taken_out_or_confirmed(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1)
    make.returned(make.requests(audit)[0], commented("supervision", "Mrs Kaur rang 01632 960101 twice."))
    path = f"/audits/{audit.id}/comments/{make.requests(audit)[0].id}/supervision/quote"
    page = client.get(path).text
    assert "“Mrs Kaur” looks like a person’s name." in text_of(page)
    sent = {**SENT, "original": "Mrs Kaur rang 01632 960101 twice.", "question": ""}
    page = client.post(path, sent, status=422).text
    assert "Look at what is pointed out" in page
    page = client.post(path, {**sent, "act": "", "out": "01632 960101"}, status=200).text
    assert "Mrs Kaur rang […] twice.</textarea>" in page
    page = client.post(path, {**sent, "printed": "Mrs Kaur rang […] twice."}, status=422).text
    assert "Look at what is pointed out" in page
    client.post(path, {**sent, "printed": "Mrs Kaur rang […] twice.", "keep": "y"})
    assert session.scalars(select(Quote.printed)).all() == ["Mrs Kaur rang […] twice."]


def test_mistakes_are_shown_and_typed_text_is_kept(client: PageClient, path: str, session: Session) -> None:
    page = client.post(path, {"original": "", "printed": "Kept text"}, status=422).text
    for words in ("Paste what was said", "Say whose words they are", "Say what they tell of", "Kept text"):
        assert words in page
    page = client.post(path, {**SENT, "original": "Never said"}, status=422).text
    assert "These words are not in the comment." in page
    page = client.post(path, {**SENT, "original": "The father", "question": "odd"}, status=409).text
    assert "This audit does not ask that question." in page
    assert session.scalar(select(Quote.id)) is None


def test_the_list_groups_by_question_or_source_and_links_to_each_quote(
    client: PageClient, path: str, commented_audit: Audit, make: Maker, session: Session
) -> None:
    listed = f"/audits/{commented_audit.id}/quotes"
    assert "No quote has been chosen yet." in client.get(listed).text
    client.post(path, {**SENT, "original": "The father is hardly mentioned.", "printed": "He is not there."})
    quote_id = session.scalars(select(Quote.id)).one()
    page = client.get(listed).text
    for words in ("13. Strengths", "“He is not there.”", "Auditor · Concern", "What was said"):
        assert words in text_of(page)
    assert "Auditor 13." not in text_of(page)
    assert "· 13. Strengths" in text_of(client.get(f"{listed}?by=source").text)
    form = client.get(f"{listed}/{quote_id}").text
    assert "Child 1, Health" in text_of(form)
    changed = {
        **SENT,
        "original": "The father",
        "printed": "",
        "names_agency_kind": "y",
        "seen": seen_digest(form),
    }
    client.post(f"{listed}/{quote_id}", changed)
    assert "Auditor, Health" in text_of(client.get(listed).text)
    make.corrected(make.requests(commented_audit)[0], commented("strengths_or_concerns", "Something else."))
    page = text_of(client.get(listed).text)
    assert "1 quote is no longer in the comment" in page
    assert "No longer said" in page
    client.post(f"{listed}/{quote_id}/remove")
    assert "No quote has been chosen yet." in client.get(listed).text


def test_quotes_are_chosen_on_the_pages_of_workshops_and_talks(
    client: PageClient, commented_audit: Audit, session: Session
) -> None:
    workshop = Workshop(
        audit_id=commented_audit.id, title="Workshop", held_on=date(2026, 12, 1), notes="We rang."
    )
    family = FamilyContact(case_id=commented_audit.cases[0].id, state="done", held_on=date(2026, 12, 2))
    family.notes = [FamilyNote(area="ended", text="It was clear.")]
    session.add_all([workshop, family])
    session.commit()
    audit_id, begin = commented_audit.id, f"/audits/{commented_audit.id}"
    for path, written, source in (
        (f"{begin}/workshops/{workshop.id}", "We rang.", "practitioner"),
        (f"{begin}/families/{family.id}", "It was clear.", "parent"),
    ):
        page = client.get(f"{path}/quote").text
        assert written in page
        assert f'value="{source}" checked' in page
        assert "names_agency_kind" not in page
        sent = {"original": f"{written} So.", "source": source, "judgement": "neither", "act": "save"}
        assert client.post(f"{path}/quote", sent).headers["Location"] == path
        # A workshop or talk with quotes cannot be removed.
        client.post(f"{path}/remove", status=409)
    page = text_of(client.get(f"/audits/{audit_id}/quotes?by=source").text)
    assert page.index("Practitioner") < page.index("Parent")


def test_conflicting_edits_of_a_quote_are_shown_and_a_redaction_is_not_lost(
    client: PageClient, path: str, commented_audit: Audit, session: Session
) -> None:
    sent = {**SENT, "original": "The father is hardly mentioned.", "printed": "The father is not there."}
    client.post(path, sent)
    one = f"/audits/{commented_audit.id}/quotes/{session.scalars(select(Quote.id)).one()}"
    seen = seen_digest(client.get(one).text)
    client.post(one, {**sent, "printed": "[…] is not there.", "seen": seen})
    later = {**sent, "judgement": "strength"}
    page = client.post(one, {**later, "seen": seen}, status=409).text
    assert "Someone else changed this after you opened the page." in page
    assert "Prints […] is not there." in text_of(page)
    assert "The father is not there.</textarea>" in page
    assert 'value="strength" checked' in page
    assert session.scalars(select(Quote.printed)).one() == "[…] is not there."
    client.post(one, later, status=409)
    client.post(one, {**later, "printed": "[…] is not there.", "seen": seen_digest(page)})
    quote = session.scalars(select(Quote)).one()
    assert (quote.printed, quote.judgement) == ("[…] is not there.", "strength")


def test_a_removed_theme_is_reported_and_typed_text_is_kept(
    client: PageClient, path: str, session: Session
) -> None:
    for number in ("999", "9" * 30):
        page = client.post(path, {**SENT, "original": "The father", "themes": number}, status=409).text
        assert "A theme you chose is not of this audit, or is gone." in page
        assert "The father</textarea>" in page
    assert session.scalar(select(Quote.id)) is None


def test_only_comments_that_count_have_a_page(
    client: PageClient, commented_audit: Audit, make: Maker
) -> None:
    first, nil = make.requests(commented_audit)[0].id, make.requests(commented_audit)[4].id
    for request_id, name in (
        (first, "see_child_alone"),
        (first, "x"),
        (nil, "supervision"),
        (999, "supervision"),
    ):
        client.get(f"/audits/{commented_audit.id}/comments/{request_id}/{name}/quote", status=404)


def test_the_list_takes_few_statements(
    client: PageClient, commented_audit: Audit, path: str, queries: Queries
) -> None:
    for part in ("The father", "is hardly", "mentioned"):
        client.post(path, {**SENT, "original": part})
    with queries(12):
        page = client.get(f"/audits/{commented_audit.id}/quotes").text
    assert "3 quotes." in text_of(page)
