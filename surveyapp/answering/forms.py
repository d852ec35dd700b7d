"""The small forms of answering; the audit form itself is compiled from its definition."""

import re

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, ValidationError

from surveyapp.answering.access.codes import CODE_DIGITS
from surveyapp.answering.enquiries.operations import LONGEST_ENQUIRY
from surveyapp.answering.models import NIL_REASONS
from surveyapp.answering.returns.operations import LONGEST_WHERE
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import AddressField, DayField, MaxCharacters, RequiredText


class NotInvolvedForm(SurveyForm):
    """Why an agency has nothing to audit."""

    reason = RadioField(
        "Why has your agency nothing to audit?",
        choices=[SelectChoice(value, words) for value, words in NIL_REASONS.items()],
        validators=[InputRequired("Choose why your agency has nothing to audit")],
    )
    whereabouts = TextAreaField(
        "Which agency holds the file now? (optional)",
        validators=[
            MaxCharacters(LONGEST_WHERE),
        ],
    )


class PassOnForm(SurveyForm):
    """The colleague to whom a case is passed, and whether they return it."""

    name = LineField(
        "Your colleague’s name",
        [RequiredText("Enter your colleague’s name"), MaxCharacters(200)],
    )
    email = AddressField("Their work email address")
    # The domain of which the page before has warned: it warns of each one once.
    warned_of = LineField()
    how = RadioField(
        "When they have answered",
        choices=[
            SelectChoice("back", "They send it back to me to check, and I return it"),
            SelectChoice("submit", "They return it themselves"),
        ],
        validators=[InputRequired("Choose who returns it")],
    )


class FreshLinkForm(SurveyForm):
    """The address to which a link was sent before."""

    email = AddressField("Your work email address")


class EnquiryForm(SurveyForm):
    """A question to the partnership, or a request for more time."""

    kind = RadioField(
        "What would you like to ask for?",
        choices=[SelectChoice("question", "An answer to a question"), SelectChoice("more_time", "More time")],
        validators=[InputRequired("Choose whether you ask a question or for more time")],
    )
    wanted_on = DayField("By which day could you return it?")
    text = TextAreaField(
        "Your question, or why you need more time",
        [MaxCharacters(LONGEST_ENQUIRY)],
    )


# What people and their programs put between the digits of a code: spaces, dashes, a full stop.
_DIGIT_SEPARATORS = re.compile(r"[\s.\-\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff]+")


class CodeForm(SurveyForm):
    """The code from the mailbox, however it was pasted."""

    code = StringField("Code", filters=[lambda text: _DIGIT_SEPARATORS.sub("", text or "")])

    def validate_code(self, field: StringField) -> None:
        """Refuse what is not 8 digits before it counts as a try."""
        if not re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", field.data or ""):
            raise ValidationError(f"Enter the {CODE_DIGITS} digits of the code from the email")
