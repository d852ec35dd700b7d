"""Quotes keep what was said beside what prints, and say where they come from."""

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
from surveyapp.gathering.quotes.queries import outdated_quote_ids, quote_named
from surveyapp.gathering.themes.operations import add_theme
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.gathering.conftest import MANAGER, commented
from tests.row_maker import Maker

FATHER = QuoteDetails("The father is hardly mentioned.", "", "auditor", "concern", "strengths_or_concerns")


def question(audit: Audit) -> Question:
    return audit.form.question("strengths_or_concerns")


def chosen(audit: Audit, words: QuoteDetails = FATHER) -> Quote:
    """A quote from the third comment."""
    third = comments_to_read(audit).shown[2]
    with transaction():
        return choose_quote_from_comment(
            audit, third.request_id, question(audit), words, actor=MANAGER, now=MONDAY_MORNING
        )


def test_choosing_from_an_unread_comment_reads_it_as_the_quote_is_judged(
    said: Audit, session: Session
) -> None:
    with transaction():
        theme = add_theme(said, "Fathers", actor=MANAGER, now=MONDAY_MORNING)
    quote = chosen(said, replace(FATHER, theme_ids=frozenset({theme.id})))
    assert (quote.original, quote.printed) == (FATHER.original, FATHER.original)
    assert [each.name for each in quote.themes] == ["Fathers"]
    third = comments_to_read(said).shown[2]
    assert (third.judgement, third.theme_ids, third.is_changed) == ("concern", frozenset({theme.id}), False)
    assert third.quotes == 1
    chosen(said, replace(FATHER, original="hardly mentioned", judgement=""))
    session.expire_all()
    assert comments_to_read(said).shown[2].judgement == "concern", "a second quote judges nothing anew"
    assert comments_to_read(said).shown[2].quotes == 2


def test_what_prints_may_differ_and_what_was_said_stays_and_is_encrypted(
    said: Audit, session: Session
) -> None:
    quote = chosen(said, replace(FATHER, printed="  […] is hardly mentioned.  "))
    assert quote.printed == "[…] is hardly mentioned."
    assert quote.original == "The father is hardly mentioned."
    stored = session.execute(text("SELECT original, printed FROM survey_quote")).one()
    assert not any(b"mentioned" in bytes(each) for each in stored)
    details = session.scalars(select(Event.detail).where(Event.action == "chose_quote")).all()
    assert details == [f"quote {quote.id}"]


def test_a_quote_is_a_part_of_its_comment_word_for_word(said: Audit) -> None:
    assert chosen(said, replace(FATHER, original="father is  hardly")).original == "father is  hardly"
    with pytest.raises(WordsNotInComment):
        chosen(said, replace(FATHER, original="The father is never mentioned."))


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
def test_a_quote_without_words_source_or_question_is_refused(said: Audit, words: QuoteDetails) -> None:
    with pytest.raises(Refused):
        chosen(said, words)


def test_no_quote_comes_from_what_does_not_count(said: Audit, make: Maker) -> None:
    for audit_request in (make.requests(said)[4], make.requests(said)[5], make.requests(make.audit())[0]):
        with pytest.raises(NotFound), transaction():
            choose_quote_from_comment(
                said, audit_request.id, question(said), FATHER, actor=MANAGER, now=MONDAY_MORNING
            )


def test_practitioners_and_parents_are_quoted_from_workshop_and_talk(said: Audit, session: Session) -> None:
    workshop = Workshop(audit_id=said.id, title="Workshop", held_on=date(2026, 12, 1))
    family = FamilyContact(case_id=said.cases[0].id, state="done", held_on=date(2026, 12, 2))
    session.add_all([workshop, family])
    session.commit()
    words = QuoteDetails("We rang and nobody knew.", "", "practitioner", names_agency_kind=True)
    with transaction():
        one = choose_quote_from_workshop(said, workshop, words, actor=MANAGER, now=MONDAY_MORNING)
        two = choose_quote_from_family(
            said, family, replace(words, source="parent"), actor=MANAGER, now=MONDAY_MORNING
        )
    assert (one.attribution, two.attribution) == ("Practitioner", "Parent")
    assert not one.names_agency_kind, "a workshop has no one agency"
    assert [each.id for each in quotes_of(said.id, "")] == [one.id, two.id]


def test_a_quote_is_changed_within_its_comment(said: Audit) -> None:
    quote = chosen(said, replace(FATHER, original="The father"))
    longer = replace(FATHER, original="The father is hardly", printed="He is hardly", names_agency_kind=True)
    with transaction():
        change_quote(said, quote, longer, actor=MANAGER, now=MONDAY_MORNING + timedelta(hours=1))
    assert (quote.original, quote.printed, quote.attribution) == (
        "The father is hardly",
        "He is hardly",
        "Auditor, Health",
    )
    assert quote.chosen_at == MONDAY_MORNING
    with pytest.raises(WordsNotInComment):
        change_quote(said, quote, replace(FATHER, original="Not said"), actor=MANAGER, now=MONDAY_MORNING)


def test_words_that_left_their_comment_are_known_and_stay_as_they_were_said(
    said: Audit, make: Maker, session: Session
) -> None:
    quote = chosen(said)
    assert outdated_quote_ids(said, [quote]) == frozenset()
    make.now += timedelta(hours=1)
    make.corrected(make.requests(said)[0], commented("strengths_or_concerns", "The father came."))
    session.expire_all()
    assert outdated_quote_ids(said, [quote]) == {quote.id}
    with transaction():
        change_quote(said, quote, replace(FATHER, printed="Hardly"), actor=MANAGER, now=MONDAY_MORNING)
    assert (quote.original, quote.printed) == (FATHER.original, "Hardly")
    make.requests(said)[0].withdrawn_at = MONDAY_MORNING
    session.commit()
    assert outdated_quote_ids(said, [quote]) == {quote.id}


def test_a_quote_goes_and_its_comment_stays_read(said: Audit, make: Maker, session: Session) -> None:
    with transaction():
        theme = add_theme(said, "Fathers", actor=MANAGER, now=MONDAY_MORNING)
    quote = chosen(said, replace(FATHER, theme_ids=frozenset({theme.id})))
    with pytest.raises(NotFound):
        quote_named(make.audit(cases=1, agencies=1).id, quote.id)
    with transaction():
        remove_quote(said, quote_named(said.id, quote.id), actor=MANAGER, now=MONDAY_MORNING)
    assert quotes_of(said.id) == ()
    assert session.scalars(select(ReadComment.judgement)).one() == "concern"


def test_a_quote_on_which_a_finding_rests_stays(said: Audit, session: Session) -> None:
    quote = chosen(said)
    session.add(Finding(audit_id=said.id, position=1, text="a", quotes=[quote]))
    session.commit()
    with pytest.raises(QuoteInUse), transaction():
        remove_quote(said, quote, actor=MANAGER, now=MONDAY_MORNING)
    assert len(quotes_of(said.id)) == 1
