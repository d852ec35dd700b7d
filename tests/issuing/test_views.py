"""The manager's pages of issuing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
AtMost = Callable[[int], AbstractContextManager[list[str]]]


def test_the_manager_sees_who_is_asked_reads_an_email_and_issues(
    client: PageClient, make: Maker, outbox: Queued
) -> None:
    police = make.agency("Northside Police", contact="audit@police.example")
    audit = make.audit(cases=15, agencies=[police, *(make.agency() for _ in range(5))], issued=False)
    page = client.get(f"/audits/{audit.id}/issue")
    assert "You are about to ask 6 people for 90 returns." in page.text
    assert "Issue 90 requests" in page.text
    contact = police.contacts[0]
    email = client.get(f"/audits/{audit.id}/issue/emails/{contact.id}")
    assert "audit@police.example" in email.text
    assert "15 returns by 18 December" in email.text
    client.get(f"/audits/{audit.id}/issue")
    done = client.post(f"/audits/{audit.id}/issue")
    assert done.headers["Location"].endswith(f"/audits/{audit.id}")
    assert "90 requests issued. 6 emails on the way." in client.follow(done).text
    client.post(f"/audits/{audit.id}/issue")
    assert len(outbox()) == 6
    assert "Nothing to issue" in client.get(f"/audits/{audit.id}/issue").text
    client.get(f"/audits/{audit.id}/issue/emails/{contact.id}", status=404)


def test_problems_stand_first(client: PageClient, make: Maker) -> None:
    audit = make.audit(
        cases=2, agencies=[make.agency("GP practice", contact=None), make.agency()], issued=False
    )
    page = client.get(f"/audits/{audit.id}/issue")
    assert page.text.index("GP practice is ticked and has nobody to ask") < page.text.index(
        "You are about to ask"
    )


def test_an_audit_that_is_not_ready_shows_no_button_and_a_press_shows_why(
    client: PageClient, make: Maker, outbox: Queued, session: Session
) -> None:
    audit = make.audit(issued=False, due_on=date(2026, 11, 30))
    here = f"/audits/{audit.id}/issue"
    assert "Issue 6 requests" in client.get(here).text
    audit.issue_on = date(2026, 11, 20)
    audit.due_on = date(2026, 11, 27)
    session.commit()
    page = client.get(here)
    assert "Returns would be due on Friday 27 November 2026, which has passed." in page.text
    assert "Issue 6 requests" not in page.text
    refused = client.post(here, status=409)
    assert "Returns would be due on Friday 27 November 2026, which has passed." in refused.text
    assert outbox() == []


def test_a_long_list_is_read_in_few_statements(client: PageClient, make: Maker, queries: AtMost) -> None:
    small = make.audit(cases=2, agencies=2, issued=False)
    large = make.audit(cases=15, agencies=31, issued=False)
    with queries(20) as few:
        client.get(f"/audits/{small.id}/issue")
    with queries(20) as many:
        client.get(f"/audits/{large.id}/issue")
    assert len(many) == len(few)


def test_a_test_copy_goes_to_the_address_typed_and_to_no_other(
    client: PageClient, make: Maker, outbox: Queued
) -> None:
    audit = make.audit(issued=False)
    page = client.get(f"/audits/{audit.id}/issue")
    assert 'value="audits@partnership.example"' in page.text
    press = page.text.partition('name="press" value="')[2].partition('"')[0]
    client.post(f"/audits/{audit.id}/issue/test-copy", {"to": " me@partnership.example ", "press": press})
    again = client.post(
        f"/audits/{audit.id}/issue/test-copy", {"to": "me@partnership.example", "press": press}
    )
    assert "This was sent already." in client.follow(again).text
    assert [mail.to_addr for mail in outbox()] == ["me@partnership.example"]
    wrong = client.post(f"/audits/{audit.id}/issue/test-copy", {"to": "nobody", "press": press}, status=422)
    assert "“nobody” is not an email address. Enter one" in wrong.text
    assert 'value="nobody"' in wrong.text


def request_pages(make: Maker, client: PageClient) -> tuple[Audit, AuditRequest, str]:
    agency = make.agency("Northside Police", contact="lead@police.example")
    agency.contacts.append(Contact(name="Sam Deputy", email="deputy@police.example", role="deputy"))
    audit = make.audit(cases=2, agencies=[agency])
    first = make.requests(audit)[0]
    client.get(f"/audits/{audit.id}/issue")
    return audit, first, f"/audits/{audit.id}/requests/{first.id}"


def test_a_request_is_withdrawn_with_a_reason_and_asked_again(
    client: PageClient, make: Maker, session: Session
) -> None:
    _audit, first, here = request_pages(make, client)
    client.get(f"{here}/withdraw")
    refused = client.post(f"{here}/withdraw", {"reason": ""}, status=422)
    assert "Say why" in refused.text
    done = client.post(f"{here}/withdraw", {"reason": "The child was not known"})
    assert done.headers["Location"].endswith(here)
    session.refresh(first)
    assert first.withdrawn_reason == "The child was not known"
    withdrawn = client.follow(client.get(f"{here}/withdraw", status=303)).text
    assert "The child was not known" in withdrawn
    assert "Ask again for this return" in withdrawn
    client.post(f"{here}/withdraw", {"reason": "Once more"}, status=409)
    client.post(f"{here}/ask-again")
    session.refresh(first)
    assert first.withdrawn_at is None


def test_the_contact_is_changed(client: PageClient, make: Maker, session: Session, outbox: Queued) -> None:
    _audit, first, here = request_pages(make, client)
    page = client.get(f"{here}/change-contact")
    assert "Nobody has pressed Start yet." in page.text
    client.post(f"{here}/change-contact", status=422)
    deputy = first.agency.contacts[1].id
    client.post(f"{here}/change-contact", {"contact": str(deputy)})
    session.refresh(first)
    assert first.grant.contact_id == deputy
    assert [mail.to_addr for mail in outbox()] == ["deputy@police.example"]


def test_the_link_is_sent_again_once_for_each_page(client: PageClient, make: Maker, outbox: Queued) -> None:
    _audit, _first, here = request_pages(make, client)
    client.get(f"{here}/send-again")
    sent = client.follow(client.post(f"{here}/send-again", {"seen": "0"}))
    assert "The email with the link is on its way" in sent.text
    again = client.follow(client.post(f"{here}/send-again", {"seen": "0"}))
    assert "This was sent already. Nothing has been sent twice." in again.text
    assert len(outbox()) == 1
    sent = client.follow(client.post(f"{here}/new-link", {"seen": "1"}))
    assert "The old link no longer works." in sent.text
    for seen in ("1", "x"):
        again = client.follow(client.post(f"{here}/new-link", {"seen": seen}))
        assert "This was sent already. Nothing has been sent twice." in again.text
    assert [mail.state for mail in outbox()] == ["cancelled", "queued"]


def test_once_returns_have_closed_no_page_promises_an_email(
    client: PageClient, make: Maker, session: Session, outbox: Queued
) -> None:
    audit, first, here = request_pages(make, client)
    audit.closed_at = audit.closes_at = MONDAY_MORNING
    session.commit()
    page = client.get(f"{here}/send-again")
    assert "Returns have closed, so no link is sent." in page.text
    assert "<form" not in page.text.partition("<main")[2].partition("</main>")[0]
    client.post(f"{here}/new-link", {"seen": "1"}, status=409)
    assert "Returns have closed, so no email goes out" in client.get(f"{here}/change-contact").text
    deputy = first.agency.contacts[1]
    done = client.post(f"{here}/change-contact", {"contact": str(deputy.id)})
    assert "No email goes to Sam Deputy now: reopen returns" in client.follow(done).text
    assert outbox() == []


def test_a_request_of_another_audit_is_not_found(client: PageClient, make: Maker) -> None:
    audit, _first, _here = request_pages(make, client)
    other = make.requests(make.audit())[0]
    for act in ("withdraw", "change-contact", "send-again"):
        client.get(f"/audits/{audit.id}/requests/{other.id}/{act}", status=404)


def test_a_stranger_issues_nothing(stranger: PageClient, make: Maker, outbox: Queued) -> None:
    audit = make.audit(issued=False)
    stranger.get(f"/audits/{audit.id}/issue", status=302)
    assert outbox() == []
