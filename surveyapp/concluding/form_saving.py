"""Saves the form of a conclusion, or puts the reason for a refusal on the form."""

from collections.abc import Callable

from wtforms import Field

from surveyapp.concluding.conclusion_forms import ConcludingForm
from surveyapp.concluding.conclusion_rules import ConclusionRefused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict

# The HTTP status of a page that shows its form again because of what was typed.
REFUSED_STATUS = 422


def save_form(form: ConcludingForm, act: Callable[[], object], *, beside: Field | None = None) -> int:
    """Validate a form and run its operation in one transaction.

    Returns 0 on success, otherwise the HTTP status with which to show the form again: 422, or 409 after a
    concurrent edit. A refusal is shown at `beside`, or above the form without it.
    """
    if not form.validate():
        return REFUSED_STATUS
    # Agencies read actions as soon as the brief is released, whatever the checks of the report find later.
    if form.may_identify and not form.keep.data:
        form.keep.errors = ["Change what is pointed out, or tick “Keep these words as they stand”"]
        return REFUSED_STATUS
    try:
        with transaction():
            act()
    except EditConflict as error:
        form.form_errors = [f"{error.message} {error.way_on}"]
        return error.status
    except ConclusionRefused as error:
        if beside is None:
            form.form_errors = [error.message]
        else:
            beside.errors = [error.message]
        return REFUSED_STATUS
    return 0
