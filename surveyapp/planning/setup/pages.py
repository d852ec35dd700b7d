"""Pages on which an audit is set up from a file: its whole content is shown, then stored once confirmed."""

import base64
import binascii
import io

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from surveyapp.agencies.models import AGENCY_KINDS, CONTACT_ROLES
from surveyapp.defining.library import available_forms, forms_folder
from surveyapp.foundation import clock
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.web.access import acting_staff
from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.planning.setup import operations
from surveyapp.planning.setup.blank_workbook import blank_workbook
from surveyapp.planning.setup.forms import SetUpFileForm
from surveyapp.planning.setup.setup_file import SetUpMistakes, read_set_up
from surveyapp.planning.setup.setup_schema import SetUp

# The confirmation page posts the file back in a field: Flask takes 500 kB, and base64 adds a third.
LARGEST_ON_PAGE = 300_000
_TOO_LARGE = "The file is larger than 300 kB. The command “survey set-up” takes up to 1 MB"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def set_up_from_file() -> ResponseReturnValue:
    """Check a set-up file and show its content; store it once that is confirmed."""
    form = SetUpFileForm()
    if request.method == "GET":
        return _file_page(form)
    try:
        content, name = _confirmed_file() if "content" in request.form else _uploaded_file(form)
        set_up = read_set_up(content, name)
        if "content" in request.form:
            return _store_and_redirect(set_up)
    except SetUpMistakes as error:
        return _file_page(form, mistakes=error)
    except SurveyError as error:
        form.file.errors = [error.message]
        return _file_page(form)
    encoded = base64.urlsafe_b64encode(content).decode()
    titles = {form.form: form.title for form in available_forms(forms_folder())}
    template_values = {
        "set_up": set_up,
        "form_title": titles[set_up.form],
        "content": encoded,
        "file_name": name,
        "kinds": AGENCY_KINDS,
        "roles": CONTACT_ROLES,
    }
    return render_template("survey/planning/file_preview.html", **template_values)


def send_blank_workbook() -> ResponseReturnValue:
    """Send the blank set-up workbook."""
    workbook = io.BytesIO(blank_workbook())
    return send_file(workbook, mimetype=_XLSX, as_attachment=True, download_name="audit-set-up.xlsx")


def _uploaded_file(form: SetUpFileForm) -> tuple[bytes, str]:
    file = form.file.data
    if not isinstance(file, FileStorage) or not file.filename:
        raise SurveyError("Choose a set-up file")
    content = file.stream.read(LARGEST_ON_PAGE + 1)
    if len(content) > LARGEST_ON_PAGE:
        raise SurveyError(_TOO_LARGE)
    return content, clean_line(file.filename)[:100]


def _confirmed_file() -> tuple[bytes, str]:
    try:
        content = base64.b64decode(request.form["content"], altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise SurveyError("The file did not come back whole. Choose it again") from None
    return content, clean_line(request.form.get("name", ""))[:100] or "set-up"


def _store_and_redirect(set_up: SetUp) -> ResponseReturnValue:
    with transaction():
        audit = operations.set_up_audit(set_up, actor=acting_staff().name, now=clock.now())
        audit_id = audit.id
    flash(f"Audit set up: {set_up.size}.", "success")
    return redirect(url_for("survey.planning.show_set_up", audit_id=audit_id), 303)


def _file_page(form: SetUpFileForm, *, mistakes: SetUpMistakes | None = None) -> ResponseReturnValue:
    errors = form.errors or mistakes
    page = render_template("survey/planning/from_file.html", form=form, mistakes=mistakes, errors=errors)
    return page, 422 if errors else 200
