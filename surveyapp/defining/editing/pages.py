"""Pages of forms made on pages: a new form, a copy, the outline of a form, its settings."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.defining.editing import operations
from surveyapp.defining.editing.draft import FormDraft, read_draft
from surveyapp.defining.editing.draft_problems import problems_of
from surveyapp.defining.editing.form_text import comments_inside, heading_comment
from surveyapp.defining.editing.forms import KINDS_IN_WORDS, NewFormForm, SettingsForm
from surveyapp.defining.editing.question_form import list_in_short
from surveyapp.defining.library import form_path, forms_folder
from surveyapp.defining.mistakes import FormMistakes
from surveyapp.defining.models import SavedForm
from surveyapp.defining.queries import definition_of, saved_form, saved_form_if_there
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.store.former_names import names_today
from surveyapp.foundation.web.access import actor_and_now

_FIRST_THEMES = {"practice": "Practice"}
_EMPTY_THEMES = 2


def make_new_form() -> ResponseReturnValue:
    """Make a form that holds no question yet."""
    form = NewFormForm()
    if not form.validate_on_submit():
        return render_template("survey/defining/new_form.html", form=form, errors=form.errors), _status(form)
    draft = FormDraft(form="new", title=form.title.data, source=form.source.data, themes=_FIRST_THEMES)
    with transaction():
        form_id = operations.add_form(draft, **actor_and_now()).form_id
    flash(f"“{draft.title}” is made. Add its questions.", "success")
    return _to_outline(form_id)


def copy_form(form_id: str) -> ResponseReturnValue:
    """Copy a form, of a file or made on pages, under a new title."""
    text = form_text_of(form_id)
    try:
        draft = read_draft(text, form_id)
    except FormMistakes:
        raise Refused(
            "This form’s file cannot be read.", way_on="The list of forms names what to mend."
        ) from None
    form = NewFormForm(data={"title": f"{draft.title} (copy)", "source": draft.source})
    if not form.validate_on_submit():
        page = render_template(
            "survey/defining/copy_form.html",
            form=form,
            draft=draft,
            comments=comments_inside(text),
            has_heading=bool(heading_comment(text)),
            errors=form.errors,
        )
        return page, _status(form)
    copy = draft.model_copy(update={"title": form.title.data, "source": form.source.data})
    with transaction():
        copy_id = operations.add_form(copy, heading=heading_comment(text), **actor_and_now()).form_id
    flash(f"“{copy.title}” is yours to change. The form it was copied from stays as it is.", "success")
    return _to_outline(copy_id)


def show_outline(form_id: str) -> ResponseReturnValue:
    """Show a form made on pages: its questions in order, what to mend, and everything one may do with it."""
    form = saved_form(form_id)
    draft = read_draft(form.text, form_id)
    problems = problems_of(draft)
    definition = definition_of(form)
    return render_template(
        "survey/defining/outline.html",
        form=form,
        draft=draft,
        problems=problems,
        kinds=KINDS_IN_WORDS,
        answers={question.id: list_in_short(question, draft) for question in draft.questions},
        changed_by=names_today({form.changed_by})[form.changed_by],
        versions=len(definition.versions()) if definition else 0,
    )


def change_settings(form_id: str) -> ResponseReturnValue:
    """Change a form’s title, source, minutes and themes."""
    saved = changeable_form(form_id)
    draft = read_draft(saved.text, form_id)
    form = SettingsForm() if request.method == "POST" else _settings_form(draft)
    changed: EditConflict | None = None
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                operations.save_settings(
                    form_id,
                    title=form.title.data or "",
                    source=form.source.data or "",
                    minutes=form.minutes.number or 0,
                    themes=form.theme_rows,
                    seen=form.seen.data or "",
                    **actor_and_now(),
                )
        except operations.ThemeInUse as error:
            form.themes.entries[0].form.label.errors = [error.message]
        except EditConflict as error:
            draft, changed = read_draft(saved_form(form_id).text, form_id), error
            form.seen.data = operations.settings_digest(draft)
        else:
            flash("Title and themes are saved.", "success")
            return _to_outline(form_id)
    page = render_template(
        "survey/defining/settings.html",
        form=form,
        saved=saved,
        draft=draft,
        changed=changed,
        there=[
            ("Title", draft.title),
            ("Where the questions come from", draft.source),
            ("Minutes", str(draft.minutes)),
            ("Themes", ", ".join(draft.themes.values())),
        ],
        errors=form.errors,
    )
    return page, changed.status if changed else _status(form)


def move_question(form_id: str, name: str) -> ResponseReturnValue:
    """Move a question one place earlier or later."""
    by = -1 if request.form.get("press") == "up" else 1
    with transaction():
        operations.move_question(form_id, name, by=by, **actor_and_now())
    return _to_outline(form_id, name)


def remove_question(form_id: str, name: str) -> ResponseReturnValue:
    """Remove a question."""
    with transaction():
        operations.remove_question(form_id, name, seen=request.form.get("seen", ""), **actor_and_now())
    flash("The question is removed, and those below it are numbered anew.", "success")
    return _to_outline(form_id)


def put_form_away(form_id: str) -> ResponseReturnValue:
    """Offer a form to no new audit."""
    with transaction():
        operations.put_form_away(form_id, **actor_and_now())
    flash("The form is put away. Audits that use it keep it.", "success")
    return redirect(url_for("survey.defining.list_forms"), 303)


def bring_form_back(form_id: str) -> ResponseReturnValue:
    """Offer a form to new audits again."""
    with transaction():
        operations.bring_form_back(form_id, **actor_and_now())
    flash("The form can be chosen for audits again.", "success")
    return redirect(url_for("survey.defining.list_forms"), 303)


def form_text_of(form_id: str) -> str:
    """The text of a form, of a file or made on pages. Raises NotFound."""
    saved = saved_form_if_there(form_id)
    if saved is not None:
        return saved.text
    path = form_path(forms_folder(), form_id)
    if path is None:
        raise NotFound("There is no such form.", way_on="Go back to the list of forms.")
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Refused("This form’s file cannot be read.", way_on="The list of forms says why.") from None


def changeable_form(form_id: str) -> SavedForm:
    """A form made on pages that may still be changed. Raises NotFound, FormIsFrozen."""
    form = saved_form(form_id)
    if form.is_frozen:
        raise operations.FormIsFrozen
    return form


def _settings_form(draft: FormDraft) -> SettingsForm:
    rows = [{"name": name, "label": words} for name, words in draft.themes.items()]
    return SettingsForm(
        formdata=None,
        data={
            "seen": operations.settings_digest(draft),
            "title": draft.title,
            "source": draft.source,
            "minutes": str(draft.minutes),
            "themes": rows + [{"name": "", "label": ""}] * _EMPTY_THEMES,
        },
    )


def _to_outline(form_id: str, question: str = "") -> ResponseReturnValue:
    anchor = f"question-{question}" if question else None
    return redirect(url_for("survey.defining.show_outline", form_id=form_id, _anchor=anchor), 303)


def _status(form: NewFormForm | SettingsForm) -> int:
    return 422 if form.errors else 200
