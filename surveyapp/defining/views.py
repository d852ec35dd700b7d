"""Pages that list the forms with their mistakes, and show each as an agency will see it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from surveyapp.defining.answer_form import answer_form
from surveyapp.defining.definition import AuditForm
from surveyapp.defining.library import form_files, form_named, forms_folder
from surveyapp.defining.mistakes import FormMistakes
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.words.dates_and_lists import list_in_words

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
    shown_for = kind if kind in AGENCY_KINDS else "other" if kind else None
    form = answer_form(definition, shown_for)()
    return render_template(
        "survey/defining/preview.html",
        form=form,
        definition=definition,
        kind=shown_for,
        versions=[(kinds, _version_in_words(kinds)) for kinds in definition.versions()],
        minutes=definition.minutes_for(shown_for),
    )


def _version_in_words(kinds: tuple[str, ...]) -> str:
    """The kinds of agency that are asked the same: by name, or as the others."""
    return "other agencies" if "other" in kinds else list_in_words([AGENCY_KINDS[kind] for kind in kinds])


def _form(form_id: str) -> AuditForm:
    try:
        return form_named(forms_folder(), form_id)
    except KeyError:
        raise NotFound("There is no such form.", way_on="Go back to the list of forms.") from None
    except FormMistakes as error:
        count = f"{len(error.mistakes)} mistake{'s' if len(error.mistakes) != 1 else ''}"
        way_on = "The list of forms names each of them. Mend the file, then come back."
        raise Refused(f"This form’s file has {count}.", way_on=way_on) from None
