"""The page of the report’s Word template: download, upload and removal."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from surveyapp.foundation import clock
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.clean_text import clean_text
from surveyapp.planning.models import Audit
from surveyapp.report import operations
from surveyapp.report.export_formats import DOCX
from surveyapp.report.forms import WordTemplateForm
from surveyapp.report.queries import saved_report, saved_template
from surveyapp.report.word.default_template import default_template
from surveyapp.report.word.sandbox import TemplateRefused
from surveyapp.report.word.template_trial import try_template


def change_template(audit_id: int) -> ResponseReturnValue:
    """Show the upload of the partnership’s own template; save one after filling it with a sample report."""
    audit = session.get_one(Audit, audit_id)
    form, refused = WordTemplateForm(), None
    chosen = form.content() if form.is_submitted() else None
    if chosen is not None:
        file_name, content = chosen
        try:
            with transaction():
                notices = operations.save_template(
                    audit, clean_text(file_name), content, actor=acting_staff().name, now=clock.now()
                )
            kept = f"The template is kept: {file_name}. Word files of this report use it."
            # What is missing is on the page itself, which shows it each time.
            flash(f"{kept} Read below what they leave out." if notices else kept, "success")
            return redirect(url_for("survey.report.change_template", audit_id=audit_id), 303)
        except TemplateRefused as error:
            refused = error
            form.file.errors = [error.message.removesuffix(".")]
            audit = session.get_one(Audit, audit_id)
    trouble, notices = ("", ()) if refused else _trial(saved_template(audit))
    page = render_template(
        "survey/report/template.html",
        audit=audit,
        report=saved_report(audit),
        trouble=trouble,
        notices=notices,
        form=form,
        errors=form.errors,
        way_on=refused.way_on if refused else "",
    )
    return (page, 422) if form.is_submitted() else page


def _trial(content: bytes | None) -> tuple[str, tuple[str, ...]]:
    """Why the saved template can no longer be used, or nothing; and what it leaves out."""
    try:
        return "", try_template(content).notices if content else ()
    except TemplateRefused as error:
        return f"{error.message} {error.way_on}", ()


def download_template(audit_id: int) -> ResponseReturnValue:
    """Send the template that the report uses, to restyle in Word; ours if the address asks for it."""
    own = None if "ours" in request.args else saved_template(session.get_one(Audit, audit_id))
    content = own or default_template()
    headers = {"Content-Disposition": 'attachment; filename="report-template.docx"'}
    return Response(content, mimetype=DOCX.mimetype, headers=headers)


def remove_template(audit_id: int) -> ResponseReturnValue:
    """Remove the partnership’s template, so that Word files use the default template again."""
    audit = session.get_one(Audit, audit_id)
    with transaction():
        removed = operations.remove_template(audit, actor=acting_staff().name, now=clock.now())
    flash(
        "The template is taken away; ours is used." if removed else "Our own template was in use.", "success"
    )
    return redirect(url_for("survey.report.change_template", audit_id=audit_id), 303)
