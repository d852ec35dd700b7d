"""Delegating a case, as the contact and the colleague see it on their pages."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import Traveller
from werkzeug.test import TestResponse

from surveyapp.answering.returns.queries import return_of, working_revision
from surveyapp.closing.operations import close_returns
from surveyapp.foundation.store.db import session as rows
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.link_operations import send_new_link
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.issuing.withdrawal_operations import take_back_withdrawal, withdraw_request
from surveyapp.planning.models import Audit
from tests.answering.conftest import Person, kept_of
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
AtMost = Callable[[int], AbstractContextManager[list[str]]]
People = Callable[[], Person]

SAM = "Sam Hart"
PAT: dict[str, Any] = {"name": "Pat Lowe", "email": "pat@kent.police.uk", "how": "submit"}
TO_CHECK = {**PAT, "how": "back"}


@pytest.fixture
def audit(make: Maker) -> Audit:
    agency = make.agency("Northside Police", contact="audit@police.example")
    agency.contacts[0].name = SAM
    return make.audit(cases=2, agencies=[agency], title="Repeat plans, 2027")


@pytest.fixture
def sam(person: Person, grant: Grant) -> Person:
    """The agency's contact, who has started from their link."""
    person.starts(grant)
    return person


def colleague(people: People, sam: Person, first: AuditRequest, said: dict[str, Any]) -> Person:
    """A colleague to whom Sam has passed Child 1, started from their own link."""
    sam.presses(first, "pass-on", **said)
    pat = people()
    pat.starts(rows.scalars(select(Grant).order_by(Grant.id.desc())).all()[0])
    return pat


@pytest.fixture
def pat(people: People, sam: Person, first: AuditRequest) -> Person:
    """A colleague who returns the case themselves."""
    return colleague(people, sam, first, PAT)


@pytest.fixture
def checked_pat(people: People, sam: Person, first: AuditRequest) -> Person:
    """A colleague who sends the answers back for Sam to check."""
    return colleague(people, sam, first, TO_CHECK)


