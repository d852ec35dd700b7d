import json
import logging

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import Event, record_event
from tests.conftest import MONDAY_MORNING


def test_an_event_is_a_row_and_after_the_commit_a_line(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "surveyapp.events"), transaction():
        record_event("manager", "issue", "audit 3", "90 requests", now=MONDAY_MORNING)
        assert caplog.messages == []
    row = session.scalars(select(Event)).one()
    assert (row.actor, row.action, row.object, row.detail) == ("manager", "issue", "audit 3", "90 requests")
    assert json.loads(caplog.messages[0])["action"] == "issue"


def test_a_line_in_the_log_shows_no_link(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        logging.getLogger("werkzeug").info("GET /r/%s/", "a2" * 25)
    assert app.name
    assert caplog.messages == ["GET /r/(link)/"]
