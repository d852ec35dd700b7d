"""The form for passing a case to a colleague."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import AddressField, MaxCharacters, PersonName, RequiredText


class PassOnForm(SurveyForm):
    """The colleague who gets a case, and whether they return it or send it back."""

    name = LineField(
        "Your colleague’s name",
        [RequiredText("Enter your colleague’s name"), MaxCharacters(200), PersonName()],
    )
    email = AddressField("Their work email address")
    # The unlisted domain that the previous page asked about, so that it asks about each only once.
    warned_of = LineField()
    how = RadioField(
        "When they have answered",
        choices=[
            SelectChoice("back", "They send it back to me to check, and I return it"),
            SelectChoice("submit", "They return it themselves"),
        ],
        validators=[InputRequired("Choose who returns it")],
    )
