"""The log as JSON, one object a line, with the id of the request that a line is about (LOG_JSON)."""

import json
import logging
import sys
from datetime import UTC, datetime

from flask import Flask, Response, has_request_context, request
from flask.logging import default_handler

from surveyapp.standalone.watching.request_ids import request_id, seconds_so_far

requests_log = logging.getLogger("surveyapp.requests")
EVENTS = "surveyapp.events"
# They have handlers of their own, made before the app.
_SERVER_LOGGERS = ("gunicorn.error", "gunicorn.access")


class JsonLine(logging.Formatter):
    """A formatter that writes a record as one JSON object.

    Of a request it names the id, the endpoint and the method, never the path: it may be a link (promises P9).
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, without a line break in it."""
        moment = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if has_request_context():
            line |= {"request_id": request_id(), "endpoint": request.endpoint, "method": request.method}
        message = record.getMessage()
        if record.name == EVENTS:
            line["event"] = json.loads(message)
        else:
            line["message"] = message
        line |= getattr(record, "figures", {})
        traceback = record.exc_text or (self.formatException(record.exc_info) if record.exc_info else "")
        if traceback:
            line["traceback"] = traceback
        return json.dumps(line, ensure_ascii=False)


class StdoutLines(logging.Handler):
    """A log handler that looks up sys.stdout for every line, as it may be replaced."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            sys.stdout.write(self.format(record) + "\n")
            sys.stdout.flush()
        except Exception:  # noqa: BLE001 — as every handler of the standard library does
            # A full disk or a closed pipe; an event itself is stored in the database.
            self.handleError(record)


def log_as_json(app: Flask) -> None:
    """Write every line of this process to stdout as JSON, and one for each request of the app."""
    root = logging.getLogger()
    if not any(isinstance(handler, StdoutLines) for handler in root.handlers):
        lines = StdoutLines()
        lines.setFormatter(JsonLine())
        root.addHandler(lines)
    app.logger.removeHandler(default_handler)
    for name in _SERVER_LOGGERS:
        for handler in logging.getLogger(name).handlers:
            handler.setFormatter(JsonLine())
    requests_log.setLevel(logging.INFO)
    app.after_request(_log_request)


def _log_request(response: Response) -> Response:
    figures = {"status": response.status_code, "milliseconds": round(seconds_so_far() * 1000, 1)}
    requests_log.info("answered", extra={"figures": figures})
    return response
