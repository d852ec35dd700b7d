"""The small forms of issuing."""

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import AddressField, MaxCharacters, RequiredText
from surveyapp.issuing.correction_operations import LONGEST_REASON


class TestCopyForm(SurveyForm):
    """Where the test copy goes."""

    __test__ = False  # It is no test, whatever pytest makes of its name.
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
    """Who is asked instead."""

    contact = RadioField(
        "Who answers instead?", coerce=str, validators=[InputRequired("Choose who answers instead")]
    )


class LinkAgainForm(SurveyForm):
    """A press of Send again, with the number of emails its page had counted."""

    seen = LineField()
