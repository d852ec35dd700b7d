"""A browser opens only the requests of the links it holds."""

from sqlalchemy.orm import Session

from surveyapp.answering.models import Return
from surveyapp.answering.returns.queries import return_of
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import AuditRequest, Grant
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_another_agencys_request_and_one_that_does_not_exist_give_the_same_page(
    person: Person, make: Maker, grant: Grant, first: AuditRequest
) -> None:
    other = make.audit(cases=1, agencies=[make.agency("Southside School", kind="school")])
    foreign = make.requests(other)[0].public_id
    person.starts(grant)
    person.opens(first)
    typed = {**person.hidden, "supervision": "yes", "csrf_token": person.browser.token}
    for there in ("", "not-involved"):
        for token in ({}, {"csrf_token": "old"}):
            answers = [
                person.browser.post(f"/returns/{one}/{there}", {**typed, **token}, status=404)
                for one in (foreign, "a" * 24, "anything", "%00")
            ]
            assert {answer.text for answer in answers} == {answers[0].text}
            assert "There is no such page here" in answers[0].text


def test_malformed_addresses_are_not_found_by_a_stranger_either(stranger: PageClient) -> None:
    for there in ("anything", "%00", "a" * 24, "A" * 24, "é" * 24):
        for page in ("", "check", "done", "not-involved", "copy"):
            stranger.get(f"/returns/{there}/{page}", status=404)
        for page, status in (("", 404), ("not-involved", 404), ("check", 404), ("involved", 400)):
            stranger.post(f"/returns/{there}/{page}", {"csrf_token": "none"}, status=status)


def test_the_link_of_a_contact_who_has_left_opens_nothing_until_they_are_back(
    person: Person, stranger: PageClient, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    grant.contact.left_at = MONDAY_MORNING
    session.commit()
    link = f"/r/{token_in(link_for(grant))}/"
    assert "This link has been replaced" in stranger.get(link, status=404).text
    page = person.presses(first, status=410, supervision__comment="Typed.", next__step="save")
    assert "Typed." in page.text
    person.reads(f"/returns/{first.public_id}/", status=404)
    person.reads("/returns/", status=403)
    assert session.query(Return).count() == 0
    grant.contact.left_at = None
    session.commit()
    stranger.get(link)
    person.opens(first)


def test_another_agencys_return_is_not_found_on_any_page(
    person: Person, make: Maker, first: AuditRequest
) -> None:
    stranger_agency = make.agency("Southside School", kind="school", contact="a@school.example")
    other = make.audit(cases=1, agencies=[stranger_agency])
    person.starts(make.grants(other)[0])
    for there in ("", "check", "done", "not-involved", "copy"):
        person.reads(f"/returns/{first.public_id}/{there}", status=404)
    page = person.presses(first, status=404, supervision="yes", next__step="save")
    assert "Child 1" not in page.text
    for there in ("check", "not-involved", "involved"):
        person.presses(first, there, status=404, reason="not_known")
    assert return_of(first) is None


def test_an_unknown_return_is_not_found_even_with_text(person: Person, grant: Grant) -> None:
    person.starts(grant)
    person.browser.post("/returns/nothing/", {"supervision": "yes"}, status=404)
