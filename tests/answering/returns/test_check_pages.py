"""Checking the answers, returning them and reading the copy, through the pages."""

import contextvars
import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from flask import Flask
from markupsafe import escape
from sqlalchemy.orm import Session
from time_machine import Traveller

from surveyapp.answering.models import Revision
from surveyapp.answering.returns.answers_in_words import answers_in_words, by_section
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.web.access import LINK_IDLE_LIMIT
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit
from tests.answering.conftest import Person, kept_of
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]


People = Callable[[], Person]


def returned(person: Person, grant: Grant, audit_request: AuditRequest, required: dict[str, Any]) -> None:
    person.starts(grant)
    person.opens(audit_request)
    person.presses(audit_request, **required, next__step="check")
    person.opens(audit_request, "check")
    person.presses(audit_request, "check")


AtMost = Callable[[int], AbstractContextManager[list[str]]]


def filled_in(audit_request: AuditRequest) -> dict[str, Any]:
    """The fields of a form with every question answered and commented on."""
    fields: dict[str, Any] = {}
    for question in audit_request.audit.form.questions:
        if question.choice_values:
            fields[question.id] = question.choice_values[0]
        elif question.kind != "contact":
            fields[question.id] = "What the file shows."
        if question.comment:
            fields[f"{question.id}-comment"] = f"On question {question.number}."
    return fields


def test_a_day_is_taken_with_its_month_in_words_and_asked_about_where_its_year_cannot_be(
    person: Person, make: Maker
) -> None:
    care = make.agency("Care", kind="social_care")
    audit = make.audit(cases=1, agencies=[care], form="emotional_abuse_2022")
    (audit_request,) = make.requests(audit)
    person.starts(make.grants(audit)[0])
    asked: dict[str, Any] = {"child_heard": "yes", "next__step": "check"}
    for year, words in (
        ("2206", "Check the date in question 12: 9 March 2206 is still to come"),
        ("0026", "Give the year in question 12 in four figures, like 2026"),
    ):
        person.opens(audit_request)
        page = person.presses(
            audit_request, status=422, strategy_meeting_on=["9", "March", year], **asked
        ).text
        assert words in page
        assert [f'value="{part}"' in page for part in ("March", year)] == [True, True]
        assert words in person.opens(audit_request, "check").text
    person.opens(audit_request)
    person.presses(audit_request, strategy_meeting_on=["9", "Mar", "2026"], **asked)
    page = person.opens(audit_request, "check").text
    assert "Monday 9 March 2026" in page
    person.presses(audit_request, "check")
    assert kept_of(audit_request).returned_at is not None


def test_a_full_form_is_saved_and_returned_in_few_statements(
    person: Person, make: Maker, queries: AtMost
) -> None:
    audit = make.audit(cases=3, agencies=1)
    first = make.requests(audit)[0]
    assert len(audit.form.questions) == 14
    person.starts(make.grants(audit)[0])
    person.opens(first)
    fields = filled_in(first)
    with queries(13):
        person.presses(first, **fields, next__step="check")
    with queries(5):
        person.opens(first, "check")
    with queries(16):
        person.presses(first, "check")
    with queries(9):
        person.opens(first, "done")
    assert kept_of(first).has_returned


def test_the_done_page_says_whether_the_receipt_was_sent(
    person: Person, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=2, agencies=1)
    first = make.requests(audit)[0]
    person.starts(make.grants(audit)[0])
    person.opens(first, "not-involved")
    person.presses(first, "not-involved", reason="not_known")
    assert "A receipt is on its way to your mailbox." in person.opens(first, "done").text
    receipt = session.query(Outbox).one()
    receipt.state, receipt.finished_at = "sent", MONDAY_MORNING
    session.commit()
    page = person.opens(first, "done").text
    assert "A receipt was sent to your mailbox on Monday 30 November 2026 at 9:00am." in page
    receipt.state = "failed"
    session.commit()
    assert "receipt" not in person.opens(first, "done").text.lower().replace("returned", "")


def test_after_close_the_done_page_asks_for_nothing_more(
    person: Person, make: Maker, clock: Traveller
) -> None:
    audit = make.audit(cases=2, agencies=1, returned=1)
    first = make.requests(audit)[0]
    person.starts(make.grants(audit)[0])
    assert "1 more to do by" in person.opens(first, "done").text
    assert audit.closes_at is not None
    clock.move_to(audit.closes_at + timedelta(hours=1))
    person.starts(make.grants(audit)[0])
    page = person.opens(first, "done").text
    assert "Returns closed on Friday 15 January 2027 at 5:00pm. There is nothing more for you to do." in page
    assert "Go on with" not in page
    assert "When returns close" not in page


