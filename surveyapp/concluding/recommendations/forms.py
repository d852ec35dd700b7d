"""The form of a recommendation."""

from collections.abc import Sequence

from wtforms import RadioField

from surveyapp.concluding.conclusion_forms import (
    ELSEWHERE,
    NONE,
    ConcludingForm,
    choices_of,
    chosen_id,
    line_field,
    text_area,
)
from surveyapp.concluding.conclusions_in_words import excerpt, title_with_year
from surveyapp.concluding.edit_conflicts import recommendation_digest
from surveyapp.concluding.models import Finding, Recommendation
from surveyapp.concluding.recommendations.operations import LONGEST_TITLE, RecommendationDetails


class RecommendationForm(ConcludingForm):
    """A recommendation with its finding and the earlier recommendation that it repeats."""

    text = text_area("What is recommended", "Write what is recommended")
    finding = RadioField("Which finding does it follow from?", validate_choice=False, default=NONE)
    repeats = RadioField(
        "Does it repeat what an earlier audit recommended?", validate_choice=False, default=NONE
    )
    elsewhere = line_field("Title and year of that audit", LONGEST_TITLE)

    def offering(
        self, findings: Sequence[Finding], earlier: Sequence[Recommendation]
    ) -> "RecommendationForm":
        """Set the findings and the earlier recommendations to choose from; return the form."""
        finding_choices = [(finding.id, f"{finding.name}: {excerpt(finding.text)}") for finding in findings]
        self.finding.choices = choices_of(
            [*finding_choices, (NONE, "None: the evidence is not strong enough for a finding")]
        )
        earlier_choices = [
            (recommendation.id, f"{title_with_year(recommendation.audit)}: {excerpt(recommendation.text)}")
            for recommendation in earlier
        ]
        elsewhere = (ELSEWHERE, "Yes, of an audit that is not kept here")
        self.repeats.choices = choices_of([(NONE, "No"), *earlier_choices, elsewhere])
        return self

    def show(self, recommendation: Recommendation) -> "RecommendationForm":
        """Fill the fields from a stored recommendation; return the form."""
        self.text.data = recommendation.text
        self.finding.data = str(recommendation.finding_id or NONE)
        self.elsewhere.data = recommendation.repeated_from_elsewhere
        without_row = ELSEWHERE if recommendation.repeated_from_elsewhere else NONE
        self.repeats.data = str(recommendation.repeated_from_id or without_row)
        self.seen.data = recommendation_digest(recommendation)
        return self

    def validate(self, extra_validators: object = None) -> bool:
        """Check each field, and that an audit kept elsewhere is named."""
        is_valid = bool(super().validate(extra_validators))
        if self.repeats.data == ELSEWHERE and not self.elsewhere.data:
            self.elsewhere.errors = ["Enter the title and year of the audit it repeats"]
            return False
        return is_valid

    def details(self) -> RecommendationDetails:
        """The recommendation as typed and chosen."""
        return RecommendationDetails(
            text=self.text.data or "",
            finding_id=chosen_id(self.finding.data),
            repeated_from_id=chosen_id(self.repeats.data),
            repeated_from_elsewhere=(self.elsewhere.data or "") if self.repeats.data == ELSEWHERE else "",
        )
