"""The small forms of issuing."""

from wtforms import RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from surveyapp.foundation.pages import LineField, SurveyForm
from surveyapp.foundation.text import clean_address, is_address
from surveyapp.issuing.putting_right import LONGEST_REASON


class AddressField(StringField):
    """One email address, without the spaces and invisible characters that come with pasting."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the first value as an address."""
        self.data = clean_address(valuelist[0]) if valuelist else self.data


def check_address(_form: object, field: StringField) -> None:
    """Refuse what has not the shape of one email address."""
    if not is_address(field.data or ""):
        raise ValidationError("Enter one email address, such as name@agency.example")


class TestCopyForm(SurveyForm):
    """Where the test copy goes."""

    __test__ = False  # It is no test, whatever pytest makes of its name.
    to = AddressField("Send a test copy to", validators=[check_address])
    press = StringField()


class WithdrawForm(SurveyForm):
    """Why a request is withdrawn."""

    reason = TextAreaField(
        "Why is it withdrawn?",
        validators=[
            InputRequired("Say why, so that the others who look after this audit know"),
            Length(max=LONGEST_REASON, message=f"Say it in {LONGEST_REASON} characters or fewer"),
        ],
    )


class ContactForm(SurveyForm):
    """Who is asked instead."""

    contact = RadioField(
        "Who answers instead?", coerce=str, validators=[InputRequired("Choose who answers instead")]
    )


class LinkAgainForm(SurveyForm):
    """A press of Send again, with the number of emails its page had counted."""

    seen = LineField()
