"""From the link to the list, and leaving a computer that others use."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session
from time_machine import Traveller

from surveyapp.answering.models import Revision
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.web.access import LINK_IDLE_LIMIT
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit
from tests.answering.conftest import Person, kept_of
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker) -> Audit:
    agencies = [make.agency("Northside Police"), make.agency("Southside Police")]
    return make.audit(cases=2, agencies=agencies, title="Repeat plans, 2027")


@pytest.fixture
def grant(make: Maker, audit: Audit) -> Grant:
    return make.grants(audit)[0]


@pytest.fixture
def first(grant: Grant) -> AuditRequest:
    return grant.requests[0]


def test_two_agencies_in_one_browser_stand_apart_and_each_page_says_whose_it_is(
    person: Person, make: Maker, audit: Audit, grant: Grant, first: AuditRequest
) -> None:
    assert '<span class="govuk-caption-l" data-typed>Northside Police</span>' in person.starts(grant).text
    page = person.starts(make.grants(audit)[1]).text
    north, south = page.index("Northside Police"), page.index("Southside Police")
    assert north < page.index("0 of 2 returned.") < south < page.rindex("0 of 2 returned.")
    assert page.count("A separate message") == 1
    other = make.grants(audit)[1].requests[0]
    for there in ("", "not-involved"):
        assert "Northside Police, Repeat plans, 2027" in person.opens(first, there).text
        assert "Southside Police, Repeat plans, 2027" in person.opens(other, there).text
    person.opens(first, "not-involved")
    person.presses(first, "not-involved", reason="not_known")
    assert "Child 1, Northside Police, Repeat plans, 2027" in person.opens(first, "done").text


def test_after_close_the_list_asks_for_nothing_and_tells_what_became_of_a_draft(
    person: Person, make: Maker, grant: Grant, first: AuditRequest, clock: Traveller
) -> None:
    make.draft(first)
    closes_at = first.audit.closes_at
    assert closes_at is not None
    clock.move_to(closes_at + timedelta(hours=1))
    page = person.starts(grant).text
    assert "Returns have closed. What you saved is kept, and does not count." in page
    assert "open that child and say so there" not in page


def test_finishing_on_a_computer_makes_it_forget_and_keeps_what_was_saved(
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


def test_a_computer_left_alone_for_an_hour_forgets_and_one_in_use_does_not(
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


def test_a20_what_was_typed_for_more_than_an_hour_comes_back_and_is_stored_with_the_link(
    person: Person, grant: Grant, first: AuditRequest, clock: Traveller, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    clock.move_to(MONDAY_MORNING + timedelta(minutes=90))
    typed: dict[str, Any] = {"supervision__comment": "Typed for ninety minutes.", "next__step": "save"}
    page = person.presses(first, status=404, **typed)
    assert "Paste the link from your email" in page.text
    assert "Typed for ninety minutes." in page.text
    assert session.query(Revision).count() == 0
    person.presses(first, pasted__link=link_for(grant), **typed)
    assert "Typed for ninety minutes." in person.opens(first).text


def test_a20_not_involved_after_an_hour_keeps_its_words_and_takes_the_link(
    person: Person, grant: Grant, first: AuditRequest, clock: Traveller
) -> None:
    person.starts(grant)
    person.opens(first, "not-involved")
    clock.move_to(MONDAY_MORNING + timedelta(minutes=90))
    said: dict[str, Any] = {"reason": "moved", "whereabouts": "Westside Police"}
    page = person.presses(first, "not-involved", status=404, **said)
    assert "Westside Police" in page.text
    assert "Child 1" not in page.text
    wrong = person.presses(first, "not-involved", status=404, pasted__link="https://example.com/", **said)
    assert "This is not a link of ours" in wrong.text
    assert "Westside Police" in wrong.text
    person.presses(first, "not-involved", pasted__link=link_for(grant), **said)
    assert kept_of(first).nil_reason == "moved"
    assert "Westside Police" in person.opens(first, "copy").text


def test_a_fresh_link_is_sent_for_open_audits_to_contacts_who_are_there_and_everybody_reads_the_same(
    person: Person, make: Maker, audit: Audit, session: Session, outbox: Callable[[], list[Outbox]]
) -> None:
    grant = make.grants(audit)[0]
    address, agency = grant.contact.email, grant.contact.agency
    # The closing hour of one audit has passed, though no worker has closed it yet.
    closed = make.audit(cases=1, agencies=[agency])
    closed.closes_at = MONDAY_MORNING
    session.commit()

    def asks_for_link(typed: str) -> str:
        return person.browser.follow(person.browser.post("/fresh-link/", {"email": typed})).text

    said = asks_for_link(address)
    assert [(mail.kind, mail.subject_id) for mail in outbox()] == [("request", grant.id)]
    grant.contact.left_at = MONDAY_MORNING
    session.commit()
    assert asks_for_link(address) == said
    assert asks_for_link("nobody@police.example") == said
    assert len(outbox()) == 1
