"""Operations at the same moment lock rows in one order, so there is no deadlock (promises 3.1)."""

import contextvars
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.closing.operations import close_returns
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.models import Grant
from surveyapp.issuing.replacement_operations import replace_contact
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.engine_events import engine_listener
from tests.row_maker import Maker

Act = Callable[[], object]
# Each operation pauses this many seconds while it holds its rows, and the other starts meanwhile.
DAWDLE = 0.4
ACTOR: dict[str, Any] = {"actor": "manager", "now": MONDAY_MORNING}


@pytest.fixture(autouse=True)
def dawdling(app: Flask) -> Iterator[None]:
    """Make every transaction pause after it has changed a grant."""
    assert app.name

    def rest(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("UPDATE survey_grant"):
            time.sleep(DAWDLE)

    with engine_listener("after_cursor_execute", rest):
        yield


def at_once(app: Flask, session: Session, *acts: Act) -> list[str]:
    """Run the acts in threads that start a little apart; returns their errors in words."""
    session.rollback()
    wrong: list[str] = []

    def do(act: Act) -> None:
        with app.app_context():
            try:
                with transaction():
                    act()
            except Exception as error:  # noqa: BLE001 — the test shows the error
                wrong.append(f"{act.__name__}: {error.__cause__ or error}")
            app.extensions["sqlalchemy"].session.remove()

    threads = [threading.Thread(target=contextvars.Context().run, args=(do, act)) for act in acts]
    for thread in threads:
        thread.start()
        time.sleep(DAWDLE / 4)
    for thread in threads:
        thread.join()
    return wrong


def test_d2_replacing_two_contacts_by_each_other_at_once_does_not_deadlock(
    app: Flask, make: Maker, session: Session
) -> None:
    agency = make.agency()
    session.add(Contact(agency_id=agency.id, name="Nia", email="nia@agency.example", role="lead"))
    session.commit()
    audit = make.audit(cases=2, agencies=[agency])
    old, nia = agency.contacts
    with transaction():
        replace_contact(make.grants(audit)[0], nia, **ACTOR)
    with transaction():
        replace_contact(make.grants(audit)[1], old, **ACTOR)
    (first, second), ids = [grant.id for grant in make.grants(audit)], (old.id, nia.id)

    def to_nia() -> None:
        replace_contact(session.get_one(Grant, first), session.get_one(Contact, ids[1]), **ACTOR)

    def to_old() -> None:
        replace_contact(session.get_one(Grant, second), session.get_one(Contact, ids[0]), **ACTOR)

    assert at_once(app, session, to_nia, to_old) == []


def test_d2_replacing_a_contact_while_returns_close_does_not_deadlock(
    app: Flask, make: Maker, session: Session
) -> None:
    agency = make.agency()
    audit = make.audit(cases=2, agencies=[agency])
    nia = Contact(agency_id=agency.id, name="Nia", email="nia@agency.example", role="deputy")
    session.add(nia)
    session.commit()
    grant_id, nia_id, audit_id = make.grants(audit)[0].id, nia.id, audit.id

    def replace() -> None:
        replace_contact(session.get_one(Grant, grant_id), session.get_one(Contact, nia_id), **ACTOR)

    def close() -> None:
        close_returns(session.get_one(Audit, audit_id), **ACTOR)

    assert at_once(app, session, replace, close) == []
    assert session.get_one(Audit, audit_id).closed_at is not None
