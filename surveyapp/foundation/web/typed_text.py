"""Shows staff their typed text again when a form could not be stored, so that nothing has to be retyped."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import NoResultFound
from werkzeug.exceptions import Unauthorized

from surveyapp.foundation.errors import CouldNotSave, NotFound
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import DATABASE_ERRORS
from surveyapp.foundation.web.problem_pages import (
    show_database_busy,
    show_expired_form,
    show_http_problem,
    show_refusal,
)
from surveyapp.foundation.web.request_checks import is_from_other_site
from surveyapp.foundation.words.clean_text import clean_text

# The hidden field of every form for the digest of what the page showed (edit_conflicts.py).
_SEEN_FIELD = "seen"
_EXTENSION = "survey_unread_fields"


@dataclass
class _UnreadFields:
    """The names of form fields that hold no typed text; name_unread_fields() explains each set."""

    hidden: set[str] = field(default_factory=lambda: {_SEEN_FIELD})
    prefixes: set[str] = field(default_factory=set)
    choices: set[str] = field(default_factory=set)
    ticks: set[str] = field(default_factory=set)


def name_unread_fields(
    blueprint: Blueprint,
    *,
    hidden: Iterable[str] = (),
    prefixes: Iterable[str] = (),
    choices: Iterable[str] = (),
    ticks: Iterable[str] = (),
) -> None:
    """Register the fields of a step's forms that hold no typed text.

    Fields in `hidden`, and those whose names begin with one of `prefixes`, go back with the form but are not
    listed for the reader. `choices` are buttons and choices by number, which are no use once the row of the
    form has been removed. `ticks` are boxes, perhaps a thousand of them, which are only counted.
    """

    def add(state: BlueprintSetupState) -> None:
        unread = state.app.extensions.setdefault(_EXTENSION, _UnreadFields())
        unread.hidden.update(hidden)
        unread.prefixes.update(prefixes)
        unread.choices.update(choices)
        unread.ticks.update(ticks)

    blueprint.record(add)


def _unread() -> _UnreadFields:
    return current_app.extensions.get(_EXTENSION) or _UnreadFields()


def give_typed_text_back(blueprint: Blueprint) -> None:
    """Show every form below a blueprint again with its text, whatever prevented storing it."""
    blueprint.register_error_handler(CouldNotSave, _show_busy_with_text)
    for trouble in DATABASE_ERRORS:
        blueprint.register_error_handler(trouble, _show_busy_with_text)
    blueprint.register_error_handler(NoResultFound, lambda _missing: _show_removed(NotFound()))
    blueprint.register_error_handler(NotFound, _show_removed)
    blueprint.register_error_handler(Unauthorized, _signed_out)
    blueprint.register_error_handler(CSRFError, _show_form_expired)


def _show_busy_with_text(error: Exception) -> ResponseReturnValue:
    response: Response = make_response(show_database_busy(error))
    if _typed_fields():
        response.set_data(
            _page("Could not save just now", "Nothing was changed. Press the button in a moment.")
        )
    return response


def _show_removed(error: NotFound) -> ResponseReturnValue:
    """Say that the row was removed, with the typed text to copy; without any text, show “not found”."""
    typed = [(name, text) for name, text in _typed_fields() if name not in _unread().choices]
    copied = [(name, lines) for name, lines in _readable_fields(typed) if _has_typed_text(lines)]
    if not copied:
        return show_refusal(error)
    audit_id = (request.view_args or {}).get("audit_id")
    way_on = ("Go to the audits", url_for("survey.tracking.list_audits"))
    if audit_id is not None:
        way_on = ("Go to the audit", url_for("survey.tracking.show_audit", audit_id=audit_id))
    return render_template("survey/removed.html", shown=copied, way_on=way_on), 409


def _has_typed_text(lines: list[str]) -> bool:
    """Whether a field holds typed text: a choice is posted as one number and a day as three."""
    return not "".join(lines).replace(" ", "").isdecimal()


def _signed_out(error: Unauthorized) -> ResponseReturnValue:
    if not _typed_fields():
        return show_http_problem(error)
    title = "You have been signed out, and nothing was changed"
    return _page(title, "Sign in in another tab, come back to this page and press the button."), 401


def _show_form_expired(error: CSRFError) -> ResponseReturnValue:
    # A form posted by another site must not be shown with our button below it.
    if not _typed_fields() or is_from_other_site():
        return show_expired_form(error)
    text = "Nothing was changed. Press the button once more. Signed out? Sign in in another tab first."
    return _page("This page had been open too long", text), 400


def _typed_fields() -> list[tuple[str, str]]:
    if request.method != "POST":
        return []
    fields = [(clean_text(name), clean_text(text)) for name, text in request.form.items(multi=True)]
    return [(name, text) for name, text in fields if name != "csrf_token" and name]


def _page(title: str, text: str) -> str:
    typed = _typed_fields()
    return render_template(
        "survey/typed_text.html",
        title=title,
        text=text,
        typed=typed,
        shown=_readable_fields(typed),
        ticked=sum(name in _unread().ticks for name, _ in typed),
        files=[file.filename for file in request.files.values() if file.filename],
        address=request.full_path.rstrip("?"),
        sign_in=settings().sign_in_url,
    )


def _readable_fields(typed: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """The typed text to show to a person, by the words of its field names."""
    unread = _unread()
    texts_by_name: dict[str, list[str]] = {}
    for name, text in typed:
        if name not in unread.hidden | unread.ticks and not name.startswith(tuple(unread.prefixes)):
            texts_by_name.setdefault(name, []).append(text)
    fields = [
        (name.replace("_", " ").replace("-", " ").capitalize(), _lines(texts))
        for name, texts in texts_by_name.items()
    ]
    return [(name, lines) for name, lines in fields if any(lines)]


def _lines(values: list[str]) -> list[str]:
    # A day is posted in three fields with the same name.
    return values[0].split("\n") if len(values) == 1 else [" ".join(values)]
