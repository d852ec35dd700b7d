"""The pages of the involvement check for staff."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from surveyapp.foundation.store.models import Outbox
from surveyapp.planning.models import Audit
from tests.involvement.conftest import AskedContact, grants_of
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_an_address_that_refused_the_email_is_corrected_from_the_page_and_asked_again(
    client: PageClient, asked: Audit, session: Session, outbox: Callable[[], list[Outbox]]
) -> None:
    here = f"/audits/{asked.id}/involvement"
    outbox()[0].state = "failed"
    session.commit()
    contact = grants_of(asked)[0].contact
    page = client.get(here).text
    assert "Not delivered" in page
    assert f"/agencies/{contact.agency_id}/contacts/{contact.id}/address" in page
    assert f'href="{here}">1 email of an involvement check refused' in client.get("/audits").text
    of_address = client.get(f"/agencies/{contact.agency_id}/contacts/{contact.id}/address").text
    assert f'Once the address is right, <a class="govuk-link" href="{here}">' in of_address
    contact.email = "right@health.example"
    session.commit()
    page = client.get(here).text
    assert "The address was corrected: ask again" in page
    assert "Ask 1 agency about 3 children" in page


def test_an_audit_whose_agencies_were_asked_offers_no_deletion(client: PageClient, asked: Audit) -> None:
    here = f"/audits/{asked.id}/delete"
    set_up = client.get(f"/audits/{asked.id}/set-up").text
    assert here not in set_up
    assert "Set it aside" in set_up
    assert "cannot be deleted" in client.get(here).text
    refused = client.post(here, {"title": asked.title}, status=409).text
    assert "Set it aside instead" in refused


def test_a_manager_reads_the_emails_asks_and_reminds(
    client: PageClient, planned: Audit, outbox: Callable[[], list[Outbox]]
) -> None:
    path = f"/audits/{planned.id}/involvement"
    page = client.get(path).text
    assert "This is optional." in page
    assert page.count("Not asked yet") == 2
    contact = planned.cases[0].involvements[0].agency.contacts[0].id
    page = client.get(f"{path}/emails/{contact}").text
    assert "which of 3 children it knew" in page
    as_shown, _, as_text = page.partition("As plain text")
    assert "which of 3 children it knew" in as_shown.partition("As most mail programs show it")[2]
    assert "/r/test-copy/" in as_text
    assert not outbox()
    page = client.follow(client.post(path, {"answer_by": ["11", "12", "2026"]})).text
    assert "2 agencies are asked." in page
    assert "0 of 2 agencies asked have answered" in page
    assert len(outbox()) == 2
    assert "2 agencies are reminded." in client.follow(client.post(f"{path}/remind")).text
    assert "Nobody is left to remind." in client.follow(client.post(f"{path}/remind")).text
    assert "Every agency was asked already." in client.follow(client.post(path)).text
    assert len(outbox()) == 4


def test_who_has_answered_and_what_is_left_to_decide_stands_on_the_page(
    client: PageClient, asked: Audit, contacts: Callable[[], list[AskedContact]]
) -> None:
    health, police = contacts()
    ids = [case.id for case in asked.cases]
    health.starts()
    health.saves({}, rest="not_known")
    police.starts()
    police.saves({ids[0]: "known", ids[1]: "relative_only"})
    page = client.get(f"/audits/{asked.id}/involvement").text
    assert "1 of 2 agencies asked have answered about every child." in page
    assert "2 of 3 answered: 1 known, 1 only a parent or sibling" in page
    assert "1 of 2 agencies asked knew none of the 3 children" in page
    assert "<li>Northside Police about Child 2</li>" in page
    assert "Remind 1 agency" in page
    grid = client.get(f"/audits/{asked.id}/grid").text
    assert "A tick without words was made by hand." in grid


def test_a_wrong_day_is_said_beside_its_field(client: PageClient, planned: Audit) -> None:
    path = f"/audits/{planned.id}/involvement"
    page = client.post(path, {"answer_by": ["31", "2", "2027"]}, status=422).text
    assert 'id="answer_by-error"' in page
    page = client.post(path, {"answer_by": ["1", "11", "2026"]}, status=409).text
    assert "Sunday 1 November 2026 has passed: choose a later day." in page


def test_an_issued_audit_asks_nobody_and_previews_nothing(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    path = f"/audits/{audit.id}/involvement"
    assert "the check is over" in client.get(path).text
    contact = audit.cases[0].involvements[0].agency.contacts[0].id
    client.get(f"{path}/emails/{contact}", status=404)
    client.post(path, status=409)


def test_the_page_of_forty_agencies_takes_few_statements(
    client: PageClient, make: Maker, queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    audit_id = make.audit(cases=25, agencies=40, issued=False).id
    client.post(f"/audits/{audit_id}/involvement")
    with queries(15):
        client.get(f"/audits/{audit_id}/involvement")
