"""The form of a talk with a family."""

from collections.abc import Iterable

from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from surveyapp.agencies.models import Agency
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters, posted_number
from surveyapp.foundation.words.clean_text import LONGEST_COMMENT
from surveyapp.gathering.families.operations import LONGEST_CALLER, LONGEST_TELEPHONE, FamilyDetails
from surveyapp.gathering.models import FAMILY_AREAS, FAMILY_STATES, FamilyContact
from surveyapp.planning.models import Case


class FamilyForm(SurveyForm):
    """A talk with a family: its child, its agency, its state and notes by area."""

    case = SelectField("Child", coerce=posted_number, validate_choice=False)
    agency = SelectField(
        "Agency through which the family was asked", coerce=posted_number, validate_choice=False
    )
    state = RadioField(
        "How far has it come?",
        choices=[SelectChoice(value, words) for value, words in FAMILY_STATES.items()],
        default="offered",
    )
    held_on = DayField("Day the talk was held")
    caller = LineField("Who calls (optional)", [MaxCharacters(LONGEST_CALLER)])
    telephone = LineField("Telephone number (optional)", [MaxCharacters(LONGEST_TELEPHONE)])
    support = TextAreaField(f"{FAMILY_AREAS['support']} (optional)", [MaxCharacters(LONGEST_COMMENT)])
    ended = TextAreaField(f"{FAMILY_AREAS['ended']} (optional)", [MaxCharacters(LONGEST_COMMENT)])
    repeat = TextAreaField(f"{FAMILY_AREAS['repeat']} (optional)", [MaxCharacters(LONGEST_COMMENT)])
    impact = TextAreaField(f"{FAMILY_AREAS['impact']} (optional)", [MaxCharacters(LONGEST_COMMENT)])
    seen = HiddenField()

    def offer(self, cases: Iterable[Case], agencies: Iterable[Agency]) -> None:
        """Set the choices: the cases of the audit and the agencies of the directory."""
        self.case.choices = [SelectChoice(case.id, case.pseudonym) for case in cases]
        self.agency.choices = [
            SelectChoice(0, "Not known"),
            *(SelectChoice(agency.id, agency.name) for agency in agencies),
        ]

    def show(self, family: FamilyContact) -> None:
        """Fill the fields from a stored talk."""
        self.case.data, self.agency.data = family.case_id, family.agency_id or 0
        for name in ("state", "held_on", "caller", "telephone"):
            self[name].data = getattr(family, name)
        for note in family.notes:
            self[note.area].data = note.text

    def details(self) -> FamilyDetails:
        """The talk as typed."""
        return FamilyDetails(
            case_id=self.case.data or 0,
            agency_id=self.agency.data or None,
            state=self.state.data or "",
            caller=self.caller.data or "",
            held_on=self.held_on.data,
            telephone=self.telephone.data or "",
            notes={area: self[area].data or "" for area in FAMILY_AREAS},
        )
