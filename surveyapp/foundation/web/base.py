"""The base of every page: forms that clean their text, CSRF tokens, headers and error pages."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, generate_csrf, validate_csrf
from markupsafe import Markup
from sqlalchemy.exc import NoResultFound
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.exceptions import HTTPException, NotFound, RequestEntityTooLarge, UnsupportedMediaType
from wtforms import StringField
from wtforms.validators import ValidationError

from surveyapp.foundation.errors import CouldNotSave, SurveyError
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import DATABASE_ERRORS, session
from surveyapp.foundation.words.clean_text import clean_line, clean_text
from surveyapp.foundation.words.dates_and_lists import (
    clock_time,
    day_in_words,
    list_in_words,
    moment_in_words,
    short_day,
)
from surveyapp.foundation.words.shares import counted

MOST_FIELDS = 2000
LARGEST_ID = 2**31 - 1
# Retry-After while the database is busy.
RETRY_SECONDS = "10"
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    # Not no-referrer: on HTTPS, Flask-WTF's check of the form asks for a referrer.
    "Referrer-Policy": "strict-origin",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SurveyForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form whose texts are cleaned on the way in.

    The blueprint checks the CSRF token of every POST, so that no page can forget it; templates write
    `csrf_field()`.
    """

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF has no types
        """Clean texts before any field reads them; leave the token to the blueprint."""

        csrf = False

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:  # noqa: ANN401 — WTForms’ own
            """Clean the names and values of a posted form (promises 3.13)."""
            posted = super().wrap_formdata(form, formdata)
            if not isinstance(posted, MultiDict) or isinstance(posted, CombinedMultiDict):
                return posted
            return MultiDict((clean_text(name), clean_text(text)) for name, text in posted.items(multi=True))


class LineField(StringField):
    """One line of text, without the spaces and line breaks that come with pasting."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first value as one line."""
        self.data = clean_line(valuelist[0]) if valuelist else self.data


# Prefixed names, because the Jinja environment is shared with a host that may have a filter "day".
FILTERS: dict[str, Callable[..., object]] = {
    "uk_day": day_in_words,
    "uk_short_day": short_day,
    "uk_time": clock_time,
    "uk_moment": moment_in_words,
    "survey_list": list_in_words,
    "survey_count": counted,
}


def csrf_field() -> Markup:
    """The hidden field with the CSRF token, for each POST form."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def template_context() -> dict[str, object]:
    """The variables of every template of ours, besides those from its view."""
    return {"partnership": settings().partnership, "survey_settings": settings(), "csrf_field": csrf_field}


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


def add_headers(response: Response) -> Response:
    """Add our headers to a response; a header that the host has set stays."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def show_refusal(error: SurveyError) -> ResponseReturnValue:
    """The page for a refusal: what happened, and the way on."""
    title = error.message.removesuffix(".")
    return render_template("survey/problem.html", title=title, text=error.way_on), error.status


def show_database_busy(error: Exception) -> ResponseReturnValue:
    """The page for a busy, full or unreachable database, made without reading it (promises D1, D9)."""
    if not isinstance(error, CouldNotSave):
        session.rollback()
        current_app.logger.error("The database is out of reach: %s", getattr(error, "orig", error))
    is_reading = request.method in {"GET", "HEAD"}
    title = "This page cannot be shown just now" if is_reading else "Could not save just now"
    text = (
        "Reload it in a moment."
        if is_reading
        else "Nothing was changed. Go back and press the button in a moment."
    )
    response = make_response(render_template("survey/problem.html", title=title, text=text), 503)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


_PROBLEMS = {
    400: ("That could not be read", "Go back and try again."),
    401: ("Sign in to see this", "This page is for the partnership’s staff."),
    403: ("This page is not open to your role", "Ask the person who runs surveyapp if you need it."),
    404: ("There is no such page here", "Check the address, or go back to the start."),
    405: ("This address does not take that", "Go back and use the buttons on the page."),
    413: (
        "That is too much to take at once",
        "Nothing was stored. What was saved before is kept; send a shorter text.",
    ),
    415: ("That is not what a form sends", "Nothing was stored. Use the form on the page."),
}


def show_http_problem(error: HTTPException) -> ResponseReturnValue:
    """The page for an HTTP error, with a way on."""
    title, text = _PROBLEMS.get(error.code or 500, ("Something went wrong", "Try again in a moment."))
    return render_template("survey/problem.html", title=title, text=text), error.code or 500


def show_expired_form(_error: CSRFError) -> ResponseReturnValue:
    """The page for an expired CSRF token, when no typed text could be lost."""
    title = "This page had been open too long"
    return render_template(
        "survey/problem.html",
        title=title,
        text="Nothing was changed. Go back, reload the page and press again.",
    ), 400


def prepare_blueprint(blueprint: Blueprint) -> None:
    """Set a parent blueprint up with what all its pages share: body limits, headers, error pages, filters."""
    blueprint.before_request(refuse_unexpected_bodies)
    blueprint.before_request(refuse_oversized_ids)
    blueprint.before_request(check_csrf_token)
    blueprint.after_request(add_headers)
    blueprint.register_error_handler(SurveyError, show_refusal)
    for trouble in (CouldNotSave, *DATABASE_ERRORS):
        blueprint.register_error_handler(trouble, show_database_busy)
    blueprint.register_error_handler(NoResultFound, lambda _missing: show_http_problem(NotFound()))
    blueprint.register_error_handler(CSRFError, show_expired_form)
    for code in _PROBLEMS:
        blueprint.register_error_handler(code, show_http_problem)
    blueprint.context_processor(template_context)
    for name, words in FILTERS.items():
        blueprint.add_app_template_filter(words, name)
    # An imported macro sees only the environment's globals, not the variables of a context processor.
    blueprint.add_app_template_global(csrf_field, "survey_csrf_field")
