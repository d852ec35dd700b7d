"""The list of returns, and finishing on a shared computer."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from time_machine import Traveller

from surveyapp.answering.returns.queries import return_of
from surveyapp.foundation.store.models import FinishedBrowser
from surveyapp.foundation.web.access import LINK_IDLE_LIMIT
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit
from surveyapp.standalone.passwords.password_hashes import hash_password
from tests.accounts import staff_row
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

AtMost = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def two_agencies(make: Maker) -> Audit:
    agencies = [make.agency("Northside Police"), make.agency("Southside Police")]
    return make.audit(cases=2, agencies=agencies, title="Repeat plans, 2027")


def test_two_agencies_in_one_browser_are_listed_apart_and_each_page_names_its_agency(
    person: Person, make: Maker, two_agencies: Audit
) -> None:
    grant, other_grant = make.grants(two_agencies)
    first, other = grant.requests[0], other_grant.requests[0]
    assert '<span class="govuk-caption-l" data-typed>Northside Police</span>' in person.starts(grant).text
    page = person.starts(other_grant).text
    north, south = page.index("Northside Police"), page.index("Southside Police")
    assert north < page.index("0 of 2 returned.") < south < page.rindex("0 of 2 returned.")
    assert page.count("A separate message") == 1
    for there in ("", "not-involved"):
        assert "Northside Police, Repeat plans, 2027" in person.opens(first, there).text
        assert "Southside Police, Repeat plans, 2027" in person.opens(other, there).text
    person.opens(first, "not-involved")
    person.presses(first, "not-involved", reason="not_known")
    assert "Child 1, Northside Police, Repeat plans, 2027" in person.opens(first, "done").text


def test_after_close_the_list_asks_for_nothing_and_says_that_a_draft_was_not_returned(
    person: Person, make: Maker, grant: Grant, first: AuditRequest, clock: Traveller
) -> None:
    make.draft(first)
    closes_at = first.audit.closes_at
    assert closes_at is not None
    clock.move_to(closes_at + timedelta(hours=1))
    page = person.starts(grant).text
    assert "Returns have closed. What you saved is kept, and does not count." in page
    assert "open that child and say so there" not in page


def test_finishing_clears_the_browser_and_keeps_saved_answers(
    person: Person, grant: Grant, first: AuditRequest
) -> None:
    assert "Finish on this computer" in person.starts(grant).text
    person.opens(first)
    person.presses(first, supervision="yes", next__step="save")
    page = person.browser.follow(person.browser.post("/finish/"))
    assert "You have finished on this computer" in page.text
    assert "Open the link from your email again" in person.reads("/returns/", status=403).text
    form = person.reads(f"/returns/{first.public_id}/", status=404)
    assert "Open the link from your email again" in form.text
    assert "1 of 14 answered" in person.starts(grant).text


def copied_cookie(person: Person, app: Flask) -> Person:
    """A browser into which somebody has copied the cookie of another."""
    thief = Person(app)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = person.browser.http.get_cookie(name)
    assert cookie is not None
    thief.browser.http.set_cookie(name, cookie.value)
    return thief


def test_finishing_ends_copies_of_the_cookie_too_and_nobody_elses_visit(
    app: Flask, person: Person, people: Callable[[], Person], grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    person.opens(first)
    thief, colleague = copied_cookie(person, app), people()
    colleague.starts(grant)
    thief.opens(first)
    person.browser.post("/finish/")
    for page in ("", "not-involved", "copy.pdf"):
        thief.reads(f"/returns/{first.public_id}/{page}", status=404)
    thief.reads("/returns/", status=403)
    thief.presses(first, status=404, supervision="yes", next__step="save")
    colleague.opens(first)
    assert "0 of 3 returned" in person.starts(grant).text


def test_a_finished_visit_stays_finished_for_as_long_as_a_copy_could_be_used(
    app: Flask, people: Callable[[], Person], grant: Grant, clock: Traveller, session: Session
) -> None:
    person = people()
    person.starts(grant)
    thief = copied_cookie(person, app)
    person.browser.post("/finish/")
    for minutes in (1, 30, 59, 61, 121, 300):
        clock.move_to(MONDAY_MORNING + timedelta(minutes=minutes))
        other = people()
        other.starts(grant)
        other.browser.post("/finish/")
        copied_cookie(thief, app).reads("/returns/", status=403)
    assert session.query(FinishedBrowser).count() == 1, "Rows that no cookie needs any more are removed."


def test_finishing_without_a_link_stores_nothing(stranger: PageClient, session: Session) -> None:
    stranger.post("/finish/")
    assert session.query(FinishedBrowser).count() == 0


def test_a_browser_forgets_the_link_after_an_idle_hour_but_not_while_in_use(
    person: Person, grant: Grant, clock: Traveller
) -> None:
    person.starts(grant)
    now = MONDAY_MORNING
    for _ in range(3):
        now += LINK_IDLE_LIMIT - timedelta(minutes=1)
        clock.move_to(now)
        person.reads("/returns/")
    clock.move_to(now + LINK_IDLE_LIMIT + timedelta(minutes=1))
    person.reads("/returns/", status=403)
    clock.move_to(now + LINK_IDLE_LIMIT + timedelta(minutes=2))
    person.reads("/returns/", status=403)
    person.starts(grant)


def test_a_cookie_from_before_the_limit_asks_for_the_link(person: Person, grant: Grant) -> None:
    person.starts(grant)
    with person.browser.http.session_transaction() as cookie:
        del cookie["survey_seen"]
        cookie["the_hosts_own"] = "stays"
    person.reads("/returns/", status=403)
    with person.browser.http.session_transaction() as cookie:
        assert "survey_grants" not in cookie
        assert cookie["the_hosts_own"] == "stays"


def test_the_list_shows_the_progress_of_each_return(
    person: Person, make: Maker, grant: Grant, audit: Audit
) -> None:
    requests = make.requests(audit)
    make.draft(requests[0])
    make.returned(requests[1])
    page = person.starts(grant).text
    assert "1 of 3 returned." in page
    assert "2 to do by Friday 18 December 2026." in page
    assert "1 of 14 answered, saved today at 9:00am" in page
    # A child whose form was begun may turn out not to be known: the started row keeps the way.
    assert page.count('">Not involved<') == 2
    assert f'href="/returns/{requests[0].public_id}/not-involved"' in page
    assert "Returned Mon 30 November" in page
    assert "Not started" in page


def test_links_of_two_audits_are_in_one_list_and_answers_are_stored_for_the_right_audit(
    person: Person, make: Maker, grant: Grant, first: AuditRequest
) -> None:
    other_audit = make.audit(cases=1, agencies=[grant.contact.agency], title="Neglect, 2027")
    other = make.requests(other_audit)[0]
    person.starts(grant)
    page = person.starts(make.grants(other_audit)[0])
    assert "Neglect, 2027" in page.text
    assert "Repeat plans, 2027" in page.text
    person.opens(other)
    person.opens(first)
    person.presses(first, supervision="no", next__step="save")
    assert return_of(first) is not None
    assert return_of(other) is None


def test_the_list_takes_as_many_statements_for_seventeen_cases_as_for_three(
    person: Person, make: Maker, grant: Grant, queries: AtMost
) -> None:
    person.starts(grant)
    with queries(8) as few:
        person.reads("/returns/")
    big = make.grants(make.audit(cases=17, agencies=1))[0]
    person.starts(big)
    with queries(8) as many:
        person.reads("/returns/")
    assert len(many) == len(few)


def test_signing_in_as_staff_ends_copies_of_a_contacts_cookie(
    app: Flask, person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    password = "long enough to keep"  # noqa: S105 — of this test
    email = "ann@partnership.example"
    staff = staff_row(email=email, password_hash=hash_password(password))
    session.add(staff)
    session.commit()
    person.starts(grant)
    thief = copied_cookie(person, app)
    thief.opens(first)
    person.browser.get("/sign-in")
    person.browser.post("/sign-in", {"email": email, "password": password}, status=303)
    thief.reads("/returns/", status=403)


@pytest.mark.parametrize("is_staff", [True, False])
def test_signing_out_ends_copies_of_a_contacts_cookie(
    app: Flask, person: Person, grant: Grant, first: AuditRequest, *, is_staff: bool
) -> None:
    if is_staff:
        person.browser.sign_in()
    person.starts(grant)
    thief = copied_cookie(person, app)
    thief.opens(first)
    person.browser.get("/sign-out")
    person.browser.post("/sign-out")
    thief.reads("/returns/", status=403)
    person.reads("/returns/", status=403)
