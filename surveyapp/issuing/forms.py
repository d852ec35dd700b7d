"""Forms for the test copy, and for correcting a request."""

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import AddressField, MaxCharacters, RequiredText
from surveyapp.issuing.withdrawal_operations import LONGEST_REASON


class TestCopyForm(SurveyForm):
    """The address that gets the test copy."""

    __test__ = False  # Its name begins with Test, but pytest is not to collect it.
    to = AddressField("Send a test copy to")
    press = StringField()


class WithdrawForm(SurveyForm):
    """Why a request is withdrawn."""

    reason = TextAreaField(
        "Why is it withdrawn?",
        validators=[
            RequiredText("Say why, so that the others who look after this audit know"),
            MaxCharacters(LONGEST_REASON),
        ],
    )


class ReplacementContactForm(SurveyForm):
    """The contact who is asked instead."""

    contact = RadioField(
        "Who answers instead?", coerce=str, validators=[InputRequired("Choose who answers instead")]
    )


class LinkAgainForm(SurveyForm):
    """A press of Send again, with the number of emails its page had counted."""

    seen = LineField()
