"""Storing what a form of conclusions says, or saying on its page why not."""

from collections.abc import Callable

from wtforms import Field

from surveyapp.concluding.conclusion_rules import ConclusionRefused
from surveyapp.concluding.forms import ConcludingForm
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict

# What a page is sent with that shows its form again, because of what was typed.
REFUSED_STATUS = 422


def save_form(form: ConcludingForm, act: Callable[[], object], *, beside: Field | None = None) -> int:
    """Do what a form says in one transaction: 0 when done, else the status of the page that says why not.

    What cannot be kept is said beside a field where there is one that it is about.
    """
    if not form.validate():
        return REFUSED_STATUS
    # An action is read by its agency as soon as the brief is out, whatever the checks of a report say later.
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
