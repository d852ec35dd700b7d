"""What the business manager does with a form made on pages."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from surveyapp.defining.editing.draft import FormDraft, read_draft
from surveyapp.defining.editing.draft_changes import (
    id_from,
    moved_question,
    with_question,
    without_question,
)
from surveyapp.defining.editing.form_text import heading_comment
from surveyapp.defining.form_schema import WrittenQuestion
from surveyapp.defining.models import SavedForm
from surveyapp.defining.queries import form_ids_taken
from surveyapp.defining.question_parts import Option
from surveyapp.defining.strict_yaml import LARGEST_FORM_FILE
from surveyapp.foundation.errors import FieldRefused, NotFound, Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import NO_ROW, check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row, lock_row_if_there

MOST_QUESTIONS = 200
_LOOK_AGAIN = "Look at it, then remove it if you still want to."
# Words of addresses below /forms.
_ADDRESSES = frozenset({"new", "upload"})


class FormIsFrozen(Refused):
    """An audit was issued with this form, so that it stays as agencies saw it."""

    way_on = "Copy it, and change the copy."

    def __init__(self) -> None:
        """Say why."""
        super().__init__("An audit was issued with this form, so it can no longer be changed.")


class FormTooLong(Refused):
    """The form would be longer than a form file may be."""

    way_on = "Shorten it, or ask the rest in a second audit."

    def __init__(self) -> None:
        """Say the limits."""
        super().__init__(
            f"A form has at most {MOST_QUESTIONS} questions and {LARGEST_FORM_FILE // 1000} kB of text."
        )


class ThemeInUse(FieldRefused):
    """A theme that questions belong to cannot be removed."""

    def __init__(self, label: str, questions: Sequence[WrittenQuestion]) -> None:
        """Name the theme and how many questions belong to it."""
        belong = "1 question belongs" if len(questions) == 1 else f"{len(questions)} questions belong"
        super().__init__("themes", f"{belong} to “{label}”: give them another theme before you remove it")


def add_form(draft: FormDraft, *, heading: str = "", actor: str, now: datetime) -> SavedForm:
    """Store a new form under a free id made from its title; `heading` are comment lines that it keeps."""
    form_id = id_from(draft.title, form_ids_taken() | _ADDRESSES, otherwise="form")
    form = SavedForm(form_id=form_id, made_at=now)
    session.add(form)
    _store(form, draft.model_copy(update={"form": form_id}), heading, actor=actor, now=now)
    session.flush()
    record_event(actor, "made_form", f"form {form.id}", now=now)
    return form


def question_digest(question: WrittenQuestion | None) -> str:
    """A digest of a question, to detect an edit since its page was opened; NO_ROW for a new one."""
    return NO_ROW if question is None else row_digest(**question.model_dump(mode="json", exclude={"number"}))


def save_question(
    form_id: str, question: WrittenQuestion, *, seen: str | None, actor: str, now: datetime
) -> None:
    """Store a question in the place of the one with its id, or at the end if there is none.

    `seen` is the `question_digest` of the page. Raises EditConflict if somebody else changed the question
    since, NotFound if they removed it, FormIsFrozen, FormTooLong.
    """
    form, draft = _locked(form_id)
    stored = draft.question(question.id)
    if stored is None and seen != NO_ROW:
        raise NotFound("Somebody else removed this question.", way_on="Go back to the form.")
    check_unchanged(seen, question_digest(stored))
    _store(form, with_question(draft, question), actor=actor, now=now)
    record_event(actor, "changed_form", f"form {form.id}", f"question {question.id}", now=now)


def move_question(form_id: str, name: str, *, by: int, actor: str, now: datetime) -> None:
    """Move a question one place earlier (`by` -1) or later (1). Raises FormIsFrozen."""
    form, draft = _locked(form_id)
    _store(form, moved_question(draft, name, by), actor=actor, now=now)
    record_event(actor, "changed_form", f"form {form.id}", f"moved question {name}", now=now)


def remove_question(form_id: str, name: str, *, seen: str, actor: str, now: datetime) -> None:
    """Remove a question. Raises EditConflict if it changed since the page was opened, and FormIsFrozen."""
    form, draft = _locked(form_id)
    question = draft.question(name)
    if question is None:
        return
    check_unchanged(seen, question_digest(question), way_on=_LOOK_AGAIN)
    _store(form, without_question(draft, name), actor=actor, now=now)
    record_event(actor, "changed_form", f"form {form.id}", f"removed question {name}", now=now)


def settings_digest(draft: FormDraft) -> str:
    """A digest of a form's title, source, minutes and themes."""
    return row_digest(
        title=draft.title, source=draft.source, minutes=draft.minutes, themes=list(draft.themes.items())
    )


