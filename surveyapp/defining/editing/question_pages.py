"""The page of one question of a form, and that of a list of answers which several questions use."""

import re
from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from surveyapp.defining.answer_form import answer_form
from surveyapp.defining.editing import operations
from surveyapp.defining.editing.answer_rows import changed_rows, empty_row, options_of, rows_of, with_values
from surveyapp.defining.editing.draft import FormDraft, read_draft
from surveyapp.defining.editing.draft_problems import problems_of
from surveyapp.defining.editing.forms import AnswersForm, QuestionForm
from surveyapp.defining.editing.pages import changeable_form
from surveyapp.defining.editing.question_form import (
    READY_ANSWERS,
    differences,
    new_question_values,
    offer_choices,
    question_from,
    question_values,
    ready_rows,
    shown_question,
)
from surveyapp.defining.form_checks import FormProblem
from surveyapp.defining.form_schema import WrittenQuestion
from surveyapp.defining.queries import saved_form
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.foundation.words.typed_dates import NotADate

# The buttons of the rows: "up-2", "down-2", "remove-2", "add", "own", "fill-grades", "gate".
_PRESS = re.compile(r"(up|down|remove|add|own|fill|gate)(?:-([a-z_]+|[0-9]{1,3}))?")
# The field of the page beside which a mistake in a part of a question is shown.
_FIELDS = {
    "ask": "ask",
    "theme": "theme",
    "none_of_these": "none_of_these",
    "comment": "comment",
    "comment_when": "comment",
    "show_if": "show_question",
    "same_as": "same_as",
    "only_for": "only_for",
    "lowest": "lowest",
    "highest": "highest",
    "earliest": "earliest",
    "latest": "latest",
    "role": "role_own",
}


def add_question(form_id: str) -> ResponseReturnValue:
    """Add a question at the end of a form."""
    return _question_page(form_id, None)


def change_question(form_id: str, name: str) -> ResponseReturnValue:
    """Change one question of a form."""
    return _question_page(form_id, name)


def change_answers(form_id: str, name: str) -> ResponseReturnValue:
    """Change a list of answers that several questions use."""
    draft = read_draft(changeable_form(form_id).text, form_id)
    if name not in draft.answers:
        raise NotFound("There is no such list of answers.", way_on="Go back to the form.")
    form = (
        AnswersForm()
        if request.method == "POST"
        else _answers_form(draft, name, rows_of(draft.answers[name]))
    )
    changed: EditConflict | None = None
    press = _press()
    if press:
        form = _answers_form(draft, name, _pressed_rows(form.answers.data, *press), seen=form.seen.data)
    elif request.method == "POST" and form.validate() and _has_rows(form):
        try:
            with transaction():
                operations.save_answers(
                    form_id,
                    name,
                    options_of(with_values(form.answers.rows)),
                    seen=form.seen.data or "",
                    **actor_and_now(),
                )
        except EditConflict as error:
            draft, changed = read_draft(saved_form(form_id).text, form_id), error
            form.seen.data = operations.list_digest(draft.answers[name])
        else:
            flash("The answers are saved.", "success")
            return redirect(url_for("survey.defining.show_outline", form_id=form_id), 303)
    problems = problems_of(draft).of_list(name)
    page = render_template(
        "survey/defining/answers.html",
        form=form,
        draft=draft,
        form_id=form_id,
        used_by=draft.users_of_list(name),
        warnings=[problem.words for problem in problems],
        changed=changed,
        there=[("Answers", ", ".join(option.label for option in draft.answers[name]))],
        focus=_focus(press, form.answers.entries),
        errors=form.errors,
    )
    return page, changed.status if changed else 422 if form.errors else 200


def _question_page(form_id: str, name: str | None) -> ResponseReturnValue:
    draft = read_draft(changeable_form(form_id).text, form_id)
    stored = None if name is None else draft.question(name)
    if name is not None and stored is None:
        raise NotFound("There is no such question in this form.", way_on="Go back to the form.")
    if request.method != "POST":
        values = new_question_values(draft) if stored is None else question_values(stored)
        form = _filled({"seen": operations.question_digest(stored), **values}, draft, stored)
        return _show_question(form, draft, form_id, stored)
    form, press = QuestionForm(), _press()
    offer_choices(form, draft, stored)
    if press:
        form = _filled(_pressed(form, draft, *press), draft, stored)
        return _show_question(form, draft, form_id, stored, press=press)
    if not form.validate():
        return _show_question(form, draft, form_id, stored)
    question = question_from(form, draft, stored)
    try:
        with transaction():
            operations.save_question(form_id, question, seen=form.seen.data or "", **actor_and_now())
    except EditConflict as error:
        draft = read_draft(saved_form(form_id).text, form_id)
        stored = draft.question(question.id)
        form.seen.data = operations.question_digest(stored)
        return _show_question(form, draft, form_id, stored, changed=error)
    return _after_saving(form_id, question)


def _after_saving(form_id: str, question: WrittenQuestion) -> ResponseReturnValue:
    """Go on to the next question or back to the form, or stay with what has to be mended."""
    draft = read_draft(saved_form(form_id).text, form_id)
    problems = problems_of(draft).of_question(question.id)
    stored = draft.question(question.id) or question
    if any(not problem.is_warning for problem in problems):
        flash("The question is saved. The form cannot be used until you mend what is marked below.", "info")
        return redirect(url_for("survey.defining.change_question", form_id=form_id, name=question.id), 303)
    flash(f"Question {stored.number} is saved.", "success")
    if request.form.get("then") == "another":
        return redirect(url_for("survey.defining.add_question", form_id=form_id), 303)
    anchor = f"question-{question.id}"
    return redirect(url_for("survey.defining.show_outline", form_id=form_id, _anchor=anchor), 303)


