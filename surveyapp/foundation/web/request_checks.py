"""Checks of a request before any page sees it: its body, ids in its URL, and its CSRF token."""

from urllib.parse import parse_qsl, unquote_to_bytes

from flask import request
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.exceptions import NotFound, RequestEntityTooLarge, UnsupportedMediaType
from wtforms.validators import ValidationError

MOST_FIELDS = 2000
LARGEST_ID = 2**31 - 1
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


def refuse_unexpected_bodies() -> None:
    """Refuse a body that none of our forms sends, before anything parses it (promises 3.12).

    Raises UnsupportedMediaType for a body that is not a form, RequestEntityTooLarge from 2,000 fields.
    """
    if request.method != "POST":
        return
    if request.mimetype not in _FORM_TYPES and (request.content_length or 0) > 0:
        raise UnsupportedMediaType
    if request.mimetype != _FORM_TYPES[0]:
        return
    body = request.get_data(parse_form_data=False)
    if body.count(b"&") >= MOST_FIELDS:
        raise RequestEntityTooLarge
    # Let Werkzeug parse the form now: later it would overwrite the form that is set below.
    parsed = request.form
    if not _is_text(body):
        # Werkzeug keeps invalid bytes as percent codes; we leave incomplete characters out (promises A12).
        fields = parse_qsl(body.decode("utf-8", "ignore"), keep_blank_values=True, errors="ignore")
        request.form = type(parsed)(fields)


def _is_text(body: bytes) -> bool:
    try:
        unquote_to_bytes(body).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def refuse_oversized_ids() -> None:
    """Raise NotFound for a number in the URL that is too large for an id: PostgreSQL would fail on it."""
    if any(isinstance(number, int) and number > LARGEST_ID for number in (request.view_args or {}).values()):
        raise NotFound


def check_csrf_token() -> None:
    """Raise CSRFError for a POST whose token is missing, expired or from another browser."""
    if request.method != "POST":
        return
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError as error:
        raise CSRFError(str(error)) from error
