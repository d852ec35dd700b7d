"""Autosave stores text while it is typed; that text never counts and overwrites nothing."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from time_machine import Traveller

from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.answering.returns.autosave import delete_autosaves, store_autosave
from surveyapp.answering.returns.operations import allow_late_return, save_draft
from surveyapp.answering.returns.press import ButtonPress, autosave_id
from surveyapp.answering.returns.queries import form_contents, return_of, revision_answers, working_revision
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation import clock as uk_clock
from surveyapp.foundation.store.db import session as rows_of_test
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.withdrawal_operations import withdraw_request
from surveyapp.planning.models import Audit
from tests.answering.conftest import Person, kept_of
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

AtMost = Callable[[int], AbstractContextManager[list[str]]]
People = Callable[[], Person]


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=2, agencies=1)


@pytest.fixture
def grant(make: Maker, audit: Audit) -> Grant:
    return make.grants(audit)[0]


@pytest.fixture
def first(make: Maker, audit: Audit) -> AuditRequest:
    return make.requests(audit)[0]


@pytest.fixture
def typist(person: Person, grant: Grant, first: AuditRequest) -> Person:
    """A contact with the form open."""
    person.starts(grant)
    person.opens(first)
    return person


def texts(kind: str = "autosave") -> list[str]:
    """The comments on supervision in all revisions of a kind, oldest first."""
    rows = rows_of_test.execute(
        select(Answer.text)
        .join(Revision, Revision.id == Answer.revision_id)
        .where(Revision.kind == kind, Answer.question == "supervision", Answer.item == "comment")
        .order_by(Revision.id)
    )
    return [row.text for row in rows]


def test_typed_text_is_stored_without_counting_or_changing_the_draft(
    typist: Person, first: AuditRequest, clock: Traveller
) -> None:
    clock.move_to(MONDAY_MORNING + timedelta(minutes=32))
    assert typist.types(first, supervision="no", supervision__comment="Not since May.") == {
        "kept": "9:32am",
        "says": "",
        "looks": [],
        "told": "",
        "waiting": False,
        "complete": True,
    }
    kept = kept_of(first)
    assert (kept.version, kept.returned_at, kept.current_revision_id) == (0, None, None)
    assert working_revision(kept) is None
    typist.types(first, supervision="no", supervision__comment="Not since May, says the file.")
    assert texts() == ["Not since May, says the file."]


def test_the_form_opens_with_the_unsaved_text_and_the_list_counts_it(
    typist: Person, people: People, grant: Grant, first: AuditRequest
) -> None:
    typist.types(first, supervision="no", supervision__comment="Not since May.")
    another = people()
    assert "1 of 14 answered" in another.starts(grant).text
    page = another.opens(first).text
    assert "What you typed today at 9:00am was kept, and is in the form below." in page
    assert "Not since May." in page
    # Typing on makes one stored text, not two; pressing Save removes it.
    another.types(first, supervision="no", supervision__comment="Not since May. Nor June.")
    assert texts() == ["Not since May. Nor June."]
    another.presses(
        first, supervision="no", supervision__comment="Not since May. Nor July.", next__step="save"
    )
    assert (texts(), texts("save")) == ([], ["Not since May. Nor July."])
    assert "was kept" not in another.opens(first).text


def test_a_saved_page_leaves_no_unsaved_text_even_if_an_autosave_arrives_late(
    typist: Person, first: AuditRequest
) -> None:
    before = dict(typist.hidden)
    typist.presses(first, supervision="no", next__step="save")
    typist.hidden = before
    typist.types(first, supervision="no")
    assert form_contents(return_of(first)).opens_with_autosave is False
    assert form_contents(return_of(first)).beside == ()


def test_two_people_on_one_link_keep_two_texts_and_both_are_shown(
    typist: Person, people: People, grant: Grant, first: AuditRequest
) -> None:
    other = people()
    other.starts(grant)
    other.opens(first)
    typist.types(first, supervision="no", supervision__comment="Not since May.")
    other.types(first, supervision="yes", supervision__comment="In June.")
    assert texts() == ["Not since May.", "In June."]
    third = people()
    third.starts(grant)
    page = unescape(re.sub(r"<[^>]+>", " ", third.opens(first).text))
    assert "This was open on another page too." in page
    assert "Not since May." in page.partition("Where the two differ")[2]
    assert "In June." in page
    third.presses(first, supervision="yes", supervision__comment="Not since May; in June.", next__step="save")
    assert texts() == []
    assert "another page" not in third.opens(first).text


def test_text_begun_before_another_save_is_shown_beside_the_saved_text(
    typist: Person, people: People, grant: Grant, first: AuditRequest
) -> None:
    other = people()
    other.starts(grant)
    other.opens(first)
    other.presses(first, supervision="yes", supervision__comment="In June.", next__step="save")
    told = typist.types(first, supervision="no", supervision__comment="Not since May.")
    assert told["says"].startswith("This was saved in another place since you opened it.")
    third = people()
    third.starts(grant)
    page = third.opens(first).text
    form, differ = page.partition("<form")[2], page.partition("Where the two differ")[2].partition("<form")[0]
    assert "In June." in form
    assert "Not since May." in differ


def test_after_close_the_text_is_stored_without_counting_and_the_page_is_told(
    person: Person, grant: Grant, first: AuditRequest, audit: Audit, clock: Traveller
) -> None:
    assert audit.closes_at is not None
    closes_at = audit.closes_at
    clock.move_to(closes_at - timedelta(minutes=20))
    person.starts(grant)
    person.opens(first)
    clock.move_to(closes_at + timedelta(minutes=3))
    told = person.types(first, supervision="no", supervision__comment="Not since May.")
    assert told["kept"] == "5:03pm"
    assert told["says"].startswith("Returns closed on ")
    assert "Press Save to hand it in late." in told["says"]
    assert texts() == ["Not since May."]
    assert kept_of(first).returned_at is None
    person.presses(first, status=409, supervision__comment="Not since May.", next__step="save")
    assert (texts(), texts("late")) == ([], ["Not since May."])


def test_a_withdrawn_request_a_lost_link_and_an_old_page_are_told_what_to_do(
    typist: Person, people: People, first: AuditRequest, session: Session
) -> None:
    assert "let go of your link" in people().types(first, status=404)["says"]
    with transaction():
        withdraw_request(first, reason="Not theirs", actor="manager", now=MONDAY_MORNING)
    session.commit()
    assert typist.types(first, status=404, supervision="no")["kept"] == ""
    with typist.browser.http.session_transaction() as cookie:
        cookie.pop("csrf_token")
    assert "Press Save" in typist.types(first, status=400, supervision="no")["says"]
    assert texts() == []


def test_a_comment_that_is_too_long_stops_only_its_own_autosave(typist: Person, first: AuditRequest) -> None:
    told = typist.types(first, supervision="no", supervision__comment="x" * 20_001)
    assert told["says"].startswith("Saved at 9:00am, except one box. Your comment on question 2 has 20,001 ")
    assert not told["complete"]
    assert texts() == []
    opened = form_contents(return_of(first)).revision
    assert revision_answers(opened) == (GivenAnswer("supervision", option="no"),)


def test_a_comment_that_grows_too_long_keeps_what_was_stored_of_it(
    typist: Person, first: AuditRequest
) -> None:
    typist.types(first, supervision__comment="x" * 19_999)
    typist.types(first, supervision="no", supervision__comment="x" * 20_001)
    typist.types(first, supervision="yes", supervision__comment="x" * 20_002)
    assert texts() == ["x" * 19_999]
    opened = revision_answers(form_contents(return_of(first)).revision)
    assert GivenAnswer("supervision", option="yes") in opened


def test_a_saved_comment_that_grows_too_long_is_kept_as_it_was_saved(
    typist: Person, first: AuditRequest
) -> None:
    typist.presses(first, supervision__comment="Not since May.", next__step="save")
    typist.opens(first)
    told = typist.types(first, supervision="no", supervision__comment="x" * 20_001)
    assert not told["complete"]
    assert texts() == ["Not since May."]


def test_a_return_stays_returned_while_its_correction_is_typed(
    typist: Person, make: Maker, first: AuditRequest
) -> None:
    make.returned(first)
    typist.opens(first)
    typist.types(first, supervision="no")
    kept = kept_of(first)
    assert kept.returned_at is not None
    assert {answer.option for answer in kept.current_revision.answers} == {"yes"}  # type: ignore[union-attr]
    assert "was kept, and is in the form" in typist.opens(first).text


def test_check_says_that_more_was_typed_and_returns_only_what_it_showed(
    typist: Person, people: People, grant: Grant, first: AuditRequest
) -> None:
    typist.presses(first, supervision="yes", strengths_or_concerns="no", next__step="save")
    other = people()
    other.starts(grant)
    other.opens(first)
    other.types(first, supervision="no", strengths_or_concerns="no")
    page = typist.opens(first, "check").text
    assert "More was typed today at 9:00am and is not in these answers." in page
    typist.presses(first, "check")
    assert {answer.option for answer in kept_of(first).current_revision.answers} >= {"yes"}  # type: ignore[union-attr]


def test_another_agencys_page_keeps_nothing(typist: Person, make: Maker) -> None:
    theirs = make.requests(make.audit(cases=1, agencies=1))[0]
    typist.types(theirs, status=404, supervision="no")
    assert texts() == []
    assert return_of(theirs) is None


def test_an_autosave_takes_few_statements_after_any_number_of_earlier_ones(
    typist: Person, first: AuditRequest, queries: AtMost
) -> None:
    typist.types(first, supervision="no", supervision__comment="Not since May.")
    with queries(16):
        typist.types(first, supervision="no", supervision__comment="Not since June.")
    with queries(9):
        typist.opens(first)


def test_unsaved_text_is_encrypted(typist: Person, first: AuditRequest, session: Session) -> None:
    typist.types(first, supervision__comment="Not since May.")
    stored = session.execute(text("SELECT text FROM survey_answer WHERE text IS NOT NULL")).scalars().all()
    assert stored
    assert all(b"Not since May" not in bytes(text) for text in stored)


STEPS = st.lists(
    st.tuples(st.sampled_from(["open", "type", "type", "save"]), st.sampled_from("ABC")),
    min_size=1,
    max_size=14,
)


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_last_text_of_each_page_stays_stored_until_a_page_that_shows_it_is_sent(
    make: Maker, session: Session, steps: list[tuple[str, str]]
) -> None:
    audit_request = make.requests(make.audit(cases=1, agencies=1))[0]
    pages: dict[str, Tab] = {}
    for number, (step, name) in enumerate(steps):
        if step == "open" or name not in pages:
            # The earlier tab of this name stays open, but nobody types in it any more.
            pages[f"{name} before {number}"] = pages.get(name, Tab.opened(audit_request))
            pages[name] = Tab.opened(audit_request)
        page = pages[name]
        said = (GivenAnswer("supervision", item="comment", text=f"{name}, step {number}"),)
        with transaction():
            if step == "type":
                store_autosave(audit_request, said, page.press, continues=page.continues, now=MONDAY_MORNING)
                taken = page.continues
                page.typed = said
            elif step == "save":
                outcome = save_draft(audit_request, said, page.press, now=MONDAY_MORNING)
                taken = (page.own_id, *page.continues, *page.looked_at)
                delete_autosaves(outcome.audit_return, taken)
                del pages[name]
            else:
                taken = ()
        for tab in pages.values():
            if tab.own_id in taken:
                tab.typed = ()
        revisions = session.scalars(
            select(Revision)
            .join(Return, Revision.return_id == Return.id)
            .where(Return.request_id == audit_request.id)
        ).all()
        stored = {answer for revision in revisions for answer in revision_answers(revision)}
        assert all(set(tab.typed) <= stored for tab in pages.values())
        session.rollback()
    kept = return_of(audit_request)
    assert kept is None or kept.version <= sum(step == "save" for step, _ in steps)


@dataclass
class Tab:
    """An open form page: its hidden fields, and the last text typed on it that no other page shows yet."""

    press: ButtonPress
    continues: tuple[str, ...]
    looked_at: tuple[str, ...]
    typed: tuple[GivenAnswer, ...] = ()

    @classmethod
    def opened(cls, audit_request: AuditRequest) -> "Tab":
        kept = return_of(audit_request)
        found = form_contents(kept)
        goes_on = (found.revision.submission_id,) if found.revision and found.opens_with_autosave else ()
        return cls(ButtonPress.fresh(kept), goes_on, tuple(text.submission_id for text in found.beside[:1]))

    @property
    def own_id(self) -> str:
        return autosave_id(self.press.submission_id)


def test_the_text_of_a_clash_is_shown_again_after_its_page_was_closed(
    typist: Person, people: People, grant: Grant, first: AuditRequest
) -> None:
    other = people()
    other.starts(grant)
    other.opens(first)
    typist.presses(first, supervision="yes", supervision__comment="In June.", next__step="save")
    other.types(first, supervision="no", supervision__comment="Not since May.")
    clash: dict[str, Any] = {
        "supervision": "no",
        "supervision__comment": "Not since May.",
        "next__step": "save",
    }
    other.presses(first, status=409, **clash)
    third = people()
    third.starts(grant)
    page = third.opens(first).text
    assert "Not since May." in page.partition("Where the two differ")[2].partition("<form")[0]
    # A press on the page that showed both texts settles it.
    other.presses(first, **clash)
    assert (texts(), texts("save")) == ([], ["In June.", "Not since May."])


def test_unsaved_text_is_in_the_copy_after_close(
    person: Person, grant: Grant, first: AuditRequest, audit: Audit, clock: Traveller
) -> None:
    assert audit.closes_at is not None
    closes_at = audit.closes_at
    clock.move_to(closes_at - timedelta(minutes=20))
    person.starts(grant)
    person.opens(first)
    person.types(first, supervision__comment="Not since May.")
    clock.move_to(closes_at + timedelta(minutes=3))
    assert "Not since May." in person.opens(first, "copy").text


def test_a_late_nil_return_hides_no_draft_and_is_named_on_the_page(
    person: Person, grant: Grant, first: AuditRequest, audit: Audit, clock: Traveller
) -> None:
    assert audit.closes_at is not None
    closes_at = audit.closes_at
    clock.move_to(closes_at - timedelta(minutes=20))
    person.starts(grant)
    person.opens(first)
    person.presses(first, supervision__comment="Not since May.", next__step="save")
    person.opens(first, "not-involved")
    clock.move_to(closes_at + timedelta(minutes=3))
    page = person.presses(first, "not-involved", status=409, reason="not_known").text
    assert "Your agency was not involved: This child is not known to us." in page
    assert "Not since May." in person.opens(first, "copy").text


def test_a_nil_return_made_again_after_it_was_taken_back_counts(typist: Person, first: AuditRequest) -> None:
    typist.opens(first, "not-involved")
    old = dict(typist.hidden)
    typist.presses(first, "not-involved", reason="not_known")
    typist.opens(first, "done")
    typist.presses(first, "involved")
    typist.hidden = old
    page = typist.presses(first, "not-involved", status=409, reason="not_known").text
    assert "This was saved or returned in another place meanwhile." in page
    typist.presses(first, "not-involved", reason="not_known")
    assert kept_of(first).nil_reason == "not_known"


def test_the_texts_of_two_late_pages_are_both_kept(
    person: Person, grant: Grant, first: AuditRequest, audit: Audit, clock: Traveller
) -> None:
    assert audit.closes_at is not None
    closes_at = audit.closes_at
    clock.move_to(closes_at - timedelta(minutes=20))
    person.starts(grant)
    pages = []
    for _ in range(2):
        person.opens(first)
        pages.append(dict(person.hidden))
    clock.move_to(closes_at + timedelta(minutes=3))
    for hidden, words in zip(pages, ("Not since May.", "Twice in June."), strict=True):
        person.hidden = hidden
        person.presses(first, status=409, supervision__comment=words, next__step="save")
    with transaction():
        allow_late_return(first, actor="manager", now=uk_clock.now())
    page = person.opens(first).text
    assert "Twice in June." in page
    assert "Not since May." in page
    person.presses(first, supervision__comment="Not since May. Twice in June.", next__step="save")
    assert person.opens(first).text.count("Not since May.") == 1


def test_a_page_whose_late_return_is_allowed_does_not_say_that_returns_have_closed(
    audit: Audit, first: AuditRequest
) -> None:
    closes_at = audit.closes_at
    assert closes_at is not None

    def told_closed(press: str) -> bool:
        said = (GivenAnswer("supervision", item="comment", text=press),)
        with transaction():
            return store_autosave(first, said, ButtonPress(press, 0), now=closes_at).closed

    assert told_closed("press-number-1")
    with transaction():
        allow_late_return(first, actor="manager", now=closes_at)
    assert not told_closed("press-number-2")


def test_only_unsaved_texts_of_the_same_return_are_deleted(
    make: Maker, audit: Audit, first: AuditRequest
) -> None:
    second = make.requests(audit)[1]
    said = (GivenAnswer("supervision", item="comment", text="Typed"),)
    with transaction():
        for number, audit_request in enumerate((first, second), start=1):
            store_autosave(audit_request, said, ButtonPress(f"press-number-{number}", 0), now=MONDAY_MORNING)
        save_draft(first, said, ButtonPress("press-number-3", 0), now=MONDAY_MORNING)
    with transaction():
        # The ids of another request's text and of a saved one, since a page may send any id.
        delete_autosaves(kept_of(first), (autosave_id("press-number-2"), "press-number-3"))
    stored = select(Revision.submission_id).order_by(Revision.id)
    assert rows_of_test.scalars(stored).all() == [
        autosave_id("press-number-1"),
        autosave_id("press-number-2"),
        "press-number-3",
    ]
    with transaction():
        delete_autosaves(kept_of(first), (autosave_id("press-number-1"),))
    assert len(rows_of_test.scalars(stored).all()) == 2
