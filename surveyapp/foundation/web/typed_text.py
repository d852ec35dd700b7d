"""Shows staff their typed text again when a form could not be stored, so that nothing has to be retyped."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

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
from surveyapp.foundation.words.clean_text import clean_text

# The digest of what a page showed (edit_conflicts.py), which forms of every step hide.
_SEEN_FIELD = "seen"
_EXTENSION = "survey_unread_fields"


@dataclass
class _UnreadFields:
    """Names of fields that go back with a form, and that a person does not read as text of their own."""

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
    """Say which fields of a step's forms hold nothing that was typed.

    `hidden` goes back unread, and so does every field whose name begins with one of `prefixes`. `choices` are
    the button that was pressed and what was chosen by its number: nobody wants these back from a page whose
    subject is gone. `ticks` are boxes of which there may be a thousand: they are counted.
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
    """Have every form below a blueprint come back with its text, whatever kept it from being stored."""
    blueprint.register_error_handler(CouldNotSave, _show_busy_with_text)
    for trouble in DATABASE_ERRORS:
        blueprint.register_error_handler(trouble, _show_busy_with_text)
    blueprint.register_error_handler(NoResultFound, lambda _missing: _removed(NotFound()))
    blueprint.register_error_handler(NotFound, _removed)
    blueprint.register_error_handler(Unauthorized, _signed_out)
    blueprint.register_error_handler(CSRFError, _show_form_expired)


def _show_busy_with_text(error: Exception) -> ResponseReturnValue:
    plain: Response = make_response(show_database_busy(error))
    if _typed_fields():
        plain.set_data(_page("Could not save just now", "Nothing was changed. Press the button in a moment."))
    return plain


def _removed(error: NotFound) -> ResponseReturnValue:
    """Say that what a form was about is gone, with its text to copy; what had no text is not found."""
    typed = [(name, text) for name, text in _typed_fields() if name not in _unread().choices]
    copied = [(name, lines) for name, lines in _readable_fields(typed) if _is_written(lines)]
    if not copied:
        return show_refusal(error)
    audit_id = (request.view_args or {}).get("audit_id")
    way_on = ("Go to the audits", url_for("survey.tracking.list_audits"))
    if audit_id is not None:
        way_on = ("Go to the audit", url_for("survey.tracking.show_audit", audit_id=audit_id))
    return render_template("survey/removed.html", shown=copied, way_on=way_on), 409


def _is_written(lines: list[str]) -> bool:
    """Whether this was written, not chosen: a choice is sent as a number, a day as three."""
    return not "".join(lines).replace(" ", "").isdecimal()


def _signed_out(error: Unauthorized) -> ResponseReturnValue:
    if not _typed_fields():
        return show_http_problem(error)
    title = "You have been signed out, and nothing was changed"
    return _page(title, "Sign in in another tab, come back to this page and press the button."), 401


def _show_form_expired(error: CSRFError) -> ResponseReturnValue:
    # Another site's words must not come back with a button of ours below them.
    if not _typed_fields() or not _is_same_origin():
        return show_expired_form(error)
    text = "Nothing was changed. Press the button once more. Signed out? Sign in in another tab first."
    return _page("This page had been open too long", text), 400


def _is_same_origin() -> bool:
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _typed_fields() -> list[tuple[str, str]]:
    if request.method != "POST":
        return []
    sent = [(clean_text(name), clean_text(text)) for name, text in request.form.items(multi=True)]
    return [(name, text) for name, text in sent if name != "csrf_token" and name]


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
    """What a person may read of what was typed, under the names of its fields."""
    unread = _unread()
    names = [
        name
        for name in dict.fromkeys(name for name, _ in typed)
        if name not in unread.hidden | unread.ticks and not name.startswith(tuple(unread.prefixes))
    ]
    found = [(name.replace("_", " ").replace("-", " ").capitalize(), _lines(typed, name)) for name in names]
    return [(name, lines) for name, lines in found if any(lines)]


def _lines(typed: list[tuple[str, str]], name: str) -> list[str]:
    # A date comes in three fields of one name.
    values = [text for each, text in typed if each == name]
    return values[0].split("\n") if len(values) == 1 else [" ".join(values)]
