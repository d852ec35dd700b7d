"""A link pasted into a page is used and kept, and locks its rows in the common order."""

import contextvars
import threading
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.answering.models import Return
from surveyapp.closing.operations import close_returns
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit
from tests.answering.conftest import Person, kept_of
from tests.conftest import MONDAY_MORNING
from tests.engine_events import engine_listener


def test_a_pasted_link_is_kept_even_if_an_answer_is_wrong(
    app: Flask, person: Person, grant: Grant, first: AuditRequest
) -> None:
    person.starts(grant)
    person.opens(first)
    person.browser.http.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    person.presses(first, status=400, next__step="save")
    link = link_for(grant)
    wrong = person.presses(first, status=422, pasted__link=link, supervision="perhaps", next__step="save")
    assert "Child 1" in wrong.text
    person.presses(first, supervision="yes", next__step="save")
    assert kept_of(first).version == 1


@pytest.mark.slow
def test_a_pasted_link_and_the_close_of_returns_lock_rows_in_the_same_order(
    app: Flask, person: Person, grant: Grant, first: AuditRequest, session: Session
) -> None:
    person.starts(grant)
    person.opens(first)
    person.browser.http.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    person.presses(first, status=400, next__step="save")
    grant.started_at = None
    session.commit()
    audit_id, path = first.audit_id, f"/returns/{first.public_id}/"
    typed = {**person.hidden, "csrf_token": person.browser.token, "pasted-link": link_for(grant)}
    session.rollback()

    def rest(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("UPDATE survey_grant"):
            time.sleep(0.4)

    statuses: list[int] = []

    def save() -> None:
        statuses.append(person.browser.http.post(path, data=typed).status_code)

    with engine_listener("after_cursor_execute", rest):
        saving = threading.Thread(target=contextvars.Context().run, args=(save,))
        saving.start()
        time.sleep(0.2)
        with transaction():
            close_returns(session.get_one(Audit, audit_id), actor="manager", now=MONDAY_MORNING)
        saving.join()
    # In time or just late, the text is stored and the link is kept.
    assert statuses in ([303], [409])
    assert session.query(Return).count() == 1
