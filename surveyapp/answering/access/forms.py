"""The form for the code from the mailbox."""

import re

from wtforms import StringField
from wtforms.validators import ValidationError

from surveyapp.answering.access.codes import CODE_DIGITS
from surveyapp.foundation.web.base import SurveyForm

# What people and their programs put between the digits of a code: spaces, dashes, full stops.
_DIGIT_SEPARATORS = re.compile(r"[\s.\-\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff]+")


class CodeForm(SurveyForm):
    """The code from the mailbox, however it was pasted."""

    code = StringField("Code", filters=[lambda text: _DIGIT_SEPARATORS.sub("", text or "")])

    def validate_code(self, field: StringField) -> None:
        """Refuse anything but 8 digits, before it counts as a try."""
        if not re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", field.data or ""):
            raise ValidationError(f"Enter the {CODE_DIGITS} digits of the code from the email")
