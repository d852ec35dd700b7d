"""What every page shares: forms that clean, a checked token, headers, refusals as pages."""

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
# When to try again while the database is busy.
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
    """A form whose every text is cleaned once, on the way in.

    Its token is checked for all POSTs at the blueprint, so that no page can forget it; templates write
    `csrf_field()`.
    """

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF has no types
        """Clean before any field reads; leave the token to the blueprint."""

        csrf = False

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:  # noqa: ANN401 — WTForms’ own
            """Give the fields cleaned text only (promises 3.13)."""
            found = super().wrap_formdata(form, formdata)
            if not isinstance(found, MultiDict) or isinstance(found, CombinedMultiDict):
                return found
            return MultiDict((clean_text(name), clean_text(text)) for name, text in found.items(multi=True))


class LineField(StringField):
    """One line of text, without the spaces and breaks that come with pasting."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first value as one line."""
        self.data = clean_line(valuelist[0]) if valuelist else self.data


# A host may have a filter "day" of its own, and its environment is shared with us.
FILTERS: dict[str, Callable[..., object]] = {
    "uk_day": day_in_words,
    "uk_short_day": short_day,
    "uk_time": clock_time,
    "uk_moment": moment_in_words,
    "survey_list": list_in_words,
    "survey_count": counted,
}


def csrf_field() -> Markup:
    """The hidden field that each POST form carries."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def template_context() -> dict[str, object]:
    """What every template of ours may use, beside what its view gives it."""
    return {"partnership": settings().partnership, "survey_settings": settings(), "csrf_field": csrf_field}


def refuse_unexpected_bodies() -> None:
    """Refuse a body that no form of ours sends, before anything parses it (promises 3.12).

    Raises UnsupportedMediaType for other than form encodings, RequestEntityTooLarge for 2,000 fields.
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
    # Werkzeug reads the form first, or it would read the body over what stands here later.
    found = request.form
    if not _is_text(body):
        # It keeps such bytes as percent signs and digits; half a character is left out (promises A12).
        fields = parse_qsl(body.decode("utf-8", "ignore"), keep_blank_values=True, errors="ignore")
        request.form = type(found)(fields)


def _is_text(body: bytes) -> bool:
    try:
        unquote_to_bytes(body).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def refuse_oversized_ids() -> None:
    """Know no row by a number that no row can have: PostgreSQL fails on one. Raises NotFound."""
    if any(isinstance(number, int) and number > LARGEST_ID for number in (request.view_args or {}).values()):
        raise NotFound


def check_csrf_token() -> None:
    """Refuse a POST whose form token is missing, expired or another browser's. Raises CSRFError."""
    if request.method != "POST":
        return
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError as error:
        raise CSRFError(str(error)) from error


def add_headers(response: Response) -> Response:
    """Put our headers on our own responses; what a host has set itself stays."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def show_refusal(error: SurveyError) -> ResponseReturnValue:
    """Show a refusal as a page: what happened, and the way on."""
    title = error.message.removesuffix(".")
    return render_template("survey/problem.html", title=title, text=error.way_on), error.status


def show_database_busy(error: Exception) -> ResponseReturnValue:
    """Say that the database is busy, full or away, in a page that asks nothing of it (promises D1, D9)."""
    if not isinstance(error, CouldNotSave):
        session.rollback()
        current_app.logger.error("The database is out of reach: %s", getattr(error, "orig", error))
    read = request.method in {"GET", "HEAD"}
    title = "This page cannot be shown just now" if read else "Could not save just now"
    text = (
        "Reload it in a moment." if read else "Nothing was changed. Go back and press the button in a moment."
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
    """Show an HTTP error of ours as a page with a way on."""
    title, text = _PROBLEMS.get(error.code or 500, ("Something went wrong", "Try again in a moment."))
    return render_template("survey/problem.html", title=title, text=text), error.code or 500


def show_expired_form(_error: CSRFError) -> ResponseReturnValue:
    """Say that the page had been open too long, where no typed text is at stake."""
    title = "This page had been open too long"
    return render_template(
        "survey/problem.html",
        title=title,
        text="Nothing was changed. Go back, reload the page and press again.",
    ), 400


def prepare_blueprint(blueprint: Blueprint) -> None:
    """Give a parent blueprint what all pages below it share: body limits, headers, refusals as pages."""
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
    # An imported macro sees the environment's globals only, not what a context processor gives.
    blueprint.add_app_template_global(csrf_field, "survey_csrf_field")
