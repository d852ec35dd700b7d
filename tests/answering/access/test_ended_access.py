"""No page or press of any route opens a request without a link in force."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, url_for
from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from surveyapp.answering.access.contact_access import ended_delegation_for_browser
from surveyapp.answering.access.page_signature import page_signature
from surveyapp.answering.delegation.operations import delegate_to_colleague
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import Base, transaction
from surveyapp.foundation.web.access import MAX_GRANTS_IN_COOKIE, grants_in_cookie, remember_grant
from surveyapp.issuing.delegation_operations import send_back_delegation
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

STORED, TYPED = "Nobody asked the child in May.", "She was asked in June."
# The fields of all forms of these pages together, so that each press would succeed with a valid link.
FIELDS: dict[str, str] = {
    "submission-id": "one-and-the-same",
    "seen-version": "1",
    "supervision": "yes",
    "supervision-comment": TYPED,
    "next-step": "save",
    "reason": "moved",
    "whereabouts": TYPED,
    "kind": "question",
    "text": TYPED,
    "name": "Kim Doe",
    "email": "kim@police.example",
    "how": "submit",
    "keep-wording": "a-wording",
    "proof-code": "12345678",
}
# The endpoints that ask for a code and accept it.
PROVING = ("show_proving", "prove", "send_another")


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Two agencies, each asked about one child; the police have saved a draft."""
    police = make.agency("Northside Police", contact="sam@police.example")
    police.contacts[0].name = "Sam Hart"
    audit = make.audit(cases=1, agencies=[police, make.agency("Hill School", kind="school")])
    make.draft(make.requests(audit)[0], (GivenAnswer("supervision", item="comment", text=STORED),))
    return audit


@pytest.fixture
def mine(make: Maker, audit: Audit) -> AuditRequest:
    """The request of the police."""
    return make.requests(audit)[0]


def addresses(app: Flask, public_id: str) -> Iterator[tuple[str, str, Rule]]:
    """The method, address and rule of every contact route that names a request.

    The pages of the involvement check, which closes with the issue, have tests of their own.
    """
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("survey_contact.")]
    with app.test_request_context():
        for rule in sorted(found, key=lambda rule: rule.rule):
            if "public_id" in rule.arguments and not rule.rule.startswith("/involvement/"):
                for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                    yield method, url_for(rule.endpoint, public_id=public_id), rule


def asks(browser: PageClient, method: str, address: str, **more: str) -> TestResponse:
    """Send a request to a page; returns any response."""
    form = {"csrf_token": browser.token, **FIELDS, **more} if method == "POST" else None
    return browser.http.open(address, method=method, data=form)