def save_settings(  # noqa: PLR0913 — the fields of the page
    form_id: str,
    *,
    title: str,
    source: str,
    minutes: int,
    themes: Sequence[tuple[str, str]],
    seen: str,
    actor: str,
    now: datetime,
) -> None:
    """Store a form's title, source, minutes and themes, each an id (empty for a new one) and its words.

    Raises ThemeInUse, EditConflict if somebody else changed them since, FormIsFrozen.
    """
    form, draft = _locked(form_id)
    check_unchanged(seen, settings_digest(draft))
    kept: dict[str, str] = {}
    for name, words in themes:
        taken = {*draft.themes, *kept}
        kept[name if name in draft.themes else id_from(words, taken, otherwise="theme")] = words
    for name, words in draft.themes.items():
        if name not in kept and draft.questions_of_theme(name):
            raise ThemeInUse(words, draft.questions_of_theme(name))
    values = {"title": title, "source": source, "minutes": minutes, "themes": kept}
    _store(form, draft.model_copy(update=values), actor=actor, now=now)
    record_event(actor, "changed_form", f"form {form.id}", "settings", now=now)


def list_digest(options: Sequence[Option]) -> str:
    """A digest of a list of answers."""
    return row_digest(options=[option.model_dump(mode="json") for option in options])


def save_answers(  # noqa: PLR0913 — a list, by its form
    form_id: str, name: str, options: Sequence[Option], *, seen: str, actor: str, now: datetime
) -> None:
    """Store the answers of a list that several questions use. Raises EditConflict, NotFound, FormIsFrozen."""
    form, draft = _locked(form_id)
    if name not in draft.answers:
        raise NotFound("Somebody else removed this list.", way_on="Go back to the form.")
    check_unchanged(seen, list_digest(draft.answers[name]))
    lists = {**draft.answers, name: tuple(options)}
    _store(form, draft.model_copy(update={"answers": lists}), actor=actor, now=now)
    record_event(actor, "changed_form", f"form {form.id}", f"answers {name}", now=now)


def put_form_away(form_id: str, *, actor: str, now: datetime) -> None:
    """Offer a form to no new audit. Audits that are planned with it keep it."""
    form = lock_row(select(SavedForm).where(SavedForm.form_id == form_id))
    if form.put_away_at is None:
        form.put_away_at = now
        record_event(actor, "put_form_away", f"form {form.id}", now=now)


def bring_form_back(form_id: str, *, actor: str, now: datetime) -> None:
    """Offer a form to new audits again."""
    form = lock_row(select(SavedForm).where(SavedForm.form_id == form_id))
    if form.put_away_at is not None:
        form.put_away_at = None
        record_event(actor, "brought_form_back", f"form {form.id}", now=now)


def freeze_form(form_id: str, *, now: datetime) -> None:
    """Freeze a form made on pages as an audit is issued with it; nothing for a form of a file.

    Whoever is changing the form either has stored that before, or is refused.
    """
    form = lock_row_if_there(select(SavedForm).where(SavedForm.form_id == form_id))
    if form is not None and form.issued_at is None:
        form.issued_at = now


def _locked(form_id: str) -> tuple[SavedForm, FormDraft]:
    """Lock a form and read it. Raises NoResultFound if there is none, and FormIsFrozen."""
    form = lock_row(select(SavedForm).where(SavedForm.form_id == form_id))
    if form.is_frozen:
        raise FormIsFrozen
    return form, read_draft(form.text, form_id)


def _store(
    form: SavedForm, draft: FormDraft, heading: str | None = None, *, actor: str, now: datetime
) -> None:
    text = (heading_comment(form.text) if heading is None else heading) + draft.to_text()
    if len(draft.questions) > MOST_QUESTIONS or len(text.encode()) > LARGEST_FORM_FILE:
        raise FormTooLong
    form.text, form.changed_at, form.changed_by = text, now, actor[:200]
