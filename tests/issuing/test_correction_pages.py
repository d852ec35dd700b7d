"""Pages on which staff correct one request."""

from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.issuing.conftest import Queued
from tests.page_client import PageClient
from tests.row_maker import Maker


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


def test_every_link_is_ended_with_one_press_and_a_second_sends_nothing_twice(
    client: PageClient, make: Maker, outbox: Queued
) -> None:
    audit = make.audit(cases=2, agencies=3)
    path = f"/audits/{audit.id}/links"
    assert (
        f'href="{path}"'
        in client.get(f"/audits/{audit.id}/requests/{make.requests(audit)[0].id}/send-again").text
    )
    page = client.get(path).text
    assert "3 links stop working at once" in page
    assert "End 3 links and send new ones" in page
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    done = client.follow(client.post(path, {"seen": seen})).text
    assert "3 links have ended. 3 emails with a new one on the way." in done
    again = client.follow(client.post(path, {"seen": seen})).text
    assert "Links were replaced after you opened this page. Nothing has been sent twice." in again
    assert len(outbox()) == 3


def test_the_page_of_an_audit_without_links_offers_nothing(client: PageClient, make: Maker) -> None:
    page = client.get(f"/audits/{make.audit(cases=1, agencies=1, issued=False).id}/links").text
    assert "No link of this audit is in force." in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
