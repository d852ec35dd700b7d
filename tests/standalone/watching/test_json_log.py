"""A line of the log is one JSON object with the id of its request, and without a link."""

import json
import logging
import sys
from typing import Any

from flask import Flask, g

from surveyapp.foundation.web.log_redaction import LinkRedactor
from surveyapp.standalone.watching.json_log import JsonLine

TOKEN = "a2b3c4d5e6f7g2h3i4j5k6l7m2n3o4p5q6r7s2t3u4v5w6x7y2"  # noqa: S105 — of no link


def line_of(message: str, *, name: str = "surveyapp.worker", **more: Any) -> dict[str, Any]:
    record = logging.LogRecord(name, logging.ERROR, "", 0, message, (), more.get("exc_info"))
    assert LinkRedactor().filter(record)
    written = JsonLine().format(record)
    assert "\n" not in written
    line: dict[str, Any] = json.loads(written)
    return line


def test_a_line_outside_of_a_request_has_none(app: Flask) -> None:
    assert app.name
    line = line_of("It failed.\nTwice.")
    assert line["message"] == "It failed.\nTwice."
    assert (line["level"], line["logger"]) == ("error", "surveyapp.worker")
    assert "request_id" not in line


def test_a_line_of_a_request_names_its_id_and_endpoint_and_no_path(app: Flask) -> None:
    with app.test_request_context(f"/r/{TOKEN}/"):
        g.survey_request_id = "0f" * 16
        line = line_of("The database is out of reach.")
    assert (line["request_id"], line["method"]) == ("0f" * 16, "GET")
    assert line["endpoint"] == "survey_contact.answering.land"
    assert TOKEN not in json.dumps(line)


def test_a_traceback_is_one_field_without_a_link(app: Flask) -> None:
    assert app.name
    try:
        dict[str, str]()[f"/r/{TOKEN}/"]
    except KeyError:
        line = line_of("Exception", exc_info=sys.exc_info())
    assert line["traceback"].startswith("Traceback")
    assert line["traceback"].endswith("KeyError: '/r/(link)/'")


def test_an_event_stays_an_object(app: Flask) -> None:
    assert app.name
    event = {"actor": "worker", "action": "sent_mail", "object": "mail 3"}
    assert line_of(json.dumps(event), name="surveyapp.events")["event"] == event