def test_check_and_return_gives_a_reference_a_receipt_and_the_next_one(
    person: Person, grant: Grant, first: AuditRequest, required: dict[str, Any], outbox: Queued
) -> None:
    person.starts(grant)
    person.opens(first)
    answer = person.presses(first, **required, supervision="yes", next__step="check")
    assert answer.headers["Location"].endswith("/check")
    page = person.opens(first, "check")
    assert "Return this audit of Child 1" in page.text
    done = person.browser.follow(person.presses(first, "check"))
    assert f'Reference <span class="survey-nowrap">{first.reference}</span>' in done.text
    assert "2 more to do by Friday 18 December 2026." in done.text
    assert "Go on with Child 2" in done.text
    assert [mail.kind for mail in outbox()] == ["receipt"]
    assert "1 of 3 returned" in person.reads("/returns/").text


def test_a_return_can_be_changed_until_close_and_stays_returned(
    person: Person, grant: Grant, first: AuditRequest, required: dict[str, Any]
) -> None:
    returned(person, grant, first, required)
    form = person.opens(first)
    assert "You returned this on Monday 30 November 2026" in form.text
    person.presses(first, **required, supervision="no", next__step="save")
    assert kept_of(first).has_returned
    assert "Your changes do not count until you return them" in person.opens(first, "done").text
    assert "These answers take the place of those you returned." in person.opens(first, "check").text
    assert "You saved changes that are not returned, so they do not count yet" in person.starts(grant).text
    person.opens(first, "check")
    person.presses(first, "check")
    assert kept_of(first).version == 4


def test_the_check_page_leads_to_each_question_that_is_not_answered(
    person: Person, grant: Grant, first: AuditRequest, required: dict[str, Any]
) -> None:
    person.starts(grant)
    person.opens(first)
    person.presses(first, **required, supervision="yes", next__step="check")
    page = person.opens(first, "check").text
    answered = {question.number for question in first.audit.form.questions if question.id in required}
    listed = page.partition('id="unanswered">')[2].partition("</section>")[0]
    assert "12 of 14 questions are not answered" in page
    assert {int(number) for number in re.findall(r'#question-(\d+)"', listed)} == set(range(1, 15)) - (
        answered | {first.audit.form.question("supervision").number}
    )
    assert page.index('id="unanswered"') < page.index("govuk-summary-list")


def test_a_comment_is_a_paragraph_of_its_own_with_its_line_breaks(
    person: Person, grant: Grant, first: AuditRequest, required: dict[str, Any]
) -> None:
    returned(person, grant, first, {**required, "supervision__comment": "Not since May.\n\nNor before."})
    page = person.opens(first, "check").text
    paragraph = (
        r'<p class="govuk-body survey-typed survey-said__comment">.*?Not since May\.\n\nNor before\.</p>'
    )
    assert re.search(paragraph, page.replace("\r", ""), re.DOTALL)


def test_who_comes_back_to_the_check_page_learns_that_it_is_returned(
    person: Person, grant: Grant, first: AuditRequest, required: dict[str, Any], outbox: Queued
) -> None:
    returned(person, grant, first, {**required, "supervision__comment": "Liam Jones was seen."})
    page = person.opens(first, "check").text
    assert "Already returned" in page
    assert "Does this name somebody?" not in page
    assert "You can return it like this." not in page
    assert "You returned these answers today at 9:00am." in page
    assert first.reference in page
    assert "Return this audit" not in page
    person.opens(first)
    person.presses(first, **required, supervision="no", next__step="save")
    page = person.opens(first, "check").text
    assert "Already returned" not in page
    assert "Return this audit" in page
    assert [mail.kind for mail in outbox()] == ["receipt"]


