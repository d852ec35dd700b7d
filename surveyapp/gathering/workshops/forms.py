"""The form of a workshop."""

from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters, RequiredText
from surveyapp.foundation.words.clean_text import LONGEST_COMMENT
from surveyapp.gathering.models import Workshop
from surveyapp.gathering.workshops.operations import LONGEST_TITLE, WorkshopDetails


class WorkshopForm(SurveyForm):
    """A workshop; the page has a box for each agency's attendance, which is read apart from this form."""

    title = LineField(
        "Name of the workshop", [RequiredText("Name the workshop"), MaxCharacters(LONGEST_TITLE)]
    )
    held_on = DayField("Day it was held", [InputRequired("Say on which day it was held")])
    scenarios = TextAreaField("What you put to the group (optional)", [MaxCharacters(LONGEST_COMMENT)])
    notes = TextAreaField("What was said (optional)", [MaxCharacters(LONGEST_COMMENT)])
    suggestions = TextAreaField("What they suggest (optional)", [MaxCharacters(LONGEST_COMMENT)])
    seen = HiddenField()

    def show(self, workshop: Workshop) -> None:
        """Fill the fields from a stored workshop."""
        for name in ("title", "held_on", "scenarios", "notes", "suggestions"):
            self[name].data = getattr(workshop, name)

    def details(self, people: dict[int, int]) -> WorkshopDetails:
        """The workshop as typed, with attendance by agency id. Call it only after a successful validate()."""
        assert self.held_on.data is not None  # noqa: S101 — for mypy: validate() requires it
        return WorkshopDetails(
            title=self.title.data or "",
            held_on=self.held_on.data,
            scenarios=self.scenarios.data or "",
            notes=self.notes.data or "",
            suggestions=self.suggestions.data or "",
            people=people,
        )
