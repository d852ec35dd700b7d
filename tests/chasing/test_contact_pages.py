"""The page of one contact’s chaser."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.chasing.models import ChaserChoice
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.mail.outbox import mail_kinds
from surveyapp.issuing import links
from tests.chasing.conftest import SLOT, Queued
from tests.chasing.test_operations import chase_on
from tests.chasing.test_views import text_of
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker


def test_the_page_shows_the_very_text_that_is_sent_later(
    client: PageClient, make: Maker, outbox: Queued
) -> None:
    audit = make.audit(cases=2, agencies=1)
    grant = make.grants(audit)[0]
    path = f"/audits/{audit.id}/chasers/{grant.id}?on={SLOT}"
    assert "See or change it" in client.get(f"/audits/{audit.id}/chasers?on={SLOT}").text
    client.follow(client.post(path, {"line": "Thank you for ringing."}))
    shown = client.get(path).text.split("survey-typed")[1].split(">", 1)[1].split("</div>")[0]
    chase_on(audit, SLOT, MONDAY_MORNING)
    mail = outbox()[-1]
    email = mail_kinds()["chaser"].worded(mail.subject_id, mail.to_addr, key=mail.dedupe_key)
    assert email is not None
    sent = render_email(email).text
    assert "Thank you for ringing." in sent
    assert " ".join(shown.split()) == " ".join(sent.replace(links.link_for(grant), links.test_link()).split())


def test_what_names_somebody_is_pointed_out_and_nothing_typed_is_lost(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1)
    path = f"/audits/{audit.id}/chasers/{make.grants(audit)[0].id}?on={SLOT}"
    typed = {"line": "It was Amir Khan who asked, on 01632 960123"}
    page = client.post(path, typed, status=422).text
    assert "take out “Amir Khan” and “01632 960123”" in page
    assert typed["line"] in page
    client.follow(client.post(path, {**typed, "keep": "y"}))
    assert session.scalars(select(ChaserChoice.line)).all() == [typed["line"]]


def test_a_contact_is_left_out_and_put_back_from_the_page(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=2)
    path = f"/audits/{audit.id}/chasers/{make.grants(audit)[0].id}"
    page = text_of(client.follow(client.post(f"{path}/leave-out?on={SLOT}")).text)
    assert "Lead 1 gets no chaser on Friday 11 December 2026. Later ones are as before." in page
    assert "1 contact has something outstanding" in page
    assert "Left out this time Put back" in page
    assert "is left out of this chaser" in client.get(f"{path}?on={SLOT}").text
    page = text_of(client.follow(client.post(f"{path}/put-back?on={SLOT}")).text)
    assert "2 contacts have something outstanding" in page


def test_who_gets_none_has_no_such_page(client: PageClient, make: Maker, session: Session) -> None:
    audit, other = make.audit(cases=1, agencies=1), make.audit(cases=1, agencies=1)
    mine, theirs = make.grants(audit)[0].id, make.grants(other)[0].id
    client.get(f"/audits/{audit.id}/chasers/{theirs}?on={SLOT}", status=404)
    client.get(f"/audits/{audit.id}/chasers/{mine}", status=404)
    client.get(f"/audits/{audit.id}/chasers/{mine}?on=someday", status=404)
    client.post(f"/audits/{audit.id}/chasers/{theirs}/leave-out?on={SLOT}", status=404)
    make.returned(make.requests(audit)[0])
    refused = client.get(f"/audits/{audit.id}/chasers/{mine}?on={SLOT}", status=409).text
    assert "gets no chaser on Friday 11 December 2026: everything returned" in refused
    assert session.scalar(select(func.count()).select_from(ChaserChoice)) == 0
