"""The form of a finding."""

from collections.abc import Iterable, Sequence

from wtforms import SelectMultipleField

from surveyapp.concluding.conclusion_forms import ConcludingForm, choices_of, text_area
from surveyapp.concluding.edit_conflicts import finding_digest
from surveyapp.concluding.findings.operations import FindingDetails
from surveyapp.concluding.models import Finding
from surveyapp.foundation.web.fields import posted_number
from surveyapp.gathering.models import SOURCES, PracticeTheme, Quote


class FindingForm(ConcludingForm):
    """A finding with its challenge to the board and its evidence."""

    text = text_area("What was found", "Write what was found")
    challenge = text_area("Challenge to the board (optional)")
    questions = SelectMultipleField("Questions it rests on", validate_choice=False, choices=[])
    themes = SelectMultipleField("Themes it rests on", validate_choice=False, choices=[])
    quotes = SelectMultipleField("Quotes it rests on", validate_choice=False, choices=[])

    def offering(
        self,
        questions: Iterable[tuple[str, str]],
        themes: Sequence[PracticeTheme],
        quotes: Sequence[Quote],
    ) -> "FindingForm":
        """Set the questions, themes and quotes to choose from; return the form."""
        self.questions.choices = choices_of(questions)
        self.themes.choices = choices_of((theme.id, theme.name) for theme in themes)
        self.quotes.choices = choices_of(
            (quote.id, f"“{quote.printed}” {SOURCES[quote.source]}") for quote in quotes
        )
        return self

    def show(self, finding: Finding) -> "FindingForm":
        """Fill the fields from a stored finding; return the form."""
        self.text.data, self.challenge.data = finding.text, finding.challenge
        self.questions.data = [link.question for link in finding.questions]
        self.themes.data = [str(theme.id) for theme in finding.themes]
        self.quotes.data = [str(quote.id) for quote in finding.quotes]
        self.seen.data = finding_digest(finding)
        return self

    def details(self) -> FindingDetails:
        """The finding as typed and chosen."""
        return FindingDetails(
            text=self.text.data or "",
            challenge=self.challenge.data or "",
            questions=tuple(self.questions.data or ()),
            themes=tuple(posted_number(value) for value in self.themes.data or ()),
            quotes=tuple(posted_number(value) for value in self.quotes.data or ()),
        )