def rows_of(session: Session, *, but: tuple[str, ...] = ()) -> dict[str, list[Any]]:
    """All rows by table."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in but]
    found = {table.name: list(session.execute(table.select()).all()) for table in tables}
    session.rollback()
    return found


def words_of(audit_request: AuditRequest) -> list[str]:
    """The words that only a person who may open the request reads."""
    contact = audit_request.grant.contact
    told = [audit_request.case.pseudonym, audit_request.reference, audit_request.agency.name]
    return [STORED, *told, contact.name, contact.email]


def starts(app: Flask, grant: Grant) -> PageClient:
    """A browser that has started from the link of a grant."""
    person = Person(app)
    person.starts(grant)
    return person.browser


Ending = Callable[[AuditRequest, Grant], None]


def contact_leaves(_audit_request: AuditRequest, grant: Grant) -> None:
    grant.contact.left_at = MONDAY_MORNING


def link_is_replaced(_audit_request: AuditRequest, grant: Grant) -> None:
    grant.version += 1


def link_is_revoked(_audit_request: AuditRequest, grant: Grant) -> None:
    grant.revoked_at = MONDAY_MORNING


def request_is_withdrawn(audit_request: AuditRequest, _grant: Grant) -> None:
    audit_request.withdrawn_at = MONDAY_MORNING


ENDINGS = (contact_leaves, link_is_replaced, link_is_revoked, request_is_withdrawn)


def assert_opens_nothing(browser: PageClient, app: Flask, session: Session, mine: AuditRequest) -> None:
    """Fail if this browser reads anything of a request at any address, or changes anything by a press."""
    words = words_of(mine)
    with app.test_request_context():
        # A page that is still open gives back the text typed on it, and nothing else.
        mark = page_signature(mine.public_id)
    before = rows_of(session)
    for method, address, rule in addresses(app, mine.public_id):
        answer = asks(browser, method, address, **{"page-mark": mark})
        where = f"{method} {rule.rule}"
        assert answer.status_code in ({404} if method == "GET" else {404, 410}), where
        assert not [word for word in words if word in answer.text], where
    assert rows_of(session) == before, "A press of somebody without a right has changed what is stored."


def test_the_link_in_force_opens_every_page_and_press_of_a_request(
    app: Flask, session: Session, mine: AuditRequest
) -> None:
    browser = starts(app, mine.grant)
    walked = list(addresses(app, mine.public_id))
    assert len(walked) >= 30
    for method, address, rule in walked:
        answer = asks(browser, method, address)
        # Only a file that has not been released is not found.
        expected = {404} if rule.rule.endswith(("brief.pdf", "report.pdf")) else {200, 303, 409, 422}
        assert answer.status_code in expected, f"{method} {rule.rule} gave {answer.status_code}"
    found = rows_of(session)
    assert len(found["survey_enquiry"]) == 1
    assert len(found["survey_revision"]) > 1


@pytest.mark.parametrize("ends", ENDINGS)
def test_a_grant_that_has_ended_opens_no_page_and_changes_nothing(
    app: Flask, session: Session, mine: AuditRequest, ends: Ending
) -> None:
    browser = starts(app, mine.grant)
    ends(mine, mine.grant)
    session.commit()
    assert_opens_nothing(browser, app, session, mine)
    page = browser.get("/returns/", status=403).text
    assert not [words for words in words_of(mine) if words in page]


@pytest.mark.parametrize("ends", ENDINGS)
def test_a_passer_sees_nothing_of_the_case_once_their_grant_has_ended(
    app: Flask, session: Session, mine: AuditRequest, ends: Ending
) -> None:
    passer = mine.grant
    browser = starts(app, passer)
    passed_on(mine)
    ends(mine, passer)
    session.commit()
    assert_opens_nothing(browser, app, session, mine)
    browser.get("/returns/", status=403)
    assert mine.grant_id != passer.id, "It is with the colleague still."


@pytest.mark.parametrize("ends", ENDINGS[:2])
def test_a_colleague_sees_nothing_of_the_case_once_their_grant_has_ended(
    app: Flask, session: Session, mine: AuditRequest, ends: Ending
) -> None:
    passed_on(mine)
    browser = starts(app, mine.grant)
    ends(mine, mine.grant)
    session.commit()
    assert_opens_nothing(browser, app, session, mine)
    browser.get("/returns/", status=403)


@pytest.mark.parametrize("cases", [1, 2])
@pytest.mark.parametrize("ends", [contact_leaves, request_is_withdrawn])
def test_a_colleague_sees_nothing_of_a_case_sent_back_once_they_have_left_or_it_is_withdrawn(
    app: Flask, session: Session, make: Maker, ends: Ending, cases: int
) -> None:
    police = make.agency("Northside Police", contact="sam@police.example")
    police.contacts[0].name = "Sam Hart"
    requests = make.requests(make.audit(cases=cases, agencies=[police]))
    mine, lead = requests[0], requests[0].grant
    # Sending back an only case ends the colleague’s link; with a second case it stays in force.
    for audit_request in requests:
        passed_on(audit_request)
    theirs = mine.grant
    browser = starts(app, theirs)
    with transaction():
        send_back_delegation(mine, now=MONDAY_MORNING)
    assert mine.grant_id == lead.id
    assert mine.case.pseudonym in browser.get(f"/returns/{mine.public_id}/given-back").text
    ends(mine, theirs)
    session.commit()
    assert_opens_nothing(browser, app, session, mine)


def passed_on(audit_request: AuditRequest) -> None:
    with transaction():
        delegate_to_colleague(
            audit_request, name="Pat Lowe", email="pat@police.example", sends_back=True, now=MONDAY_MORNING
        )


def test_the_link_of_another_agency_or_of_another_audit_opens_no_page_of_this_one(
    app: Flask, session: Session, make: Maker, audit: Audit, mine: AuditRequest
) -> None:
    other = make.audit(cases=1, agencies=[mine.agency])
    for grant in (make.grants(audit)[1], make.grants(other)[0]):
        assert_opens_nothing(starts(app, grant), app, session, mine)


@pytest.mark.parametrize("ends", ENDINGS[:3])
def test_a_link_of_an_ended_grant_cannot_be_started(
    app: Flask, session: Session, mine: AuditRequest, ends: Ending
) -> None:
    token = token_in(link_for(mine.grant))
    ends(mine, mine.grant)
    session.commit()
    before = rows_of(session)
    browser = PageClient(app)
    for page in (
        browser.get(f"/r/{token}/", status=404),
        browser.post("/start/", {"token": token}, status=404),
    ):
        assert not [words for words in words_of(mine) if words in page.text]
    browser.get("/returns/", status=403)
    assert rows_of(session) == before


def test_before_the_code_no_page_shows_anything_and_no_press_stores_anything(
    app: Flask, session: Session, audit: Audit, mine: AuditRequest
) -> None:
    audit.ask_for_code = True
    session.commit()
    browser = PageClient(app)
    token = token_in(link_for(mine.grant))
    browser.post("/start/", {"token": token})
    mailed = ("survey_code", "survey_outbox", "survey_event")
    before = rows_of(session, but=mailed)
    # They see only so much of the address that its owner recognises it.
    hidden = [STORED, mine.case.pseudonym, mine.reference, mine.grant.contact.email]
    for method, address, rule in addresses(app, mine.public_id):
        form = {name: value for name, value in FIELDS.items() if name != "proof-code"}
        data = {"csrf_token": browser.token, **form} if method == "POST" else None
        answer = browser.http.open(address, method=method, data=data)
        where = f"{method} {rule.rule}"
        assert not [words for words in hidden if words in answer.text], where
        if rule.endpoint.rpartition(".")[2] in PROVING:
            continue
        if method == "GET":
            assert answer.headers.get("Location", "").startswith(f"/prove/{mine.public_id}/"), where
        else:
            leads_to_the_code = answer.headers.get("Location", "").startswith("/prove/")
            assert leads_to_the_code or answer.status_code == 403, where
    assert rows_of(session, but=mailed) == before


def test_an_ended_delegation_is_not_shown_with_a_code_for_another_version_of_the_link(
    app: Flask, audit: Audit, mine: AuditRequest
) -> None:
    audit.ask_for_code = True
    passed_on(mine)
    theirs = mine.grant
    held = {theirs.public_id: theirs.version}
    with transaction():
        send_back_delegation(mine, now=MONDAY_MORNING)
    for proved, is_told in ((theirs.version - 1, True), (theirs.version - 2, False), (theirs.version, False)):
        with app.test_request_context():
            cookie.update(
                survey_grants={theirs.public_id: proved},
                survey_proved={theirs.public_id: proved},
                survey_browser="x" * 22,
                survey_seen=int(MONDAY_MORNING.timestamp()),
            )
            assert (ended_delegation_for_browser(held, mine.public_id) is not None) == is_told, proved


def test_a_full_cookie_forgets_the_link_that_was_started_first(app: Flask) -> None:
    links = [f"link-{number}" for number in range(MAX_GRANTS_IN_COOKIE + 1)]
    with app.test_request_context():
        for link in links:
            remember_grant(link, 1)
        assert list(grants_in_cookie()) == links[1:]
        # Starting the oldest link again makes it the newest.
        remember_grant(links[1], 2)
        assert list(grants_in_cookie().items())[-1] == (links[1], 2)
        remember_grant("another", 1)
        assert set(grants_in_cookie()) == {*links[1:2], *links[3:], "another"}
