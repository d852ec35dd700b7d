"""Asking for one’s present password again, before something that a borrowed computer must not do."""

from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from surveyapp.foundation import clock
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import read_transaction, session, transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.standalone.models import Staff
from surveyapp.standalone.passwords.password_hashes import LONGEST_PASSWORD, TooManyAtOnce, is_password_right
from surveyapp.standalone.sign_in import signed_in
from surveyapp.standalone.sign_in_limits import TriedTooOften, sign_in_limits

WRONG_PASSWORD = "This is not your present password"  # noqa: S105 — a sentence
TRIED_TOO_OFTEN = "That was tried too often. Try again in 15 minutes"
BUSY = "Many passwords are being checked at this moment. Press the button again in a few seconds"


class OwnPasswordForm(SurveyForm):
    """One’s present password."""

    present = PasswordField(
        "Your present password",
        validators=[
            InputRequired("Enter your present password"),
            Length(max=LONGEST_PASSWORD, message="Enter your present password"),
        ],
    )


def is_own_password(form: OwnPasswordForm) -> bool:
    """Whether the present password is right; else the error is beside its field."""
    found = signed_in()
    if found is None:
        raise NotFound
    try:
        sign_in_limits().count_own_password(found.staff_id)
        with read_transaction():
            stored = session.get_one(Staff, found.staff_id).password_hash
        is_right = is_password_right(stored, form.present.data or "", on_known_device=True)
    except TriedTooOften:
        form.present.errors = [TRIED_TOO_OFTEN]
        return False
    except TooManyAtOnce:
        form.present.errors = [BUSY]
        return False
    if not is_right:
        form.present.errors = [WRONG_PASSWORD]
        about = f"staff {found.staff_id}"
        with transaction():
            record_event(found.name, "gave_wrong_password", about, found.name, now=clock.now())
    return is_right
