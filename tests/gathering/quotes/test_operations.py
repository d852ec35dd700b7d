"""Choosing, changing and removing quotes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from surveyapp.concluding.models import Finding
from surveyapp.defining.definition import Question
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event
from surveyapp.gathering.comments.comments_to_read import comments_to_read
from surveyapp.gathering.models import FamilyContact, Quote, ReadComment, Workshop
from surveyapp.gathering.queries import quotes_of
from surveyapp.gathering.quotes.operations import (
    QuoteDetails,
    QuoteInUse,
    WordsNotInComment,
    change_quote,
    choose_quote_from_comment,
    choose_quote_from_family,
    choose_quote_from_workshop,
    remove_quote,
)
from surveyapp.gathering.quotes.queries import quote_by_id
from surveyapp.gathering.themes.operations import add_theme
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.gathering.conftest import MANAGER
from tests.row_maker import Maker

FATHER = QuoteDetails("The father is hardly mentioned.", "", "auditor", "concern", "strengths_or_concerns")


def question(audit: Audit) -> Question:
    return audit.form.question("strengths_or_concerns")


def chosen(audit: Audit, words: QuoteDetails = FATHER) -> Quote:
    """Choose a quote from the third comment."""
    third = comments_to_read(audit).shown[2]
    with transaction():
        return choose_quote_from_comment(
            audit, third.request_id, question(audit), words, actor=MANAGER, now=MONDAY_MORNING
        )


def test_choosing_from_an_unread_comment_marks_it_read_with_the_judgement_of_the_quote(
    commented_audit: Audit, session: Session
) -> None:
    with transaction():
        theme = add_theme(commented_audit, "Fathers", actor=MANAGER, now=MONDAY_MORNING)
    quote = chosen(commented_audit, replace(FATHER, theme_ids=frozenset({theme.id})))
    assert (quote.original, quote.printed) == (FATHER.original, FATHER.original)
    assert [theme.name for theme in quote.themes] == ["Fathers"]
    third = comments_to_read(commented_audit).shown[2]
    assert (third.judgement, third.theme_ids, third.is_changed) == ("concern", frozenset({theme.id}), False)
    assert third.quotes == 1
    chosen(commented_audit, replace(FATHER, original="hardly mentioned", judgement=""))
    session.expire_all()
    assert comments_to_read(commented_audit).shown[2].judgement == "concern", (
        "a second quote judges nothing anew"
    )
    assert comments_to_read(commented_audit).shown[2].quotes == 2


def test_the_printed_text_may_differ_from_the_original_and_both_are_encrypted(
    commented_audit: Audit, session: Session
) -> None:
    quote = chosen(commented_audit, replace(FATHER, printed="  […] is hardly mentioned.  "))
    assert quote.printed == "[…] is hardly mentioned."
    assert quote.original == "The father is hardly mentioned."
    stored = session.execute(text("SELECT original, printed FROM survey_quote")).one()
    assert not any(b"mentioned" in bytes(value) for value in stored)
    details = session.scalars(select(Event.detail).where(Event.action == "chose_quote")).all()
    assert details == [f"quote {quote.id}"]


def test_the_words_of_a_quote_must_be_in_its_comment(commented_audit: Audit) -> None:
    assert (
        chosen(commented_audit, replace(FATHER, original="father is  hardly")).original == "father is  hardly"
    )
    with pytest.raises(WordsNotInComment):
        chosen(commented_audit, replace(FATHER, original="The father is never mentioned."))


@pytest.mark.parametrize(
    "words",
    [
        replace(FATHER, original="  "),
        replace(FATHER, printed="x" * 20_001),
        replace(FATHER, source="neighbour"),
        replace(FATHER, judgement="bad"),
        replace(FATHER, question="no_such_question"),
    ],
)
def test_invalid_details_are_refused(commented_audit: Audit, words: QuoteDetails) -> None:
    with pytest.raises(Refused):
        chosen(commented_audit, words)


def test_nil_returns_drafts_and_other_audits_cannot_be_quoted(commented_audit: Audit, make: Maker) -> None:
    for audit_request in (
        make.requests(commented_audit)[4],
        make.requests(commented_audit)[5],
        make.requests(make.audit())[0],
    ):
        with pytest.raises(NotFound), transaction():
            choose_quote_from_comment(
                commented_audit,
                audit_request.id,
                question(commented_audit),
                FATHER,
                actor=MANAGER,
                now=MONDAY_MORNING,
            )


def test_practitioners_and_parents_are_quoted_from_workshops_and_talks(
    commented_audit: Audit, session: Session
) -> None:
    workshop = Workshop(audit_id=commented_audit.id, title="Workshop", held_on=date(2026, 12, 1))
    family = FamilyContact(case_id=commented_audit.cases[0].id, state="done", held_on=date(2026, 12, 2))
    session.add_all([workshop, family])
    session.commit()
    words = QuoteDetails("We rang and nobody knew.", "", "practitioner", names_agency_kind=True)
    with transaction():
        one = choose_quote_from_workshop(commented_audit, workshop, words, actor=MANAGER, now=MONDAY_MORNING)
        two = choose_quote_from_family(
            commented_audit, family, replace(words, source="parent"), actor=MANAGER, now=MONDAY_MORNING
        )
    assert (one.attribution, two.attribution) == ("Practitioner", "Parent")
    assert not one.names_agency_kind, "a workshop has no one agency"
    assert [quote.id for quote in quotes_of(commented_audit.id, "")] == [one.id, two.id]


def test_a_quote_can_be_changed_to_other_words_of_its_comment(commented_audit: Audit) -> None:
    quote = chosen(commented_audit, replace(FATHER, original="The father"))
    longer = replace(FATHER, original="The father is hardly", printed="He is hardly", names_agency_kind=True)
    with transaction():
        change_quote(commented_audit, quote, longer, actor=MANAGER, now=MONDAY_MORNING + timedelta(hours=1))
    assert (quote.original, quote.printed, quote.attribution) == (
        "The father is hardly",
        "He is hardly",
        "Auditor, Health",
    )
    assert quote.chosen_at == MONDAY_MORNING
    with pytest.raises(WordsNotInComment):
        change_quote(
            commented_audit, quote, replace(FATHER, original="Not said"), actor=MANAGER, now=MONDAY_MORNING
        )


def test_removing_a_quote_leaves_its_comment_read(
    commented_audit: Audit, make: Maker, session: Session
) -> None:
    with transaction():
        theme = add_theme(commented_audit, "Fathers", actor=MANAGER, now=MONDAY_MORNING)
    quote = chosen(commented_audit, replace(FATHER, theme_ids=frozenset({theme.id})))
    with pytest.raises(NotFound):
        quote_by_id(make.audit(cases=1, agencies=1).id, quote.id)
    with transaction():
        remove_quote(
            commented_audit, quote_by_id(commented_audit.id, quote.id), actor=MANAGER, now=MONDAY_MORNING
        )
    assert quotes_of(commented_audit.id) == ()
    assert session.scalars(select(ReadComment.judgement)).one() == "concern"


def test_a_quote_that_a_finding_uses_cannot_be_removed(commented_audit: Audit, session: Session) -> None:
    quote = chosen(commented_audit)
    session.add(Finding(audit_id=commented_audit.id, position=1, text="a", quotes=[quote]))
    session.commit()
    with pytest.raises(QuoteInUse), transaction():
        remove_quote(commented_audit, quote, actor=MANAGER, now=MONDAY_MORNING)
    assert len(quotes_of(commented_audit.id)) == 1
