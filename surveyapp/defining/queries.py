"""The forms that audits can use: those of the folder of form files, and those made on pages."""

from sqlalchemy import select

from surveyapp.defining.definition import AuditForm
from surveyapp.defining.form_checks import read_form
from surveyapp.defining.library import available_forms, form_files, form_named, forms_folder
from surveyapp.defining.mistakes import FormMistakes
from surveyapp.defining.models import SavedForm
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session


def saved_forms() -> list[SavedForm]:
    """The forms made on pages, the latest change first."""
    return list(session.scalars(select(SavedForm).order_by(SavedForm.changed_at.desc(), SavedForm.id.desc())))


def saved_form(form_id: str) -> SavedForm:
    """The form made on pages with this id. Raises NotFound."""
    form = saved_form_if_there(form_id)
    if form is None:
        raise NotFound("There is no such form.", way_on="Go back to the list of forms.")
    return form


def saved_form_if_there(form_id: str) -> SavedForm | None:
    """The form made on pages with this id; None if there is none."""
    return session.scalar(select(SavedForm).where(SavedForm.form_id == form_id))


def usable_forms() -> list[AuditForm]:
    """The forms without mistakes that an audit may choose, by title; not those that were put away.

    Of a file and a saved form with one id, the saved form counts: audits may be planned with it.
    """
    saved = saved_forms()
    named = {form.form_id for form in saved}
    forms = [form for form in available_forms(forms_folder()) if form.form not in named]
    forms += filter(None, (definition_of(form) for form in saved if form.put_away_at is None))
    return sorted(forms, key=lambda form: (form.title.casefold(), form.form))


def usable_form(form_id: str) -> AuditForm:
    """The form with this id. Raises KeyError if there is none, FormMistakes if it has mistakes."""
    saved = saved_form_if_there(form_id)
    return form_named(forms_folder(), form_id) if saved is None else read_form(saved.text, form_id)


def definition_of(form: SavedForm) -> AuditForm | None:
    """The definition of a form made on pages; None while it has mistakes."""
    try:
        return read_form(form.text, form.form_id)
    except FormMistakes:
        return None


def form_ids_taken() -> frozenset[str]:
    """The ids of all forms, of files and of those made on pages."""
    saved = session.scalars(select(SavedForm.form_id))
    return frozenset(saved) | {file.form.form for file in form_files(forms_folder()) if file.form}
