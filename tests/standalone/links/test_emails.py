"""The words of emails to staff about their accounts, and who gets none."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.foundation import clock
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.mail.outbox import mail_kinds
from surveyapp.foundation.store.db import transaction
from surveyapp.standalone.links.staff_links import JOIN, NEW_PASSWORD, address_of, make_link
from surveyapp.standalone.models import Staff, StaffLink
from tests.accounts import person


def link_for(staff: Staff, purpose: str) -> StaffLink:
    with transaction():
        return make_link(staff, purpose, now=clock.now())


@pytest.mark.parametrize("purpose", [JOIN, NEW_PASSWORD])
@pytest.mark.usefixtures("session")
def test_an_email_with_a_link_says_what_it_is_for_and_how_long_it_works(app: Flask, purpose: str) -> None:
    bo = person()
    bo.joined_at = None if purpose == JOIN else bo.joined_at
    link = link_for(bo, purpose)
    kind = mail_kinds()[f"staff_{purpose}"]
    assert kind.lock(link.id) is link
    email = kind.word(link.id, bo.email)
    assert email is not None
    body = render_email(email).text.replace(address_of(link), "(link)")
    assert body == Path(__file__).with_name(f"{purpose}.txt").read_text("utf-8")
    assert kind.word(link.id, "other@partnership.example") is None
    link_for(bo, purpose)
    assert kind.word(link.id, bo.email) is None
    assert app.name


def test_the_notice_of_a_new_password_says_what_to_do(session: Session) -> None:
    bo = person()
    email = mail_kinds()["staff_password_changed"].word(bo.id, bo.email)
    assert email is not None
    assert "If it was not you, ring us at once" in render_email(email).text
    session.rollback()