def _show_question(  # noqa: PLR0913 — what the page may say besides its fields
    form: QuestionForm,
    draft: FormDraft,
    form_id: str,
    stored: WrittenQuestion | None,
    *,
    press: tuple[str, str] | None = None,
    changed: EditConflict | None = None,
) -> ResponseReturnValue:
    is_fresh = request.method != "POST"
    problems = problems_of(draft).of_question(stored.id) if stored is not None and is_fresh else ()
    _show_mistakes(form, problems)
    typed = _typed_question(form, draft, stored)
    shown = None if typed is None else shown_question(typed, draft)
    page = render_template(
        "survey/defining/question_form.html",
        form=form,
        draft=draft,
        form_id=form_id,
        stored=stored,
        warnings=[problem.words for problem in problems if problem.is_warning],
        preview=answer_form(shown)() if shown is not None else None,
        shared=draft.answers.get(form.answers_from.data or ""),
        ready={name: words for name, (words, _) in READY_ANSWERS.items()},
        changed=changed,
        there=differences(stored, typed, draft) if changed and stored and typed else [],
        focus=_focus(press, form.answers.entries),
        errors=form.errors,
    )
    return page, changed.status if changed else 422 if form.errors and not is_fresh else 200


def _show_mistakes(form: QuestionForm, problems: Iterable[FormProblem]) -> None:
    """Show each mistake of the stored question below the field that it concerns."""
    for problem in problems:
        if problem.is_warning:
            continue
        key = str(problem.loc[2]) if len(problem.loc) > 2 else ""  # noqa: PLR2004 — "questions", index, key
        field = form[_FIELDS.get(key, "kind")]
        rows = form.answers.entries
        if key in ("", "answers", "items") and rows:
            place = problem.loc[3] if len(problem.loc) > 3 else 0  # noqa: PLR2004 — and the place in its list
            field = rows[place if isinstance(place, int) and place < len(rows) else 0].form.label
        field.errors = [*field.errors, problem.words]


def _typed_question(
    form: QuestionForm, draft: FormDraft, stored: WrittenQuestion | None
) -> WrittenQuestion | None:
    """The question as it stands on the page; None if the page cannot be read as one yet."""
    try:
        return question_from(form, draft, stored)
    except (ValidationError, NotADate, ValueError):
        return None


def _filled(values: dict[str, Any], draft: FormDraft, stored: WrittenQuestion | None) -> QuestionForm:
    if not values["answers"]:
        values = {**values, "answers": [empty_row(), empty_row()]}
    form = QuestionForm(formdata=None, data=values)
    offer_choices(form, draft, stored)
    return form


def _press() -> tuple[str, str] | None:
    """The button of a row that was pressed: what it does, and to which row."""
    pressed = _PRESS.fullmatch(request.form.get("press", "")) if request.method == "POST" else None
    return (pressed[1], pressed[2] or "") if pressed else None


def _pressed(form: QuestionForm, draft: FormDraft, what: str, which: str) -> dict[str, Any]:
    """What stands on the page after a press of a button that stores nothing."""
    values: dict[str, Any] = {**form.data, "answers": with_values(form.answers.data)}
    named = draft.answers.get(form.answers_from.data or "")
    if what == "own" and named is not None:
        return {**values, "answers_from": "", "answers": rows_of(named, form.comment_when.data or ())}
    if what == "fill":
        return {**values, "answers": [*with_values(form.answers.rows), *ready_rows(which)]}
    if what == "gate":
        return values
    return {**values, "answers": _pressed_rows(values["answers"], what, which)}


def _pressed_rows(rows: list[dict[str, Any]], what: str, which: str) -> list[dict[str, Any]]:
    return changed_rows(rows, what, int(which) if which.isdecimal() else -1)


def _focus(press: tuple[str, str] | None, rows: list[Any]) -> str:
    """The id of the element that has the focus after a press."""
    if press is None:
        return ""
    what, which = press
    place = int(which) if which.isdecimal() else 0
    if what in ("up", "down"):
        place = min(max(0, place + (-1 if what == "up" else 1)), len(rows) - 1)
        is_at_end = place == (0 if what == "up" else len(rows) - 1)
        return f"answers-{place}-label" if is_at_end else f"press-{what}-{place}"
    if what == "gate":
        return "show_options"
    if what in {"add", "fill"}:
        return f"answers-{len(rows) - 1}-label"
    return f"answers-{min(place, len(rows) - 1)}-label" if rows else "press-add"


def _answers_form(
    draft: FormDraft, name: str, rows: list[dict[str, Any]], *, seen: str | None = None
) -> AnswersForm:
    digest = operations.list_digest(draft.answers[name]) if seen is None else seen
    return AnswersForm(formdata=None, data={"seen": digest, "answers": rows})


def _has_rows(form: AnswersForm) -> bool:
    if form.answers.rows:
        return True
    form.answers.append_entry(empty_row())
    form.answers.entries[0].form.label.errors = ["Write the answers to choose from"]
    return False
