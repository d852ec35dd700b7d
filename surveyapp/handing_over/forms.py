"""The forms for whoever takes over from a contact, and for a contact's right address."""

from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import AddressField, MaxCharacters, PersonName

NEW, NOBODY = "new", "nobody"


class TakeOverForm(SurveyForm):
    """Who takes over what a contact holds: a colleague, somebody typed in here, or nobody yet."""

    successor = RadioField("Who takes over?", validators=[InputRequired("Choose who takes over")])
    name = LineField("Full name, or the name of the post", [MaxCharacters(200), PersonName()])
    email = LineField("Email address")
    telephone = LineField("Telephone number (optional)", [MaxCharacters(40)])

    def check(self) -> bool:
        """Validate the form; a person typed in needs a name and an address."""
        is_valid = bool(self.validate())
        if self.successor.data != NEW:
            return is_valid
        for field, words in (
            (self.name, "Enter their name, such as Audit lead"),
            (self.email, "Enter their email address, like name@agency.example"),
        ):
            if not (field.data or field.errors):
                field.errors = [words]
                is_valid = False
        return is_valid

    @property
    def typed_in(self) -> dict[str, Any]:
        """The fields of the person typed in, as `add_contact` takes them."""
        return {
            "name": self.name.data,
            "email": self.email.data or "",
            "telephone": self.telephone.data or "",
        }


class AddressForm(SurveyForm):
    """The right address of a contact, and whether what was passed on with the old link comes back."""

    email = AddressField("Email address")
    takes_back = BooleanField(
        "Somebody else may have opened the old link: take back what was passed on with it"
    )
    links = LineField()
