"""An id for each request, from the trusted proxy or of ours, and how long it has taken."""

import re
import secrets
import time

from flask import Flask, Response, current_app, g, has_request_context, request

HEADER = "X-Request-ID"
# Hexadecimal digits and dashes, as nginx and UUIDs have them. No link of ours can be written so.
_ID = re.compile(r"[0-9a-f-]{16,36}")
_ID_BYTES = 16


def give_request_ids(app: Flask) -> None:
    """Give each request of an app an id, which its response names; what runs earlier knows none."""
    app.before_request(_begin)
    app.after_request(_name_id)


def request_id() -> str:
    """The id of the request under way; empty outside of one."""
    return str(g.get("survey_request_id", "")) if has_request_context() else ""


def seconds_so_far() -> float:
    """How long the request under way has taken; 0 if it was refused before it began."""
    began: float | None = g.get("survey_request_began")
    return time.perf_counter() - began if began is not None else 0.0


def _begin() -> None:
    g.survey_request_began = time.perf_counter()
    # Anybody can send the header, so it counts only where a proxy sets it.
    theirs = request.headers.get(HEADER, "") if current_app.config["TRUSTED_PROXIES"] else ""
    g.survey_request_id = theirs if _ID.fullmatch(theirs) else secrets.token_hex(_ID_BYTES)


def _name_id(response: Response) -> Response:
    if request_id():
        response.headers[HEADER] = request_id()
    return response
