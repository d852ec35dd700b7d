"""The form of a quote."""

from collections.abc import Iterable, Sequence

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from surveyapp.defining.definition import Question
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters, RequiredText
from surveyapp.foundation.words.clean_text import LONGEST_COMMENT
from surveyapp.gathering.comments.comment_filter import NEITHER
from surveyapp.gathering.models import JUDGEMENTS, SOURCES, PracticeTheme, Quote
from surveyapp.gathering.quotes.operations import QuoteDetails


class QuoteForm(SurveyForm):
    """A quote: its original words, the words that print, its source, judgement, question and themes."""

    original = TextAreaField(
        "What was said", validators=[RequiredText("Paste what was said"), MaxCharacters(LONGEST_COMMENT)]
    )
    printed = TextAreaField("What prints", validators=[MaxCharacters(LONGEST_COMMENT)])
    take_out = LineField("Words to take out (optional)")
    keep = BooleanField("Print these words as they stand")
    source = RadioField(
        "Whose words are they?",
        choices=[SelectChoice(value, words) for value, words in SOURCES.items()],
        validators=[InputRequired("Say whose words they are")],
    )
    judgement = RadioField(
        "What do they tell of?",
        choices=[SelectChoice(value, words) for value, words in (*JUDGEMENTS.items(), (NEITHER, "Neither"))],
        validators=[InputRequired("Say what they tell of")],
    )
    question = SelectField("Question in whose section it stands", validate_choice=False)
    themes = SelectMultipleField("Themes (optional)", coerce=int, validate_choice=False)
    names_agency_kind = BooleanField("Print the kind of agency with it")
    seen = HiddenField()

    def offer(self, questions: Sequence[Question], themes: Iterable[PracticeTheme]) -> None:
        """Set the choices: the questions and themes of the audit."""
        self.question.choices = [
            SelectChoice("", "None: for conclusions"),
            *(SelectChoice(question.id, f"{question.number}. {question.name}") for question in questions),
        ]
        self.themes.choices = [SelectChoice(theme.id, theme.name) for theme in themes]

    def show(self, quote: Quote) -> None:
        """Fill the fields from a stored quote."""
        for name in ("original", "printed", "source", "question", "names_agency_kind"):
            self[name].data = getattr(quote, name)
        self.judgement.data = quote.judgement or NEITHER
        self.themes.data = [theme.id for theme in quote.themes]

    def details(self) -> QuoteDetails:
        """The quote as typed."""
        judgement = self.judgement.data or ""
        return QuoteDetails(
            original=self.original.data or "",
            printed=self.printed.data or "",
            source=self.source.data or "",
            judgement="" if judgement == NEITHER else judgement,
            question=self.question.data or "",
            theme_ids=frozenset(self.themes.data or ()),
            names_agency_kind=bool(self.names_agency_kind.data),
        )
