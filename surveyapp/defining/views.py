"""Pages that list the forms with their mistakes, and show each as an agency will see it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from surveyapp.defining.answer_form import answer_form
from surveyapp.defining.definition import AuditForm
from surveyapp.defining.library import form_files, form_named, forms_folder
from surveyapp.defining.mistakes import FormMistakes
from surveyapp.foundation.errors import NotFound, Refused

bp = Blueprint("defining", __name__)


@bp.get("/forms")
def list_forms() -> ResponseReturnValue:
    """List the forms, with every mistake in those that cannot be used."""
    folder = forms_folder()
    return render_template("survey/defining/forms.html", files=form_files(folder), folder=folder)


@bp.get("/forms/<form_id>")
def preview_form(form_id: str) -> ResponseReturnValue:
    """Show a form as an agency of one kind sees it. Nothing entered there is stored."""
    definition = _form(form_id)
    kind = request.args.get("kind")
    # All kinds without questions of their own see the same form, that of "other".
    shown_for = kind if kind in definition.agency_kinds else "other" if kind else None
    form = answer_form(definition, shown_for)()
    return render_template("survey/defining/preview.html", form=form, definition=definition, kind=shown_for)


def _form(form_id: str) -> AuditForm:
    try:
        return form_named(forms_folder(), form_id)
    except KeyError:
        raise NotFound("There is no such form.", way_on="Go back to the list of forms.") from None
    except FormMistakes as error:
        count = f"{len(error.mistakes)} mistake{'s' if len(error.mistakes) != 1 else ''}"
        way_on = "The list of forms names each of them. Mend the file, then come back."
        raise Refused(f"This form’s file has {count}.", way_on=way_on) from None