def test_a_check_page_open_too_long_says_that_nothing_is_returned_yet(
    person: Person, grant: Grant, first: AuditRequest, required: dict[str, Any], clock: Traveller
) -> None:
    person.starts(grant)
    person.opens(first)
    person.presses(first, **required, next__step="check")
    person.opens(first, "check")
    page = person.presses(first, "check", status=400, csrf_token="").text
    assert "Not returned yet: this page had been open too long. Your answers are saved." in page
    assert "Return this audit of Child 1" in page
    clock.move_to(MONDAY_MORNING + 2 * LINK_IDLE_LIMIT)
    page = person.presses(first, "check", status=404).text
    assert '<h1 class="govuk-heading-l">Not returned yet</h1>' in page
    assert "Open the link from your email again, then check your answers and return them." in page
    assert not kept_of(first).has_returned


def test_the_copy_has_each_question_in_full_where_its_heading_is_short(
    person: Person, grant: Grant, first: AuditRequest, required: dict[str, Any]
) -> None:
    returned(person, grant, first, required)
    shortened = [question for question in first.audit.form.questions if question.ask != question.name]
    page = person.opens(first, "copy").text
    assert shortened
    assert all(str(escape(question.ask)) in page for question in shortened)


def test_the_copy_shows_the_answers_after_close_too(
    person: Person, grant: Grant, first: AuditRequest, required: dict[str, Any], clock: Traveller
) -> None:
    returned(
        person, grant, first, {**required, "supervision": "no", "supervision__comment": "Not since May."}
    )
    assert "Not since May." in person.opens(first, "copy").text
    clock.move_to(first.audit.closes_at)
    person.starts(grant)
    page = person.opens(first, "copy")
    assert "Returns closed on Friday 15 January 2027 at 5:00pm" in page.text
    assert "Not since May." in page.text
    for there in ("", "check", "not-involved"):
        answer = person.browser.get(f"/returns/{first.public_id}/{there}", status=303)
        assert answer.headers["Location"].endswith("/copy")


def test_the_link_of_a_closed_audit_says_so_and_leads_to_the_copies(
    person: Person, stranger: PageClient, grant: Grant, clock: Traveller, audit: Audit
) -> None:
    clock.move_to(audit.closes_at)
    page = stranger.get(f"/r/{token_in(link_for(grant))}/")
    assert "Returns closed on Friday 15 January 2027 at 5:00pm." in page.text
    assert "Start now" not in page.text
    assert "Returns have closed. You can read and print your own copies until" in person.starts(grant).text


def test_a1_the_second_person_at_the_check_page_learns_that_the_case_is_returned(
    person: Person, people: People, grant: Grant, first: AuditRequest, required: dict[str, Any]
) -> None:
    other = people()
    person.starts(grant)
    other.starts(grant)
    person.opens(first)
    person.presses(first, **required, next__step="save")
    person.opens(first, "check")
    other.opens(first, "check")
    person.presses(first, "check")
    done = other.browser.follow(other.presses(first, "check"))
    assert (
        "This was returned in another place at 9:00am, with the answers you were about to return."
        in done.text
    )


def test_a2_a_double_click_is_one_return_and_one_receipt(  # noqa: PLR0913, PLR0917 — fixtures
    app: Flask,
    person: Person,
    grant: Grant,
    first: AuditRequest,
    required: dict[str, Any],
    outbox: Queued,
    session: Session,
) -> None:
    person.starts(grant)
    person.opens(first)
    person.presses(first, **required, next__step="check")
    person.opens(first, "check")
    data = {**person.hidden, "csrf_token": person.browser.token}
    path = f"/returns/{first.public_id}/check"
    cookie = person.browser.http.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    header = {"Cookie": f"{cookie.key}={cookie.value}"}
    session.rollback()
    places = []

    def click() -> None:
        with app.test_client(use_cookies=False) as client:
            answer = client.post(path, data=data, headers=header)
            places.append((answer.status_code, answer.headers.get("Location")))

    threads = [threading.Thread(target=contextvars.Context().run, args=(click,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert places == [(303, f"/returns/{first.public_id}/done")] * 6
    assert len(outbox()) == 1
    assert session.query(Revision).filter_by(kind="submit").count() == 1


def test_answers_stand_in_the_parts_of_their_form(make: Maker) -> None:
    form = make.audit(cases=1, agencies=1, form="neglect_2024").form
    parts = by_section(answers_in_words(form, "police", ()))
    headings = [question.section for question in form.questions_for("police") if question.section]
    assert [heading for heading, _answers in parts if heading] == headings
    questions = [answer.question for _heading, answers in parts for answer in answers]
    assert questions == [answer.question for answer in answers_in_words(form, "police", ())]
