"""The form of a longer text."""

from collections.abc import Iterable

from wtforms import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters, posted_number
from surveyapp.foundation.words.clean_text import LONGEST_COMMENT
from surveyapp.gathering.models import Narrative
from surveyapp.planning.models import Case


class NarrativeForm(SurveyForm):
    """A longer text of the report, about one case or none."""

    case = SelectField("Child it is about", coerce=posted_number, validate_choice=False)
    text = TextAreaField("Text", [MaxCharacters(LONGEST_COMMENT)])
    keep = BooleanField("Keep these words as they stand")
    seen = HiddenField()

    def offer(self, cases: Iterable[Case]) -> None:
        """Set the choices: no case, or one of the audit's cases."""
        self.case.choices = [
            SelectChoice(0, "No single child"),
            *(SelectChoice(case.id, case.pseudonym) for case in cases),
        ]

    def show(self, narrative: Narrative) -> None:
        """Fill the fields from a stored text."""
        self.case.data, self.text.data = narrative.case_id or 0, narrative.text
