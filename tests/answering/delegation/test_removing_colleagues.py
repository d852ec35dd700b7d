"""A colleague who never opened a link is removed by whoever passed the case, or by staff."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.answering.delegation.operations import ColleagueCannotBeRemoved, remove_unopened_colleague
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.mail.outbox import mail_kinds
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.links import link_for, token_in
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.planning.models import Audit
from tests.answering.conftest import Person
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
PAT: dict[str, Any] = {"name": "Pat Lowe", "email": "pat@kent.police.uk", "how": "submit"}


@pytest.fixture
def sam(person: Person, grant: Grant, make: Maker, audit: Audit) -> Person:
    """The agency's contact, who has passed two of three cases to Pat."""
    person.starts(grant)
    for audit_request in make.requests(audit)[:2]:
        person.opens(audit_request, "pass-on")
        person.presses(audit_request, "pass-on", **PAT)
    return person


def pat(session: Session) -> Contact:
    session.rollback()
    return session.scalars(select(Contact).where(Contact.role == "colleague")).one()


def with_pat(session: Session) -> int:
    session.rollback()
    held = select(AuditRequest).join(AuditRequest.grant).where(Grant.contact_id == pat(session).id)
    return len(session.scalars(held).all())


def test_the_contact_who_passed_the_cases_removes_the_colleague_and_has_them_again(
    sam: Person, first: AuditRequest, session: Session, outbox: Queued, client: PageClient
) -> None:
    page = sam.opens(first, "passed-on").text
    assert "Pat Lowe has not opened the link." in page
    link = link_for(session.scalars(select(Delegation)).all()[0].to_grant)
    session.rollback()
    page = sam.browser.follow(sam.presses(first, "remove-colleague")).text
    assert "Pat Lowe is removed. Child 1 and Child 2 are with you again." in page
    assert with_pat(session) == 0
    assert [mail.state for mail in outbox() if mail.kind == "passed_on"] == ["cancelled", "cancelled"]
    assert not [mail for mail in outbox() if mail.kind == "sent_back"]
    agency = client.get(f"/agencies/{first.agency_id}").text
    assert "Pat Lowe" not in agency
    stranger = sam.browser.get(f"/r/{token_in(link)}/", status=404).text
    assert "There is nothing for you to do." in stranger
    # Pressing twice does no harm.
    sam.presses(first, "remove-colleague")


def test_staff_remove_the_colleague_and_whoever_passed_the_cases_is_told(
    sam: Person, first: AuditRequest, session: Session, outbox: Queued, client: PageClient
) -> None:
    path = f"/audits/{first.audit_id}/requests/{first.id}"
    assert "If you remove them, the case goes back to" in client.get(path).text
    removed = client.post(f"/agencies/{first.agency_id}/contacts/{pat(session).id}/remove")
    assert "2 cases go back to whoever passed it on, and they get an email." in client.follow(removed).text
    assert with_pat(session) == 0
    told = [mail for mail in outbox() if mail.kind == "sent_back"]
    assert [mail.to_addr for mail in told] == ["audit@police.example"] * 2
    email = mail_kinds()["sent_back"].word(told[0].subject_id, told[0].to_addr)
    assert email is not None
    worded = render_email(email)
    assert worded.subject.startswith("With you again: reference ")
    assert (
        "has taken back the audit return that you passed to Pat Lowe, who had not opened it." in worded.text
    )
    assert "Answer it yourself or pass it to somebody else by" in worded.text
    assert "1 of 3" not in sam.reads("/returns/").text


def test_a_colleague_who_has_opened_the_link_is_not_removed(
    sam: Person, people: Callable[[], Person], first: AuditRequest, session: Session, client: PageClient
) -> None:
    colleague = people()
    colleague.starts(session.scalars(select(Delegation)).all()[0].to_grant)
    assert "has not opened the link" not in sam.opens(first, "passed-on").text
    refused = sam.presses(first, "remove-colleague", status=409).text
    assert "Take back what was passed to them instead." in refused
    refused = client.post(f"/agencies/{first.agency_id}/contacts/{pat(session).id}/remove", status=409).text
    assert "Pat Lowe has opened the link or is asked for returns directly" in refused
    assert with_pat(session) == 2


def test_an_audit_lead_is_never_removed(first: AuditRequest, session: Session) -> None:
    lead = first.grant.contact
    with pytest.raises(ColleagueCannotBeRemoved), transaction():
        remove_unopened_colleague(lead, actor="staff 1", now=MONDAY_MORNING)
    session.rollback()
    assert lead.left_at is None


def test_passing_a_case_to_a_removed_address_brings_the_colleague_back_by_the_name_typed_now(
    sam: Person, first: AuditRequest, session: Session
) -> None:
    sam.presses(first, "remove-colleague")
    sam.opens(first, "pass-on")
    sam.presses(first, "pass-on", **{**PAT, "name": "Patricia Lowe"})
    colleague = pat(session)
    assert (colleague.name, colleague.left_at, colleague.removed_at) == ("Patricia Lowe", None, None)
    assert with_pat(session) == 1
