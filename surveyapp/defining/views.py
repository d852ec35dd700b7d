"""Pages that list the forms with their mistakes, and show each as an agency will see it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from surveyapp.defining.answer_form import answer_form
from surveyapp.defining.definition import AuditForm
from surveyapp.defining.editing import pages as editing_pages
from surveyapp.defining.editing import question_pages
from surveyapp.defining.editing.draft_list import listed_form
from surveyapp.defining.exchange import pages as exchange_pages
from surveyapp.defining.library import form_files, forms_folder
from surveyapp.defining.mistakes import FormMistakes
from surveyapp.defining.queries import saved_form_if_there, saved_forms, usable_form
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.errors import NotFound, Refused
from surveyapp.foundation.web.typed_text import name_unread_fields
from surveyapp.foundation.words.dates_and_lists import list_in_words

bp = Blueprint("defining", __name__)
# The buttons of the rows, and what is stored for a row; ticks and lists of choices.
name_unread_fields(bp, hidden=("press", "then", "content"), choices=("kind", "answers_from", "show_rule"))

_BOTH = ["GET", "POST"]
_FORM = "/forms/<form_id>"
_QUESTION = f"{_FORM}/questions/<string:name>"

bp.add_url_rule("/forms/new", view_func=editing_pages.make_new_form, methods=_BOTH)
bp.add_url_rule("/forms/upload", view_func=exchange_pages.take_form, methods=_BOTH)
bp.add_url_rule(f"{_FORM}/form.yaml", view_func=exchange_pages.send_form_file)
bp.add_url_rule(f"{_FORM}/form.xlsx", view_func=exchange_pages.send_form_workbook)
bp.add_url_rule(f"{_FORM}/xlsform", view_func=exchange_pages.show_xlsform)
bp.add_url_rule(f"{_FORM}/xlsform.xlsx", view_func=exchange_pages.send_xlsform)
bp.add_url_rule(f"{_FORM}/copy", view_func=editing_pages.copy_form, methods=_BOTH)
bp.add_url_rule(f"{_FORM}/questions", view_func=editing_pages.show_outline)
bp.add_url_rule(f"{_FORM}/settings", view_func=editing_pages.change_settings, methods=_BOTH)
bp.add_url_rule(f"{_FORM}/put-away", view_func=editing_pages.put_form_away, methods=["POST"])
bp.add_url_rule(f"{_FORM}/bring-back", view_func=editing_pages.bring_form_back, methods=["POST"])
bp.add_url_rule(f"{_FORM}/new-question", view_func=question_pages.add_question, methods=_BOTH)
bp.add_url_rule(_QUESTION, view_func=question_pages.change_question, methods=_BOTH)
bp.add_url_rule(f"{_QUESTION}/move", view_func=editing_pages.move_question, methods=["POST"])
bp.add_url_rule(f"{_QUESTION}/remove", view_func=editing_pages.remove_question, methods=["POST"])
bp.add_url_rule(f"{_FORM}/answers/<string:name>", view_func=question_pages.change_answers, methods=_BOTH)


@bp.get("/forms")
def list_forms() -> ResponseReturnValue:
    """List the forms, with every mistake in those that cannot be used."""
    saved = [listed_form(form) for form in saved_forms()]
    return render_template(
        "survey/defining/forms.html",
        saved=[form for form in saved if not form.is_put_away],
        put_away=[form for form in saved if form.is_put_away],
        files=form_files(forms_folder()),
        names_taken={form.form_id for form in saved},
    )


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
        saved=saved_form_if_there(form_id),
    )


def _version_in_words(kinds: tuple[str, ...]) -> str:
    """The kinds of agency that are asked the same: by name, or as the others."""
    return "other agencies" if "other" in kinds else list_in_words([AGENCY_KINDS[kind] for kind in kinds])


def _form(form_id: str) -> AuditForm:
    try:
        return usable_form(form_id)
    except KeyError:
        raise NotFound("There is no such form.", way_on="Go back to the list of forms.") from None
    except FormMistakes as error:
        count = f"{len(error.mistakes)} mistake{'s' if len(error.mistakes) != 1 else ''}"
        way_on = "The list of forms names each of them. Mend the form, then come back."
        raise Refused(f"This form has {count}.", way_on=way_on) from None
