"""The form that adds an agency for one child."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired

from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters, PersonName, RequiredText
from surveyapp.planning.grid.agency_operations import AgencyForChild

# The kinds of agency that know one child rather than most, which stand first.
_KINDS_OF_ONE_CHILD = ("gp", "school", "nursery")


class AgencyForChildForm(SurveyForm):
    """A new agency, such as a GP practice or a school, and the person who answers for it."""

    name = LineField("Name of the agency", [RequiredText("Enter the agency’s name"), MaxCharacters(200)])
    kind = RadioField(
        "What kind of agency is it?",
        [DataRequired("Choose what kind of agency it is")],
        choices=[
            SelectChoice(kind, AGENCY_KINDS[kind])
            for kind in sorted(AGENCY_KINDS, key=lambda kind: kind not in _KINDS_OF_ONE_CHILD)
        ],
        default="gp",
        validate_choice=False,
    )
    contact = LineField(
        "Who answers for it: full name, or the name of the post",
        [RequiredText("Enter a name, such as Practice manager"), MaxCharacters(200), PersonName()],
    )
    email = LineField(
        "Their email address", [DataRequired("Enter an email address, like name@agency.example")]
    )
    telephone = LineField("Their telephone number (optional)", [MaxCharacters(40)])

    def agency(self) -> AgencyForChild:
        """The agency as typed."""
        return AgencyForChild(
            self.name.data or "",
            self.kind.data or "",
            self.contact.data or "",
            self.email.data or "",
            self.telephone.data or "",
        )
