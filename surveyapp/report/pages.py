"""The report of an audit: its outline, its author’s own paragraphs in each section, its Word template."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from surveyapp.foundation import clock
from surveyapp.foundation.documents.emphasis import text_runs
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.clean_text import clean_text
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit
from surveyapp.report import operations
from surveyapp.report.forms import ReportDetailsForm, SectionTextForm, WordTemplateForm
from surveyapp.report.inputs import ReportInputs
from surveyapp.report.models import ReportText, SavedReport
from surveyapp.report.parts import Chart, ReportPart
from surveyapp.report.queries import author_texts, saved_report, saved_template
from surveyapp.report.release import latest_release
from surveyapp.report.sections import outline, section_named
from surveyapp.report.word.default_template import default_template
from surveyapp.report.word.sandbox import TemplateRefused

WORD_MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def show_report(audit_id: int) -> ResponseReturnValue:
    """Show the report's outline, who wrote what in it, and how to take it away."""
    audit = session.get_one(Audit, audit_id)
    texts, entries = author_texts(audit), outline(form_of(audit))
    known = {each.key for each in entries}
    return render_template(
        "survey/report/report.html",
        audit=audit,
        report=saved_report(audit),
        entries=entries,
        words={name: len(each.text.split()) for name, each in texts.items()},
        left_over=[each for name, each in texts.items() if name not in known],
        release=latest_release(audit_id),
    )


def change_details(audit_id: int) -> ResponseReturnValue:
    """Say who wrote the report, from whom the sample was drawn, and what the audit rests on."""
    audit = session.get_one(Audit, audit_id)
    form = ReportDetailsForm()
    if not form.is_submitted():
        report = saved_report(audit)
        form.seen.data = operations.report_details_digest(report)
        if report is not None:
            form.show(report)
        return _details_page(audit, form)
    if not form.validate():
        return _details_page(audit, form), 422
    try:
        with transaction():
            operations.save_report_details(
                audit, form.details(), seen=form.seen.data or "", actor=acting_staff().name, now=clock.now()
            )
    except EditConflict as error:
        audit = session.get_one(Audit, audit_id)
        theirs = saved_report(audit)
        form.seen.data = operations.report_details_digest(theirs)
        return _details_page(audit, form, changed=error, theirs=theirs), error.status
    flash("Saved. The report has it from now on.", "success")
    return redirect(url_for("survey.report.show_report", audit_id=audit_id), 303)


def _details_page(
    audit: Audit,
    form: ReportDetailsForm,
    *,
    changed: EditConflict | None = None,
    theirs: SavedReport | None = None,
) -> str:
    return render_template(
        "survey/report/details.html",
        audit=audit,
        form=form,
        errors=form.errors,
        changed=changed,
        theirs=theirs,
    )


def show_section(audit_id: int, name: str) -> ResponseReturnValue:
    """Show one section as it stands, and the box for the author's own paragraphs in it."""
    material = ReportInputs(session.get_one(Audit, audit_id), now=clock.now())
    kept = material.own.get(name)
    form = SectionTextForm(
        formdata=None,
        data={"text": kept.text if kept else "", "seen": operations.section_text_digest(kept)},
    )
    return _section_page(material, name, form)


def save_section(audit_id: int, name: str) -> ResponseReturnValue:
    """Keep the author's own paragraphs of one section."""
    audit = session.get_one(Audit, audit_id)
    material = ReportInputs(audit, now=clock.now())
    # Raises NotFound for a section that the report has not.
    section_named(material, name)
    form = SectionTextForm()
    if not form.validate():
        return _section_page(material, name, form), 422
    try:
        with transaction():
            kept = operations.save_section_text(
                audit,
                name,
                (form.text.data or "").strip("\n"),
                seen=form.seen.data or "",
                actor=acting_staff().name,
                now=clock.now(),
            )
            saved = kept is not None
    except EditConflict as error:
        material = ReportInputs(session.get_one(Audit, audit_id), now=clock.now())
        theirs = material.own.get(name)
        form.seen.data = operations.section_text_digest(theirs)
        return _section_page(material, name, form, changed=error, theirs=theirs), error.status
    flash("Your text is saved." if saved else "This section has no text of your own.", "success")
    following = _following(material, name) if request.form.get("then") == "next" else None
    return redirect(url_for("survey.report.show_section", audit_id=audit_id, name=following or name), 303)


def _following(material: ReportInputs, name: str) -> str | None:
    """The section after this one, in the report's order."""
    keys = [each.key for each in outline(material.form) if each.key]
    place = keys.index(name) + 1
    return keys[place] if place < len(keys) else None


def _section_page(
    material: ReportInputs,
    name: str,
    form: SectionTextForm,
    *,
    changed: EditConflict | None = None,
    theirs: ReportText | None = None,
) -> str:
    section = section_named(material, name)
    entries = outline(material.form)
    return render_template(
        "survey/report/section.html",
        audit=material.audit,
        section=section,
        parts=[_part_for_page(each) for each in section.parts],
        in_runs=text_runs,
        entries=entries,
        entry=next(each for each in entries if each.key == name),
        name=name,
        following=_following(material, name),
        written=set(material.own),
        form=form,
        limit=operations.LONGEST_AUTHOR_TEXT,
        errors=form.errors if request.method == "POST" else {},
        changed=changed,
        theirs=theirs,
    )


def _part_for_page(part: ReportPart) -> tuple[str, ReportPart, Markup]:
    """A part with its kind, and its drawing where it has one."""
    # The drawing is our own, its words escaped as it was drawn.
    drawing = Markup(part.svg) if isinstance(part, Chart) else Markup()  # noqa: S704
    return part.kind, part, drawing


def change_template(audit_id: int) -> ResponseReturnValue:
    """Give the report a Word template of the partnership's own, tried out before it is kept."""
    audit = session.get_one(Audit, audit_id)
    form, refused = WordTemplateForm(), None
    chosen = form.content() if form.is_submitted() else None
    if chosen is not None:
        file_name, content = chosen
        try:
            with transaction():
                operations.save_template(
                    audit, clean_text(file_name), content, actor=acting_staff().name, now=clock.now()
                )
            flash(f"The template is kept: {file_name}. Word files of this report use it.", "success")
            return redirect(url_for("survey.report.change_template", audit_id=audit_id), 303)
        except TemplateRefused as error:
            refused = error
            form.file.errors = [error.message.removesuffix(".")]
            audit = session.get_one(Audit, audit_id)
    page = render_template(
        "survey/report/template.html",
        audit=audit,
        report=saved_report(audit),
        form=form,
        errors=form.errors,
        way_on=refused.way_on if refused else "",
    )
    return (page, 422) if form.is_submitted() else page


def download_template(audit_id: int) -> ResponseReturnValue:
    """Give the template that the report uses, to restyle in Word."""
    content = saved_template(session.get_one(Audit, audit_id)) or default_template()
    headers = {"Content-Disposition": 'attachment; filename="report-template.docx"'}
    return Response(content, mimetype=WORD_MIMETYPE, headers=headers)


def remove_template(audit_id: int) -> ResponseReturnValue:
    """Go back to our own template."""
    audit = session.get_one(Audit, audit_id)
    with transaction():
        removed = operations.remove_template(audit, actor=acting_staff().name, now=clock.now())
    flash(
        "The template is taken away; ours is used." if removed else "Our own template was in use.", "success"
    )
    return redirect(url_for("survey.report.change_template", audit_id=audit_id), 303)
