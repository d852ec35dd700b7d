"""A deletion that a person confirms by typing the name of what goes."""

from collections.abc import Callable

from flask_wtf import FlaskForm
from wtforms import StringField

from surveyapp.foundation.errors import FieldRefused
from surveyapp.foundation.store.db import transaction


def is_deleted(form: FlaskForm, field: StringField, delete: Callable[[str], None]) -> bool:
    """Whether this press deletes: `delete` gets what was typed, and its refusal stands at the field."""
    if not form.validate_on_submit():
        return False
    try:
        with transaction():
            delete(field.data or "")
    except FieldRefused as error:
        field.errors = [error.message]
        return False
    return True