def plain(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def ended(pat: Person, answer: TestResponse) -> TestResponse:
    """The page after the colleague has returned the case and nothing of it is left with them."""
    on = pat.browser.get(answer.headers["Location"], status=303)
    return pat.browser.follow(on)


def test_a_contact_passes_a_case_on_and_sees_who_has_it(
    sam: Person, first: AuditRequest, session: Session
) -> None:
    form = sam.opens(first)
    assert f"/returns/{first.public_id}/pass-on" in form.text
    assert "Pass Child 1 to a colleague" in sam.opens(first, "pass-on").text
    there = sam.browser.follow(sam.presses(first, "pass-on", **PAT))
    assert "Child 1 is with Pat Lowe now. They get an email" in there.text
    assert "They return it; then you can read and change it" in there.text
    assert session.scalars(select(Delegation)).one().sends_back is False
    page = sam.reads("/returns/")
    assert "With Pat Lowe since Mon 30 November" in plain(page)
    assert "0 of 2 returned. 2 to do by Friday 18 December 2026 (1 with a colleague)" in plain(page)
    assert f'href="/returns/{first.public_id}/passed-on"' in page.text


@pytest.mark.parametrize(
    ("said", "mistake"),
    [
        ({**PAT, "name": " "}, "Enter your colleague’s name"),
        ({**PAT, "email": "pat at police"}, "is not an email address"),
        (
            {**PAT, "email": "pat.o’dea@police.example"},
            "curly apostrophe: write pat.o&#39;dea@police.example",
        ),
        ({**PAT, "email": "pat@zoë.example"}, "has “ë” in it, which mail servers do not take"),
        (
            {**PAT, "name": "Click http://evil.example/win now"},
            "Leave “://” out of the name: the name goes into emails, which would make a link of it",
        ),
        ({**PAT, "how": ""}, "Choose who returns it"),
        ({**PAT, "email": "Audit@police.example", "warned_of": "police.example"}, "This is your own address"),
    ],
)
def test_missing_fields_are_named_beside_them(
    sam: Person, first: AuditRequest, session: Session, said: dict[str, Any], mistake: str
) -> None:
    page = sam.browser.post(f"/returns/{first.public_id}/pass-on", said, status=422)
    assert mistake in page.text
    assert session.scalars(select(Delegation)).all() == []


def test_a_case_goes_to_an_unknown_domain_only_after_a_warning(
    sam: Person, first: AuditRequest, session: Session
) -> None:
    path = f"/returns/{first.public_id}/pass-on"
    private = {**PAT, "email": "pat@gmail.example"}
    page = sam.browser.post(path, private, status=200)
    assert "“gmail.example” is not among the work addresses we know." in page.text
    assert "Yes, pass it to pat@gmail.example" in page.text
    assert 'value="gmail.example"' in page.text
    assert session.scalars(select(Delegation)).all() == []
    # A second unknown domain is asked about again.
    other = sam.browser.post(
        path, {**private, "email": "p@mail.example", "warned_of": "gmail.example"}, status=200
    )
    assert "“mail.example” is not" in other.text
    sam.browser.post(path, {**private, "warned_of": "gmail.example"}, status=303)
    assert session.scalars(select(Delegation)).one().to_grant.contact.email == "pat@gmail.example"


def test_a_second_tab_does_not_pass_a_case_twice(
    sam: Person, first: AuditRequest, session: Session, outbox: Queued
) -> None:
    path = f"/returns/{first.public_id}/pass-on"
    for said in (PAT, PAT, {**PAT, "email": "kim@kent.police.uk"}):
        there = sam.browser.post(path, said, status=303)
        assert there.headers["Location"].endswith("/passed-on")
    assert session.scalars(select(Delegation)).one().to_grant.contact.name == "Pat Lowe"
    assert [mail.kind for mail in outbox()] == ["passed_on"]


def test_the_colleague_opens_that_case_alone_and_is_told_who_passed_it(
    pat: Person, make: Maker, audit: Audit, first: AuditRequest
) -> None:
    second = make.requests(audit)[1]
    page = pat.reads("/returns/")
    assert f"Passed to you by {SAM}" in page.text
    assert "Child 2" not in page.text
    assert "pass it to them" not in page.text
    pat.reads(f"/returns/{second.public_id}/", status=404)
    form = pat.opens(first)
    assert f"{SAM} passed this to you. When you have answered, you return it yourself." in plain(form)
    assert "Pass it on" not in form.text
    there = pat.browser.get(f"/returns/{first.public_id}/pass-on", status=303)
    assert there.headers["Location"].endswith(f"/returns/{first.public_id}/")
    pat.browser.post(
        f"/returns/{first.public_id}/pass-on", {**PAT, "email": "kim@kent.police.uk"}, status=409
    )
    landing = pat.browser.get("/r/" + token_in(link_for(make.grants(audit)[-1])) + "/")
    assert f"Passed to you by {SAM}." in landing.text


def test_the_passer_sees_the_progress_and_takes_the_case_back_with_saved_answers(
    sam: Person, pat: Person, first: AuditRequest, required: dict[str, Any], clock: Traveller
) -> None:
    assert "Not started" in plain(sam.opens(first, "passed-on"))
    pat.opens(first)
    clock.move_to(MONDAY_MORNING + timedelta(minutes=30))
    pat.presses(first, next__step="save", **required)
    assert re.search(r"With Pat Lowe since Mon 30 November: 1 of \d+ answered", plain(sam.reads("/returns/")))
    assert re.search(r"1 of \d+ answered, saved", plain(sam.opens(first, "passed-on")))
    typing = dict(pat.hidden)
    back = sam.browser.follow(sam.presses(first, "take-back"))
    assert "It is with you again, with what was saved." in back.text
    assert "The plan was followed." in back.text
    # The colleague's next press stores nothing and gives the text back.
    page = pat.browser.post(
        f"/returns/{first.public_id}/", {**typing, "supervision-comment": "Typed meanwhile."}, status=410
    )
    assert "Child 1 is not with you any more." in page.text
    assert "Typed meanwhile." in page.text
    kept = pat.browser.post(f"/returns/{first.public_id}/autosave", typing, status=404)
    assert kept.json == {
        "kept": "",
        "says": "Child 1 is not with you any more. Your text stays on this page.",
    }
    gone = pat.browser.follow(pat.browser.get(f"/returns/{first.public_id}/", status=303))
    assert "Child 1 is no longer with you" in gone.text
    assert "The plan was followed." not in gone.text
    pat.reads("/returns/", status=403)
    again = sam.browser.follow(sam.presses(first, "take-back"))
    assert "Your agency’s file on Child 1" in again.text


def test_the_colleagues_ended_link_says_that_nothing_is_left_to_do(
    sam: Person, pat: Person, first: AuditRequest, make: Maker, audit: Audit
) -> None:
    token = token_in(link_for(make.grants(audit)[-1]))
    sam.presses(first, "take-back")
    page = pat.browser.get(f"/r/{token}/", status=404)
    assert "What was passed to you is not with you any more" in page.text
    assert "There is nothing for you to do." in page.text


def test_text_on_an_open_page_of_the_passer_is_kept_while_a_colleague_has_the_case(
    sam: Person, first: AuditRequest, session: Session
) -> None:
    sam.opens(first)
    open_page = dict(sam.hidden)
    sam.presses(first, "pass-on", **PAT)
    path = f"/returns/{first.public_id}/"
    page = sam.browser.post(path, {**open_page, "supervision-comment": "Written before."}, status=410)
    assert "You passed this to Pat Lowe." in page.text
    assert "Written before." in page.text
    assert return_of(first) is None
    sam.presses(first, "take-back")
    sam.browser.post(path, {**open_page, "supervision-comment": "Written before."}, status=303)
    session.expire_all()
    draft = working_revision(return_of(first))
    assert draft is not None
    assert "Written before." in [answer.text for answer in draft.answers]


def test_the_colleague_returns_the_case_and_the_passer_reads_and_corrects_it(
    sam: Person, pat: Person, first: AuditRequest, required: dict[str, Any], outbox: Queued
) -> None:
    pat.opens(first)
    pat.presses(first, next__step="check", **required)
    check = pat.opens(first, "check")
    assert f"{SAM} can read and change it" in check.text
    pressed = dict(pat.hidden)
    done = ended(pat, pat.presses(first, "check"))
    assert "Returned" in done.text
    assert first.reference in done.text
    assert "The plan was followed." not in done.text
    # A second press shows the same page and makes neither a return nor a receipt.
    twice = pat.browser.post(f"/returns/{first.public_id}/check", pressed, status=303)
    assert first.reference in pat.browser.follow(twice).text
    assert [mail.to_addr for mail in outbox() if mail.kind == "receipt"] == [
        "pat@kent.police.uk",
        "audit@police.example",
    ]
    page = sam.reads("/returns/")
    assert "Returned by Pat Lowe. View or change" in plain(page)
    assert "1 of 2 returned. 1 to do" in plain(page)
    assert "The plan was followed." in sam.opens(first, "copy").text
    sam.opens(first)
    sam.presses(first, next__step="check", **{**required, "supervision-comment": "Corrected."})
    sam.opens(first, "check")
    sam.presses(first, "check")
    assert "Corrected." in sam.opens(first, "copy").text


def test_a_colleague_who_makes_a_nil_return_has_finished(
    sam: Person, pat: Person, first: AuditRequest
) -> None:
    pat.opens(first, "not-involved")
    answer = pat.presses(first, "not-involved", reason="not_known")
    assert "Returned" in ended(pat, answer).text
    assert "Returned by Pat Lowe." in plain(sam.reads("/returns/"))


def test_answers_to_be_checked_go_back_to_the_check_page_of_the_passer(
    sam: Person,
    checked_pat: Person,
    first: AuditRequest,
    required: dict[str, Any],
    outbox: Queued,
) -> None:
    pat = checked_pat
    form = pat.opens(first)
    assert f"send it back: {SAM} checks and returns it." in plain(form)
    assert "Check and send back" in form.text
    there = pat.browser.get(f"/returns/{first.public_id}/not-involved", status=303)
    assert there.headers["Location"].endswith("/send-back")
    pat.opens(first)
    pat.presses(first, next__step="check", **required)
    check = pat.opens(first, "check")
    assert f"Send back to {SAM} to check" in check.text
    assert "Return this audit" not in check.text
    refused = pat.browser.post(f"/returns/{first.public_id}/check", pat.hidden, status=409)
    assert f"{SAM} wants to check this before it is returned" in refused.text
    done = pat.browser.follow(pat.presses(first, "send-back"))
    assert "Sent back" in done.text
    assert pat.browser.follow(pat.presses(first, "send-back")).status_code == 200, "Twice is once."
    assert [mail.kind for mail in outbox()] == ["passed_on", "sent_back"]
    row = plain(sam.reads("/returns/"))
    assert re.search(
        r"Sent back by Pat Lowe Mon 30 November: \d+ of \d+ answered Not involved : Child 1 Ready to check",
        row,
    )
    assert "Return this audit of Child 1" in sam.opens(first, "check").text
    sam.presses(first, "check")
    assert kept_of(first).returned_at is not None


def test_a_colleague_who_cannot_answer_sends_the_case_back_empty(
    sam: Person, pat: Person, first: AuditRequest, grant: Grant
) -> None:
    assert "Nothing has been saved yet." in pat.opens(first, "send-back").text
    pat.presses(first, "send-back")
    assert "Sent back by Pat Lowe Mon 30 November, with nothing answered" in plain(sam.reads("/returns/"))
    back = sam.browser.get(f"/returns/{first.public_id}/send-back", status=303)
    assert back.headers["Location"].endswith(f"/returns/{first.public_id}/")
    assert grant.revoked_at is None


def test_a_contact_who_delegated_everything_still_has_a_list_and_a_landing_page(
    sam: Person, grant: Grant, make: Maker, audit: Audit, people: People
) -> None:
    for audit_request in make.requests(audit):
        sam.presses(audit_request, "pass-on", **PAT)
    page = sam.reads("/returns/")
    assert plain(page).count("With Pat Lowe since") == 2
    assert "2 to do by Friday 18 December 2026 (2 with a colleague)" in plain(page)
    assert "With Pat Lowe" in people().starts(grant).text


def test_cases_of_closed_audits_and_withdrawn_requests_cannot_be_passed_on(
    sam: Person, first: AuditRequest, make: Maker, audit: Audit
) -> None:
    second = make.requests(audit)[1]
    sam.presses(second, "pass-on", **PAT)
    with transaction():
        withdraw_request(second, reason="No", actor="ann", now=MONDAY_MORNING)
    sam.reads("/returns/")
    assert "Child 2" not in sam.reads("/returns/").text
    sam.browser.get(f"/returns/{second.public_id}/passed-on", status=404)
    sam.browser.post(f"/returns/{second.public_id}/take-back", {}, status=404)
    with transaction():
        take_back_withdrawal(second, actor="ann", now=MONDAY_MORNING)
        close_returns(audit, actor="ann", now=MONDAY_MORNING)
    assert (
        "Pass this"
        not in sam.browser.follow(sam.browser.get(f"/returns/{first.public_id}/", status=303)).text
    )
    refused = sam.browser.post(f"/returns/{first.public_id}/pass-on", PAT, status=409)
    assert "Nothing can be passed on any more." in refused.text
    assert "With Pat Lowe since Mon 30 November" in plain(sam.reads("/returns/"))
    sam.presses(second, "take-back")
    assert "Returns have closed" in sam.reads("/returns/").text


def test_an_expired_page_keeps_the_typed_text(sam: Person, first: AuditRequest) -> None:
    sam.opens(first, "pass-on")
    path = f"/returns/{first.public_id}/pass-on"
    page = sam.browser.post(path, {**PAT, "csrf_token": "old"}, status=400)
    assert "Nothing was passed on: press the button again." in page.text
    assert 'value="pat@kent.police.uk"' in page.text


@pytest.mark.slow
def test_the_pages_of_a_delegation_are_not_found_by_others(
    people: People, pat: Person, sam: Person, first: AuditRequest, make: Maker
) -> None:
    pat.opens(first)
    stranger = people()
    stranger.starts(make.grants(make.audit(agencies=1))[0])
    for page in ("passed-on", "given-back", "pass-on", "send-back"):
        stranger.browser.get(f"/returns/{first.public_id}/{page}", status=404)
    for page in ("take-back", "pass-on", "send-back"):
        stranger.browser.post(f"/returns/{first.public_id}/{page}", PAT, status=404)
    # The colleague cannot take the case back, nor can the passer send it back.
    there = pat.browser.post(f"/returns/{first.public_id}/take-back", {}, status=303)
    assert there.headers["Location"].endswith(f"/returns/{first.public_id}/")
    sam.browser.post(f"/returns/{first.public_id}/send-back", {}, status=303)
    assert "With Pat Lowe" in sam.reads("/returns/").text


def test_a_link_withdrawn_by_the_partnership_shows_nothing_afterwards(
    sam: Person, pat: Person, first: AuditRequest, make: Maker, audit: Audit
) -> None:
    theirs = make.grants(audit)[-1]
    with transaction():
        send_new_link(theirs, seen=theirs.version, actor="ann", now=MONDAY_MORNING)
    sam.presses(first, "take-back")
    pat.browser.get(f"/returns/{first.public_id}/given-back", status=404)


def test_the_list_takes_one_more_statement_for_any_number_of_passed_cases(
    app: Flask, people: People, make: Maker, queries: AtMost
) -> None:
    for cases in (2, 12):
        audit = make.audit(cases=cases, agencies=1)
        sam = people()
        sam.starts(make.grants(audit)[0])
        for audit_request in make.requests(audit)[: cases // 2]:
            sam.presses(audit_request, "pass-on", **PAT)
        with queries(9):
            sam.reads("/returns/")
        with queries(8):
            sam.opens(make.requests(audit)[-1])
    assert app.extensions["survey"].settings.known_domains[0] == "gov.uk"


def test_the_manager_sees_who_has_a_passed_case(
    client: PageClient, pat: Person, first: AuditRequest, audit: Audit
) -> None:
    pat.opens(first)
    page = plain(client.get(f"/audits/{audit.id}/requests/{first.id}"))
    assert f"By {SAM}, on" in page
    assert "Pat Lowe returns it" in page
    assert f"{SAM} passed it to Pat Lowe" in page
    assert "Passed to a colleague pat@kent.police.uk" in page
    outstanding = plain(client.get(f"/audits/{audit.id}/outstanding"))
    assert "Pat Lowe, Northside Police" in outstanding
    assert f"passed on by {SAM}" in outstanding
    assert "Colleague, for cases passed to them" in client.get(f"/agencies/{first.agency_id}").text
    contact = make_contact_path(first)
    assert "Colleague, for cases passed to them" in client.get(contact).text


def make_contact_path(first: AuditRequest) -> str:
    contact = first.agency.contacts[-1]
    return f"/agencies/{first.agency_id}/contacts/{contact.id}"
