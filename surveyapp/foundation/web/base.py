"""The base of pages and forms: cleaned text, security headers, filters and the setup of a blueprint."""

from collections.abc import Callable
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, generate_csrf
from markupsafe import Markup
from sqlalchemy.exc import NoResultFound
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.exceptions import NotFound
from wtforms import PasswordField, StringField

from surveyapp.foundation.clock import local_day, now
from surveyapp.foundation.errors import CouldNotSave, FieldRefused, SurveyError
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import (
    DATABASE_ERRORS,
    end_reading,
    end_request_transaction,
    transaction,
)
from surveyapp.foundation.web.form_sending import name_next_page, send_address
from surveyapp.foundation.web.problem_pages import (
    PROBLEMS,
    show_database_busy,
    show_expired_form,
    show_http_problem,
    show_refusal,
)
from surveyapp.foundation.web.request_checks import (
    LARGEST_BODY,
    check_csrf_token,
    limit_body,
    refuse_oversized_ids,
    refuse_unexpected_bodies,
)
from surveyapp.foundation.web.table_heads import with_heads
from surveyapp.foundation.words.clean_text import clean_line, clean_text
from surveyapp.foundation.words.dates_and_lists import (
    clock_time,
    day_in_words,
    list_in_words,
    moment_in_words,
    short_day,
)
from surveyapp.foundation.words.shares import counted
from surveyapp.foundation.words.telephone_numbers import dialled

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
    """A form whose texts are cleaned on the way in; a password is left as it was typed (ASVS 6.2.8).

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
            secret = {field.name for field in form if isinstance(field, PasswordField)}
            return MultiDict(
                (clean_text(name), text if name in secret else clean_text(text))
                for name, text in posted.items(multi=True)
            )


class DeletionForm(SurveyForm):
    """A form with which a person confirms a deletion, by typing the name of what goes."""

    def deletes(self, field: StringField, delete: Callable[[str], None]) -> bool:
        """Whether this press deletes: `delete` gets what was typed; its refusal stands at the field."""
        if not self.validate_on_submit():
            return False
        try:
            with transaction():
                delete(field.data or "")
        except FieldRefused as error:
            field.errors = [error.message]
            return False
        return True


class LineField(StringField):
    """One line of text, without the spaces and line breaks that come with pasting."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first value as one line."""
        self.data = clean_line(valuelist[0]) if valuelist else self.data


def short_day_today(day: date) -> str:
    """A day as tables print it today: with its year once it is past, or if it is in another year."""
    return short_day(day, today=local_day(now()))


# Prefixed names, because the Jinja environment is shared with a host that may have a filter "day".
FILTERS: dict[str, Callable[..., object]] = {
    "uk_day": day_in_words,
    "uk_short_day": short_day_today,
    "uk_time": clock_time,
    "uk_moment": moment_in_words,
    "survey_list": list_in_words,
    "survey_count": counted,
    "survey_with_heads": with_heads,
    "survey_dialled": dialled,
}


def csrf_field() -> Markup:
    """The hidden field with the CSRF token, for each POST form."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def template_context() -> dict[str, object]:
    """The variables of every template of ours, besides those from its view."""
    return {
        "partnership": settings().partnership,
        "survey_settings": settings(),
        "csrf_field": csrf_field,
        "send_address": send_address,
    }


def add_headers(response: Response) -> Response:
    """Add our headers to a response; a header that the host has set stays."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _end_reading(response: Response) -> Response:
    """End the transaction of a page that was built; that of an error is rolled back."""
    if response.status_code < HTTPStatus.BAD_REQUEST:
        end_reading()
    return response


def prepare_blueprint(blueprint: Blueprint, *, largest_upload: int = LARGEST_BODY) -> None:
    """Set a parent blueprint up with what all its pages share: body limits, headers, error pages, filters.

    `largest_upload` is in bytes, for a form with files and all its fields together.
    """
    blueprint.before_request(partial(limit_body, largest_upload))
    blueprint.before_request(refuse_unexpected_bodies)
    blueprint.before_request(refuse_oversized_ids)
    blueprint.before_request(check_csrf_token)
    blueprint.after_request(_end_reading)
    blueprint.after_request(add_headers)
    blueprint.after_request(name_next_page)
    blueprint.teardown_request(end_request_transaction)
    blueprint.register_error_handler(SurveyError, show_refusal)
    for trouble in (CouldNotSave, *DATABASE_ERRORS):
        blueprint.register_error_handler(trouble, show_database_busy)
    blueprint.register_error_handler(NoResultFound, lambda _missing: show_http_problem(NotFound()))
    blueprint.register_error_handler(CSRFError, show_expired_form)
    for code in PROBLEMS:
        blueprint.register_error_handler(code, show_http_problem)
    blueprint.context_processor(template_context)
    for name, words in FILTERS.items():
        blueprint.add_app_template_filter(words, name)
    # An imported macro sees only the environment's globals, not the variables of a context processor.
    blueprint.add_app_template_global(csrf_field, "survey_csrf_field")
