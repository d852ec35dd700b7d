"""Checks of a request before any page sees it: its body, ids in its URL, and its CSRF token."""

import re
from itertools import islice
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit

from flask import current_app, request
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest, NotFound, RequestEntityTooLarge, UnsupportedMediaType
from wtforms.validators import ValidationError

from surveyapp.foundation.settings import settings

# In bytes: what the longest form of answers may take (promises 3.12).
LARGEST_BODY = 4_000_000
# For staff, who upload tables of up to 5 MB.
LARGEST_STAFF_UPLOAD = 6_000_000
MOST_FIELDS = 2000
# Characters in the name and in the value of one field. The longest value is a set-up file, sent back.
LONGEST_NAME = 500
LONGEST_VALUE = 500_000
# Bytes that are not UTF-8, and percent signs without a code: a browser sends none, a broken program a few.
MOST_INVALID_BYTES = 1000
LARGEST_ID = 2**31 - 1
_PERCENT_WITHOUT_CODE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
# How the codes of bytes begin that are not ASCII; a character of several bytes goes on with the first six.
_CONTINUATIONS = (b"%8", b"%9", b"%A", b"%a", b"%B", b"%b")
_NOT_ASCII = (*_CONTINUATIONS, *(b"%" + digit.encode() for digit in "CcDdEeFf"))
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


def limit_body(largest_upload: int = LARGEST_BODY) -> None:
    """Limit what is read of this request, whatever the app's own limits: a host may have set none.

    A form with files may be as large as `largest_upload`, in bytes, or a larger limit of the app's own.
    """
    is_upload = request.mimetype == _FORM_TYPES[1]
    own_limit = current_app.config["MAX_CONTENT_LENGTH"] or 0
    request.max_content_length = max(largest_upload, own_limit) if is_upload else LARGEST_BODY
    request.max_form_memory_size = LARGEST_BODY
    request.max_form_parts = MOST_FIELDS


def refuse_unexpected_bodies() -> None:
    """Refuse a body that none of our forms sends, before a page reads it (promises 3.12).

    What costs little to find out is checked first. Raises UnsupportedMediaType for a body that is not a form,
    BadRequest for one that is not text, and RequestEntityTooLarge from 2,000 fields and for a name or a value
    that no form of ours holds.
    """
    if request.method != "POST":
        return
    if request.mimetype not in _FORM_TYPES and (request.content_length or 0) > 0:
        raise UnsupportedMediaType
    if request.mimetype == _FORM_TYPES[0]:
        _read_url_encoded_form(request.get_data(parse_form_data=False))
    if any(
        len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE
        for name, value in request.form.items(multi=True)
    ):
        raise RequestEntityTooLarge


def _read_url_encoded_form(body: bytes) -> None:
    if body.count(b"&") >= MOST_FIELDS:
        raise RequestEntityTooLarge
    # Taking codes apart costs a hundred times their length in memory, so what can be measured before is.
    if next(islice(_PERCENT_WITHOUT_CODE.finditer(body), MOST_INVALID_BYTES, None), None) is not None:
        raise BadRequest
    for field in body.split(b"&"):
        name, _, value = field.partition(b"=")
        if _characters(name) > LONGEST_NAME or _characters(value) > LONGEST_VALUE:
            raise RequestEntityTooLarge
    invalid_bytes = _invalid_bytes(body)
    if invalid_bytes > MOST_INVALID_BYTES:
        raise BadRequest
    if invalid_bytes:
        # Werkzeug would keep invalid bytes as percent codes, and take long over each. We leave incomplete
        # characters out (promises A12). With both set, it does not parse the body again.
        fields = parse_qsl(body.decode("utf-8", "ignore"), keep_blank_values=True, errors="ignore")
        request.files, request.form = ImmutableMultiDict(), ImmutableMultiDict(fields)


def _characters(text: bytes) -> int:
    """How many characters URL-encoded text holds, found without decoding its codes."""
    continuations = sum(text.count(code) for code in _CONTINUATIONS) if b"%" in text else 0
    return len(text.decode("utf-8", "ignore")) - 2 * text.count(b"%") - continuations


def _invalid_bytes(body: bytes) -> int:
    """How many bytes of a URL-encoded body are not UTF-8."""
    if body.isascii() and not any(code in body for code in _NOT_ASCII):
        return 0
    decoded = unquote_to_bytes(body)
    return len(decoded) - len(decoded.decode("utf-8", "ignore").encode())


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


def is_from_other_site() -> bool:
    """Whether a page of another site sent this form, as its browser says; False where the browser is silent.

    A browser sends no cookie along with such a form, but would keep one that the response sets: a page with a
    fresh form token would replace the cookie of somebody who is signed in, and so sign them out.
    """
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        return fetched_from not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    # A proxy may have changed the host, so the public address is right too.
    own_hosts = {request.host, urlsplit(settings().public_base_url).netloc}
    return origin is not None and urlsplit(origin).netloc not in own_hosts
