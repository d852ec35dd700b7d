"""Pages on which an audit is set up from a file: its whole content is shown, then stored once confirmed."""

import io
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from surveyapp.agencies.directory_import.directory_comparison import plan_directory
from surveyapp.agencies.directory_import.directory_plan import DirectoryPlan
from surveyapp.agencies.directory_import.operations import DIRECTORY_CHANGED
from surveyapp.agencies.models import ALL_CONTACT_ROLES
from surveyapp.agencies.queries import AgenciesByName, agencies_by_name
from surveyapp.agencies.work_addresses import domain_mark, unlisted_in_words
from surveyapp.defining.queries import usable_forms
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict, check_unchanged, row_digest
from surveyapp.foundation.tables.packing import DamagedFile
from surveyapp.foundation.web.access import actor_and_now
from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.planning.days.chaser_choice import offset_in_words
from surveyapp.planning.setup import operations
from surveyapp.planning.setup.blank_workbook import blank_workbook
from surveyapp.planning.setup.forms import SetUpFileForm
from surveyapp.planning.setup.opened_file import OpenedFile, unpack
from surveyapp.planning.setup.operations import LOOK_AGAIN
from surveyapp.planning.setup.planned_requests import planned_requests
from surveyapp.planning.setup.setup_file import SetUpMistakes, check_set_up, open_set_up
from surveyapp.planning.setup.setup_schema import SetUp
from surveyapp.planning.setup.setup_warnings import worth_knowing
from surveyapp.planning.setup.workbook_document import SET_UP_LIMITS

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The choice for a difference is posted in a field with this prefix and the key of the difference.
_CHOICE = "choice-"


@dataclass(frozen=True)
class _Preview:
    """A set-up file beside the directory as it is now, and what the posted choices make of both."""

    file: OpenedFile
    set_up: SetUp
    directory: AgenciesByName
    plan: DirectoryPlan

    @property
    def shown(self) -> str:
        """The digest of the choices, from which the next press sees whether they were changed on the page."""
        return row_digest(**self.plan.choices)


def set_up_from_file() -> ResponseReturnValue:
    """Check a set-up file and show its content; store it once that is confirmed."""
    form = SetUpFileForm()
    if request.method != "POST":
        return _file_page(form)
    try:
        if "content" in request.form:
            return _store_or_show(_read(_confirmed_file()))
        return _preview_page(_read(_uploaded_file(form)))
    except SetUpMistakes as error:
        return _file_page(form, mistakes=error)
    except SurveyError as error:
        form.file.errors = [error.message]
        return _file_page(form)


def _read(file: OpenedFile) -> _Preview:
    set_up, directory = check_set_up(file), agencies_by_name()
    plan = plan_directory(set_up.imported_agencies, directory, _posted_choices())
    return _Preview(file, set_up, directory, plan)


def _store_or_show(preview: _Preview) -> ResponseReturnValue:
    """Store the audit if this is what the page showed; otherwise show what it would be now."""
    plan = preview.plan
    try:
        check_unchanged(request.form.get("seen"), plan.seen, message=DIRECTORY_CHANGED, way_on=LOOK_AGAIN)
        if request.form.get("shown") != preview.shown:
            return _preview_page(preview, has_new_choices=True)
        with transaction():
            audit = operations.set_up_audit(
                preview.set_up, choices=plan.choices, seen=plan.seen, **actor_and_now()
            )
            audit_id = audit.id
    except EditConflict as error:
        return _preview_page(_read(preview.file), conflict=error), error.status
    flash(f"Audit set up: {preview.set_up.size}.", "success")
    return redirect(url_for("survey.planning.show_set_up", audit_id=audit_id), 303)


def send_blank_workbook() -> ResponseReturnValue:
    """Send the blank set-up workbook."""
    workbook = io.BytesIO(blank_workbook())
    return send_file(workbook, mimetype=_XLSX, as_attachment=True, download_name="audit-set-up.xlsx")


def _uploaded_file(form: SetUpFileForm) -> OpenedFile:
    file = form.file.data
    if not isinstance(file, FileStorage) or not file.filename:
        raise SurveyError("Choose a set-up file")
    return open_set_up(file.stream.read(SET_UP_LIMITS.file_bytes + 1), clean_line(file.filename)[:100])


def _confirmed_file() -> OpenedFile:
    try:
        return unpack(request.form["content"], clean_line(request.form.get("name", ""))[:100] or "set-up")
    except DamagedFile:
        raise SurveyError("The file did not come back whole. Choose it again") from None


def _posted_choices() -> dict[str, str]:
    """What was chosen for each difference, by its key; a box that is not ticked is not posted."""
    posted = request.form.items()
    return {name.removeprefix(_CHOICE): choice for name, choice in posted if name.startswith(_CHOICE)}


def _preview_page(
    preview: _Preview, *, has_new_choices: bool = False, conflict: EditConflict | None = None
) -> str:
    """Show what the file would store, by the choices so far."""
    set_up, plan = preview.set_up, preview.plan
    titles = {form.form: form.title for form in usable_forms()}
    return render_template(
        "survey/planning/file_preview.html",
        set_up=set_up,
        plan=plan,
        requests=planned_requests(set_up, plan),
        notices=worth_knowing(set_up, plan, preview.directory),
        form_title=titles[set_up.form],
        chasers=[offset_in_words(offset) for offset in sorted(set_up.chasers)],
        escalation="" if set_up.escalate_from is None else offset_in_words(set_up.escalate_from),
        content=preview.file.packed(),
        file_name=preview.file.name,
        shown=preview.shown,
        choice_prefix=_CHOICE,
        has_new_choices=has_new_choices,
        conflict=conflict,
        kinds=AGENCY_KINDS,
        roles=ALL_CONTACT_ROLES,
        mark=domain_mark,
        unlisted=unlisted_in_words(plan.new_addresses),
        agency_names={
            agency.name: planned.name for agency, planned in zip(set_up.agencies, plan.agencies, strict=True)
        },
    )


def _file_page(form: SetUpFileForm, *, mistakes: SetUpMistakes | None = None) -> ResponseReturnValue:
    errors = form.errors or mistakes
    page = render_template("survey/planning/from_file.html", form=form, mistakes=mistakes, errors=errors)
    return page, 422 if errors else 200
