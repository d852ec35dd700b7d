"""The pages for the code: no other page opens before it, and no typed text is lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask import session as cookie
from sqlalchemy.orm import Session
from time_machine import Traveller

from surveyapp.answering.access.codes import (
    CODE_LIFETIME,
    CODES_PER_HOUR,
    CODES_PER_HOUR_AND_BROWSER,
    MOST_TRIES,
)
from surveyapp.answering.models import Code, Revision
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import session as rows
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.web.access import LINK_IDLE_LIMIT, MAX_GRANTS_IN_COOKIE, proved_grants
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit
from tests.answering.access.sent_codes import audit_with_code, code_page_after_start, newest_code
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
MINUTE = timedelta(minutes=1)
TYPED = "Nobody asked the child in May."
PAGES = ("", "check", "copy", "copy.pdf", "done", "not-involved", "blank", "blank.docx", "blank.pdf")


@pytest.fixture
def audit(make: Maker, session: Session) -> Audit:
    """Two cases, about which the police are asked; their contact needs a code."""
    return audit_with_code(make, session)


def test_start_sends_a_code_and_the_code_opens_the_list(person: Person, grant: Grant, outbox: Queued) -> None:
    code_page = code_page_after_start(person, grant)
    assert re.fullmatch(r"/prove/[a-z2-7]{24}/", code_page)
    page = person.reads(code_page).text
    assert "We have sent a code to au…@police.example" in page
    assert "audit@police.example" not in page
    assert 'autocomplete="one-time-code" inputmode="numeric"' in page
    assert [mail.kind for mail in outbox()] == ["code"]
    answer = person.browser.post(code_page, {"proof-code": newest_code()})
    assert "0 of 2 returned." in person.browser.follow(answer).text
    assert person.browser.get(code_page, status=303).headers["Location"] == "/returns/"


def test_a_link_alone_shows_nothing_of_a_child(person: Person, make: Maker, grant: Grant) -> None:
    first, second = grant.requests
    make.returned(first, (GivenAnswer("supervision", item="comment", text=TYPED),))
    make.draft(second, (GivenAnswer("supervision", item="comment", text=TYPED),))
    code_page_after_start(person, grant)
    addresses = ["/returns/"]
    addresses += [
        f"/returns/{audit_request.public_id}/{page}" for audit_request in (first, second) for page in PAGES
    ]
    for address in addresses:
        answer = person.browser.get(address, status=303)
        assert answer.headers["Location"].startswith("/prove/"), address
        page = person.browser.follow(answer).text
        assert not any(words in page + answer.text for words in (TYPED, "Child 1", "Child 2")), address


def test_looking_at_the_page_sends_nothing_and_changes_nothing(
    person: Person, grant: Grant, outbox: Queued, session: Session
) -> None:
    code_page = code_page_after_start(person, grant)
    for _ in range(20):
        person.reads(code_page)
        person.browser.http.head(code_page)
    assert len(outbox()) == 1
    assert session.query(Code).one().attempts == 0


def test_scanners_with_their_own_browsers_leave_the_person_a_code(
    people: Callable[[], Person], person: Person, grant: Grant
) -> None:
    for _ in range(10):
        code_page_after_start(people(), grant)
    code_page = code_page_after_start(person, grant)
    assert "Get a code by email" in person.reads(code_page).text
    person.browser.follow(person.browser.post(f"{code_page}send"))
    answer = person.browser.post(code_page, {"proof-code": newest_code()})
    assert answer.headers["Location"] == "/returns/"


@pytest.mark.parametrize("shape", ["{0}", " {0} ", "{1} {2}", "{1}-{2}", "{1}–{2}.", "\u200b{0}\u00a0"])
def test_a_code_is_taken_however_it_was_pasted(person: Person, grant: Grant, shape: str) -> None:
    code_page = code_page_after_start(person, grant)
    code = newest_code()
    person.browser.post(code_page, {"proof-code": shape.format(code, code[:4], code[4:])})
    assert "0 of 2 returned." in person.reads("/returns/").text


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "abcdefgh", "١٢٣٤٥٦٧٨"])
def test_a_text_that_is_not_eight_digits_costs_no_try(
    person: Person, grant: Grant, session: Session, typed: str
) -> None:
    code_page = code_page_after_start(person, grant)
    page = person.browser.post(code_page, {"proof-code": typed}, status=422).text
    assert "Enter the 8 digits of the code from the email" in page
    assert session.query(Code).one().attempts == 0


def test_a_wrong_code_says_how_many_tries_are_left_and_finally_to_send_another_code(
    person: Person, grant: Grant, clock: Traveller
) -> None:
    code_page = code_page_after_start(person, grant)
    bad = f"{(int(newest_code()) + 1) % 10**8:08d}"
    for left in ("4 tries", "3 tries", "2 tries", "1 try"):
        page = person.browser.post(code_page, {"proof-code": bad}, status=422).text
        assert (
            f"This code is not right, or is older than 10 minutes: use the newest email. You have {left} left"
            in page
        )
    page = person.browser.post(code_page, {"proof-code": bad}, status=422).text
    assert "This code is not right, or cannot be used any more: send another code" in page
    used_up = newest_code()
    assert (
        "cannot be used any more" in person.browser.post(code_page, {"proof-code": used_up}, status=422).text
    )
    clock.move_to(MONDAY_MORNING + MINUTE)
    person.browser.follow(person.browser.post(f"{code_page}send"))
    person.browser.post(code_page, {"proof-code": newest_code()})
    person.reads("/returns/")


def test_an_old_code_is_refused_in_the_same_sentence(person: Person, grant: Grant, clock: Traveller) -> None:
    code_page = code_page_after_start(person, grant)
    clock.move_to(MONDAY_MORNING + CODE_LIFETIME)
    page = person.browser.post(code_page, {"proof-code": newest_code()}, status=422).text
    assert "This code is not right, or cannot be used any more: send another code" in page


def test_at_the_limit_of_codes_the_page_says_until_when_and_whom_to_ring(
    person: Person, grant: Grant, clock: Traveller, outbox: Queued, session: Session
) -> None:
    code_page = code_page_after_start(person, grant)
    for number in range(1, CODES_PER_HOUR_AND_BROWSER):
        clock.move_to(MONDAY_MORNING + number * MINUTE)
        person.browser.post(f"{code_page}send")
    clock.move_to(MONDAY_MORNING + CODES_PER_HOUR * MINUTE)
    page = person.browser.post(f"{code_page}send", status=429).text
    assert "Ask for the next one at 10:00am. Or ring 01234 567890" in page
    clock.move_to(MONDAY_MORNING + 30 * MINUTE)
    page = person.browser.post(f"{code_page}send", status=429).text
    assert "Ask for the next one at 10:00am" in page
    assert "Send me a code" in page
    assert len(outbox()) == CODES_PER_HOUR_AND_BROWSER
    assert session.query(Event).filter_by(action="refused_code").count() == 1, "One event an hour is enough."


def test_a_forwarded_link_sends_the_code_to_the_contact_who_was_asked(
    people: Callable[[], Person], grant: Grant, outbox: Queued
) -> None:
    code_page = code_page_after_start(people(), grant)
    finder = people()
    assert code_page_after_start(finder, grant) == code_page
    assert {mail.to_addr for mail in outbox()} == {"audit@police.example"}
    # The code of one browser opens no page in another.
    third = people()
    code_page_after_start(third, grant)
    third.browser.post(code_page, {"proof-code": newest_code()}, status=422)


def test_the_requested_page_opens_after_the_code(person: Person, first: AuditRequest, grant: Grant) -> None:
    code_page_after_start(person, grant)
    answer = person.browser.get(f"/returns/{first.public_id}/", status=303)
    code_page = answer.headers["Location"]
    answer = person.browser.post(code_page, {"proof-code": newest_code()})
    assert answer.headers["Location"] == f"/returns/{first.public_id}/"
    assert "Child 1" in person.browser.follow(answer).text


@pytest.mark.parametrize("wanted", ["//evil.example", "save", "show_proving", "../finish", "nonsense"])
def test_l9_the_code_never_leads_to_any_other_address(person: Person, grant: Grant, wanted: str) -> None:
    code_page = code_page_after_start(person, grant)
    answer = person.browser.post(f"{code_page}?next={wanted}", {"proof-code": newest_code()})
    assert answer.headers["Location"] == "/returns/"


def test_another_agencys_page_for_the_code_is_not_found(
    person: Person, make: Maker, grant: Grant, session: Session
) -> None:
    other = make.audit(cases=1, agencies=1)
    other.ask_for_code = True
    session.commit()
    theirs = make.requests(other)[0].public_id
    code_page_after_start(person, grant)
    for path in (f"/prove/{theirs}/", f"/prove/{'a' * 24}/"):
        person.browser.get(path, status=404)
        person.browser.post(path, {"proof-code": "12345678"}, status=404)
        person.browser.post(f"{path}send", status=404)


def test_a_code_for_one_of_two_audits_in_one_browser_opens_only_that_one(
    person: Person, make: Maker, grant: Grant
) -> None:
    plain = make.grants(make.audit(cases=1, agencies=[make.agency("Hill Surgery")], title="Early help"))[0]
    person.starts(plain)
    token = token_in(link_for(grant))
    code_page = f"/prove/{grant.requests[0].public_id}/"
    assert person.browser.post("/start/", {"token": token}).headers["Location"].endswith(code_page)
    page = person.reads("/returns/").text
    assert "Early help" in page
    assert "Give the code from your email" in page
    assert "Child 2" not in page
    assert code_page in page
    person.browser.post(code_page, {"proof-code": newest_code()})
    assert "Child 2" in person.reads("/returns/").text


def test_start_on_a_second_link_with_a_code_leads_to_its_own_code(
    person: Person, make: Maker, session: Session, grant: Grant
) -> None:
    second = make.grants(audit_with_code(make, session, agency=make.agency("Hill Surgery")))[0]
    for mine in (grant, second):
        answer = person.browser.post("/start/", {"token": token_in(link_for(mine))})
        assert answer.headers["Location"].endswith(f"/prove/{mine.requests[0].public_id}/")


def test_the_code_is_needed_again_after_an_idle_hour_finish_or_a_new_link(
    person: Person, grant: Grant, clock: Traveller, session: Session
) -> None:
    proves_at = MONDAY_MORNING
    for end in ("idle", "finish", "new link"):
        clock.move_to(proves_at)
        code_page = code_page_after_start(person, grant)
        person.browser.post(code_page, {"proof-code": newest_code()})
        person.reads("/returns/")
        if end == "idle":
            clock.move_to(proves_at + LINK_IDLE_LIMIT + MINUTE)
        elif end == "finish":
            person.browser.post("/finish/")
        else:
            grant.version += 1
            session.commit()
        person.reads("/returns/", status=403)
        proves_at += 2 * LINK_IDLE_LIMIT
        clock.move_to(proves_at)
        assert code_page_after_start(person, grant).startswith("/prove/")


def test_pages_in_use_need_no_second_code(
    person: Person, grant: Grant, clock: Traveller, outbox: Queued
) -> None:
    code_page = code_page_after_start(person, grant)
    person.browser.post(code_page, {"proof-code": newest_code()})
    for number in range(1, 4):
        clock.move_to(MONDAY_MORNING + number * (LINK_IDLE_LIMIT - MINUTE))
        person.reads("/returns/")
    assert "0 of 2 returned." in person.starts(grant).text
    assert len(outbox()) == 1


def test_thirty_links_with_codes_fit_into_one_cookie(
    person: Person, make: Maker, app: Flask, session: Session
) -> None:
    with person.browser.http.session_transaction() as cookie:
        ids = [make.grants(make.audit(cases=1, agencies=1))[0].public_id for _ in range(MAX_GRANTS_IN_COOKIE)]
        cookie["survey_grants"] = cookie["survey_proved"] = dict.fromkeys(ids, 1)
        cookie["survey_browser"] = "x" * 22
        cookie["survey_seen"] = int(MONDAY_MORNING.timestamp())
    session.rollback()
    person.reads("/returns/")
    kept = person.browser.http.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert kept is not None
    assert len(kept.value) < 4_000


def test_a_code_is_asked_for_only_if_references_are_stored_and_staff_did_not_choose_never(
    person: Person, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1)
    grant = make.grants(audit)[0]
    assert "Your agency’s file on Child 1" in person.starts(grant).text
    audit.cases[0].involvements[0].own_reference = "OCC/4471"
    session.commit()
    person.browser.get("/returns/", status=303)
    audit.ask_for_code = False
    session.commit()
    assert "0 of 1 returned." in person.reads("/returns/").text


def test_deciding_whether_to_ask_for_a_code_costs_the_form_page_no_statement(
    person: Person, make: Maker, queries: Callable[[int], Any]
) -> None:
    first = make.requests(make.audit(cases=1, agencies=1))[0]
    person.starts(first.grant)
    path = f"/returns/{first.public_id}/"
    person.reads(path)
    with queries(8) as seen:
        person.reads(path)
    assert not any(
        "survey_involvement" in statement and "survey_audit_request" not in statement for statement in seen
    )


def test_a_copy_after_close_needs_the_code_too(
    person: Person,
    make: Maker,
    grant: Grant,
    first: AuditRequest,
    clock: Traveller,
) -> None:
    make.returned(first, (GivenAnswer("supervision", item="comment", text=TYPED),))
    closes_at = first.audit.closes_at
    assert closes_at is not None
    clock.move_to(closes_at + MINUTE)
    code_page_after_start(person, grant)
    answer = person.browser.get(f"/returns/{first.public_id}/copy", status=303)
    answer = person.browser.post(answer.headers["Location"], {"proof-code": newest_code()})
    assert TYPED in person.browser.follow(answer).text


def test_the_audit_page_of_a_request_says_who_gave_a_code_and_where_it_went_wrong(
    person: Person, client: Any, grant: Grant, first: AuditRequest
) -> None:
    code_page = code_page_after_start(person, grant)
    bad = f"{(int(newest_code()) + 1) % 10**8:08d}"
    for _ in range(MOST_TRIES):
        person.browser.post(code_page, {"proof-code": bad}, status=422)
    page = client.get(f"/audits/{first.audit_id}/requests/{first.id}").text
    assert "was sent a code, to open the pages on a device" in page
    assert "typed five wrong codes; the pages stayed shut" in page


PAT: dict[str, Any] = {"name": "Pat Lowe", "email": "pat@kent.police.uk", "how": "submit"}


def proves(person: Person, grant: Grant) -> None:
    """Open the link and enter the code."""
    code_page = code_page_after_start(person, grant)
    person.browser.post(code_page, {"proof-code": newest_code()})


def test_without_the_code_a_passed_case_is_neither_shown_nor_taken_back(
    people: Callable[[], Person], person: Person, grant: Grant
) -> None:
    proves(person, grant)
    mine = list(grant.requests)
    for audit_request in mine:
        person.presses(audit_request, "pass-on", **PAT)
    address = f"/returns/{mine[0].public_id}"
    leaked = people()
    code_page = code_page_after_start(leaked, grant)
    for page in ("/", "/check", "/passed-on"):
        answer = leaked.browser.get(address + page, status=303)
        assert answer.headers["Location"].startswith("/prove/"), page
    assert "Pat Lowe" not in leaked.browser.get(code_page).text
    assert leaked.browser.post(f"{address}/take-back").headers["Location"].startswith("/prove/")
    kept = leaked.browser.post(f"{address}/autosave", status=403)
    assert "Pat Lowe" not in kept.text
    assert "With Pat Lowe" in person.reads("/returns/").text
    # With the code from their own mailbox, not the colleague's, they see the case and take it back.
    assert "au…@police.example" in leaked.browser.get(code_page).text
    answer = leaked.browser.post(code_page, {"proof-code": newest_code()})
    assert "With Pat Lowe" in leaked.browser.follow(answer).text
    leaked.browser.post(f"{address}/take-back")
    assert "Your agency’s file on Child 1" in leaked.opens(mine[0]).text


def test_the_outcome_of_a_passed_case_is_shown_after_the_code(
    people: Callable[[], Person], person: Person, grant: Grant
) -> None:
    proves(person, grant)
    first = grant.requests[0]
    person.presses(first, "pass-on", **PAT)
    theirs = rows.query(Grant).order_by(Grant.id.desc()).all()[0]
    colleague, leaked = people(), people()
    token = token_in(link_for(theirs))
    for somebody in (leaked, colleague):
        somebody.browser.get(f"/r/{token}/")
        somebody.browser.post("/start/", {"token": token})
    colleague.browser.post(f"/prove/{first.public_id}/", {"proof-code": newest_code()})
    done = colleague.browser.follow(colleague.browser.post(f"/returns/{first.public_id}/send-back"))
    assert "Sent back" in done.text
    leaked.browser.get(f"/returns/{first.public_id}/given-back", status=404)
    leaked.browser.get(f"/returns/{first.public_id}/", status=404)


def test_a_new_link_needs_a_new_code_in_the_same_browser(
    person: Person, grant: Grant, first: AuditRequest, session: Session, outbox: Queued
) -> None:
    proves(person, grant)
    person.opens(first)
    grant.version += 1
    session.commit()
    before = len(outbox())
    # The cookie still proves the earlier version of the link, which does not count for this one.
    code_page = code_page_after_start(person, grant)
    assert len(outbox()) == before + 1
    for page in PAGES:
        answer = person.browser.get(f"/returns/{first.public_id}/{page}", status=303)
        assert answer.headers["Location"].startswith("/prove/"), page
    assert person.browser.get("/returns/", status=303).headers["Location"].startswith("/prove/")
    person.browser.post(code_page, {"proof-code": newest_code()})
    assert "Child 1" in person.reads("/returns/").text


def test_a_code_counts_only_for_the_version_of_the_link_that_the_browser_holds(
    app: Flask, grant: Grant
) -> None:
    for held, proved, expected in (
        ({grant.public_id: 2}, {grant.public_id: 2}, {grant.public_id: 2}),
        ({grant.public_id: 2}, {grant.public_id: 1}, {}),
        ({grant.public_id: 1}, {grant.public_id: 2}, {}),
        ({}, {grant.public_id: 2}, {}),
        ({grant.public_id: 2}, {}, {}),
        ({grant.public_id: 2}, "nonsense", {}),
    ):
        with app.test_request_context():
            cookie.update(
                survey_grants=held,
                survey_proved=proved,
                survey_browser="x" * 22,
                survey_seen=int(MONDAY_MORNING.timestamp()),
            )
            assert proved_grants() == expected, (held, proved)


def test_a_code_for_an_earlier_link_does_not_show_the_outcome_of_a_passed_case(
    people: Callable[[], Person], person: Person, grant: Grant
) -> None:
    proves(person, grant)
    first = grant.requests[0]
    person.presses(first, "pass-on", **PAT)
    theirs = rows.query(Grant).order_by(Grant.id.desc()).all()[0]
    colleague = people()
    proves(colleague, theirs)
    with colleague.browser.http.session_transaction() as kept:
        kept["survey_proved"] = {theirs.public_id: theirs.version - 1}
    person.browser.post(f"/returns/{first.public_id}/take-back")
    colleague.browser.get(f"/returns/{first.public_id}/given-back", status=404)
    with colleague.browser.http.session_transaction() as kept:
        kept["survey_proved"] = dict(kept["survey_grants"])
    assert "no longer with you" in colleague.reads(f"/returns/{first.public_id}/given-back").text


def test_a_new_link_pasted_on_a_page_needs_a_new_code(
    person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    proves(person, grant)
    person.opens(first)
    grant.version += 1
    session.commit()
    typed: dict[str, Any] = {"supervision__comment": TYPED, "next__step": "save"}
    page = person.presses(first, status=403, pasted__link=link_for(grant), **typed).text
    assert "This page needs a code from your email." in page
    assert TYPED in page
    assert session.query(Revision).count() == 0
    person.presses(first, proof__code=newest_code(), **typed)
    assert TYPED in person.opens(first).text
