"""Pages that take a form from a file, and send one as a file."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from surveyapp.defining.definition import AuditForm
from surveyapp.defining.editing.draft import FormDraft, read_draft
from surveyapp.defining.editing.draft_problems import problems_of
from surveyapp.defining.editing.form_text import heading_comment
from surveyapp.defining.editing.operations import add_form
from surveyapp.defining.editing.pages import form_text_of
from surveyapp.defining.exchange.form_workbook_writer import write_form_workbook
from surveyapp.defining.exchange.forms import FormFileForm, TakeFormForm
from surveyapp.defining.exchange.opened_form import open_form
from surveyapp.defining.exchange.taken_form import FORM_LIMITS, TakenForm, UnreadableForm
from surveyapp.defining.exchange.xlsform_writer import write_xlsform, xlsform_of
from surveyapp.defining.mistakes import FormMistakes
from surveyapp.defining.queries import usable_form
from surveyapp.foundation import clock
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.foundation.web.file_response import file_response

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def take_form() -> ResponseReturnValue:
    """Read a form from a file and show what it holds; store it once that is confirmed."""
    if "content" in request.form:
        return _keep_or_show()
    form = FormFileForm()
    if request.method != "POST":
        return _file_page(form)
    file = form.file.data
    if not isinstance(file, FileStorage) or not file.filename:
        form.file.errors = ["Choose a file"]
        return _file_page(form)
    try:
        taken = open_form(file.stream.read(FORM_LIMITS.file_bytes + 1))
    except UnreadableForm as error:
        return _file_page(form, mistakes=error.mistakes)
    shown = TakeFormForm(
        formdata=None,
        data={
            "title": taken.draft.title,
            "source": taken.draft.source,
            "content": taken.heading + taken.draft.to_text(),
        },
    )
    return _preview_page(shown, taken)


def send_form_file(form_id: str) -> ResponseReturnValue:
    """Send a form as a form file (.yaml)."""
    return file_response(form_text_of(form_id).encode(), "application/yaml", f"{form_id}.yaml")


def send_form_workbook(form_id: str) -> ResponseReturnValue:
    """Send a form as a spreadsheet (.xlsx)."""
    made_at = clock.local_time(clock.now()).replace(tzinfo=None)
    return file_response(write_form_workbook(_draft(form_id), made_at=made_at), _XLSX, f"{form_id}.xlsx")


def show_xlsform(form_id: str) -> ResponseReturnValue:
    """Show what an XLSForm of this form would not hold, before it is downloaded."""
    definition = _definition(form_id)
    return render_template(
        "survey/defining/xlsform.html",
        definition=definition,
        losses=xlsform_of(definition, version="").losses,
    )


def send_xlsform(form_id: str) -> Response:
    """Send a form as an XLSForm (.xlsx)."""
    made_at = clock.local_time(clock.now()).replace(tzinfo=None)
    made = xlsform_of(_definition(form_id), version=f"{made_at:%Y%m%d%H%M}")
    return file_response(write_xlsform(made, made_at=made_at), _XLSX, f"{form_id}-xlsform.xlsx")


def _keep_or_show() -> ResponseReturnValue:
    """Store the form that a page showed."""
    form = TakeFormForm()
    text = form.content.data or ""
    try:
        draft = read_draft(text, "file")
    except FormMistakes:
        empty = FormFileForm(formdata=None)
        empty.file.errors = ["The file did not come back whole. Choose it again"]
        return _file_page(empty)
    if not form.validate():
        return _preview_page(form, TakenForm(draft))
    kept = draft.model_copy(update={"title": form.title.data, "source": form.source.data})
    with transaction():
        form_id = add_form(kept, heading=heading_comment(text), **actor_and_now()).form_id
    flash(f"“{kept.title}” is kept.", "success")
    return redirect(url_for("survey.defining.show_outline", form_id=form_id), 303)


def _file_page(form: FormFileForm, *, mistakes: tuple[str, ...] = ()) -> ResponseReturnValue:
    errors = form.errors or mistakes
    page = render_template("survey/defining/take_form.html", form=form, mistakes=mistakes, errors=errors)
    return page, 422 if errors else 200


def _preview_page(form: TakeFormForm, taken: TakenForm) -> ResponseReturnValue:
    page = render_template(
        "survey/defining/taken_form.html",
        form=form,
        draft=taken.draft,
        losses=taken.losses,
        problems=problems_of(taken.draft),
        errors=form.errors,
    )
    return page, 422 if form.errors else 200


def _draft(form_id: str) -> FormDraft:
    try:
        return read_draft(form_text_of(form_id), form_id)
    except FormMistakes:
        raise Refused("This form’s file cannot be read.", way_on="The list of forms says why.") from None


def _definition(form_id: str) -> AuditForm:
    try:
        return usable_form(form_id)
    except KeyError:
        raise NotFound("There is no such form.", way_on="Go back to the list of forms.") from None
    except FormMistakes:
        raise Refused("This form has mistakes.", way_on="Mend the form first.") from None
