"""The report’s pages: its outline, its details, and each section with the author’s own text."""

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from surveyapp.foundation import clock
from surveyapp.foundation.documents.emphasis import text_runs
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.foundation.web.access import acting_staff
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit
from surveyapp.report import operations
from surveyapp.report.forms import ReportDetailsForm, SectionTextForm
from surveyapp.report.left_to_do import left_to_do
from surveyapp.report.models import ReportText, SavedReport
from surveyapp.report.parts import Chart, ReportPart
from surveyapp.report.queries import author_texts, report_counts, saved_report
from surveyapp.report.release.release import latest_release
from surveyapp.report.sections.inputs import ReportInputs
from surveyapp.report.sections.outline import outline, section_keys
from surveyapp.report.sections.sections import section_named


def show_report(audit_id: int) -> ResponseReturnValue:
    """Show the report’s outline, with the author’s texts and what is left to do, and its downloads."""
    audit = session.get_one(Audit, audit_id)
    texts, entries, report = author_texts(audit), outline(form_of(audit)), saved_report(audit)
    keys = {entry.key for entry in entries}
    return render_template(
        "survey/report/report.html",
        audit=audit,
        report=report,
        entries=entries,
        words=_words_written(texts),
        left=left_to_do(audit, report, report_counts(audit), written=texts.keys()),
        left_over=[text for key, text in texts.items() if key not in keys],
        release=latest_release(audit_id),
    )


def change_details(audit_id: int) -> ResponseReturnValue:
    """Show and save the report’s details: author, date, population, rules of selection, references."""
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
    """Show one section as it is now, with a box for the author’s own text."""
    inputs = ReportInputs(session.get_one(Audit, audit_id), now=clock.now())
    author_text = inputs.author_texts.get(name)
    form = SectionTextForm(
        formdata=None,
        data={
            "text": author_text.text if author_text else "",
            "seen": operations.section_text_digest(author_text),
        },
    )
    return _section_page(inputs, name, form)


def save_section(audit_id: int, name: str) -> ResponseReturnValue:
    """Save the author’s own text of one section."""
    audit = session.get_one(Audit, audit_id)
    keys = section_keys(form_of(audit))
    if name not in keys:
        raise NotFound
    form = SectionTextForm()
    if not form.validate():
        return _section_page(ReportInputs(audit, now=clock.now()), name, form), 422
    try:
        with transaction():
            author_text = operations.save_section_text(
                audit,
                name,
                (form.text.data or "").strip("\n"),
                seen=form.seen.data or "",
                actor=acting_staff().name,
                now=clock.now(),
            )
            saved = author_text is not None
    except EditConflict as error:
        inputs = ReportInputs(session.get_one(Audit, audit_id), now=clock.now())
        theirs = inputs.author_texts.get(name)
        form.seen.data = operations.section_text_digest(theirs)
        return _section_page(inputs, name, form, changed=error, theirs=theirs), error.status
    flash("Your text is saved." if saved else "This section has no text of your own.", "success")
    following = _next_section(keys, name) if request.form.get("then") == "next" else None
    return redirect(url_for("survey.report.show_section", audit_id=audit_id, name=following or name), 303)


def _next_section(keys: Sequence[str], name: str) -> str | None:
    """The key after this one; None after the last."""
    place = keys.index(name) + 1
    return keys[place] if place < len(keys) else None


def _section_page(
    inputs: ReportInputs,
    name: str,
    form: SectionTextForm,
    *,
    changed: EditConflict | None = None,
    theirs: ReportText | None = None,
) -> str:
    section = section_named(inputs, name)
    entries = outline(inputs.form)
    return render_template(
        "survey/report/section.html",
        audit=inputs.audit,
        section=section,
        parts=[_part_for_page(part) for part in section.parts],
        in_runs=text_runs,
        entries=entries,
        entry=next(entry for entry in entries if entry.key == name),
        name=name,
        following=_next_section(section_keys(inputs.form), name),
        words=_words_written(inputs.author_texts),
        left=left_to_do(
            inputs.audit,
            inputs.saved_report,
            report_counts(inputs.audit),
            written=inputs.author_texts.keys(),
        ),
        form=form,
        limit=operations.LONGEST_AUTHOR_TEXT,
        errors=form.errors if request.method == "POST" else {},
        changed=changed,
        theirs=theirs,
    )


def _words_written(texts: Mapping[str, ReportText]) -> dict[str, int]:
    """The number of words of the author’s own text in each section that has one, by its key."""
    return {key: len(text.text.split()) for key, text in texts.items()}


def _part_for_page(part: ReportPart) -> tuple[str, ReportPart, Markup]:
    """The kind of a part, the part, and its drawing if it is a chart."""
    # The drawing is safe: it is our own SVG, in which all text has been escaped.
    drawing = Markup(part.svg) if isinstance(part, Chart) else Markup()  # noqa: S704
    return part.kind, part, drawing
