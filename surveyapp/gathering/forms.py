"""The forms of what is gathered beside the figures."""

from collections.abc import Iterable, Sequence

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from surveyapp.agencies.models import Agency
from surveyapp.defining.definition import Question
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters, RequiredText, posted_number
from surveyapp.foundation.words.clean_text import LONGEST_COMMENT
from surveyapp.gathering.comments.comments_to_read import NEITHER
from surveyapp.gathering.families.operations import LONGEST_CALLER, LONGEST_TELEPHONE, FamilyDetails
from surveyapp.gathering.models import (
    FAMILY_AREAS,
    FAMILY_STATES,
    JUDGEMENTS,
    SOURCES,
    FamilyContact,
    Narrative,
    PracticeTheme,
    Quote,
    Workshop,
)
from surveyapp.gathering.quotes.operations import QuoteDetails
from surveyapp.gathering.workshops.operations import LONGEST_TITLE, WorkshopDetails
from surveyapp.planning.models import Case


class ThemeForm(SurveyForm):
    """The name of a theme; what is wrong with it, the operation says."""

    name = LineField("Theme")
    seen = HiddenField()


class QuoteForm(SurveyForm):
    """A quote: what was said, what prints, and where it belongs."""

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
        """Let the audit's own questions and themes be chosen."""
        self.question.choices = [
            SelectChoice("", "None: for conclusions"),
            *(SelectChoice(each.id, f"{each.number}. {each.name}") for each in questions),
        ]
        self.themes.choices = [SelectChoice(each.id, each.name) for each in themes]

    def show(self, quote: Quote) -> None:
        """Fill the fields with a quote."""
        for name in ("original", "printed", "source", "question", "names_agency_kind"):
            self[name].data = getattr(quote, name)
        self.judgement.data = quote.judgement or NEITHER
        self.themes.data = [each.id for each in quote.themes]

    def words(self) -> QuoteDetails:
        """What was typed and chosen."""
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


class WorkshopForm(SurveyForm):
    """A workshop; how many came of each agency stands beside it, a box for each."""

    title = LineField(
        "Name of the workshop", [RequiredText("Name the workshop"), MaxCharacters(LONGEST_TITLE)]
    )
    held_on = DayField("Day it was held", [InputRequired("Say on which day it was held")])
    scenarios = TextAreaField("What you put to the group (optional)", [MaxCharacters(LONGEST_COMMENT)])
    notes = TextAreaField("What was said (optional)", [MaxCharacters(LONGEST_COMMENT)])
    suggestions = TextAreaField("What they suggest (optional)", [MaxCharacters(LONGEST_COMMENT)])
    seen = HiddenField()

    def show(self, workshop: Workshop) -> None:
        """Fill the fields with a workshop."""
        for name in ("title", "held_on", "scenarios", "notes", "suggestions"):
            self[name].data = getattr(workshop, name)

    def details(self, people: dict[int, int]) -> WorkshopDetails:
        """What was typed; only after validate() was True."""
        assert self.held_on.data is not None  # noqa: S101 — for mypy: validated
        return WorkshopDetails(
            title=self.title.data or "",
            held_on=self.held_on.data,
            scenarios=self.scenarios.data or "",
            notes=self.notes.data or "",
            suggestions=self.suggestions.data or "",
            people=people,
        )


class FamilyForm(SurveyForm):
    """A talk with a family: through whom, how far it has come, and what was said to each area."""

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
        """Let the audit's own cases and the directory's agencies be chosen."""
        self.case.choices = [SelectChoice(each.id, each.pseudonym) for each in cases]
        self.agency.choices = [
            SelectChoice(0, "Not known"),
            *(SelectChoice(each.id, each.name) for each in agencies),
        ]

    def show(self, family: FamilyContact) -> None:
        """Fill the fields with what is written of a family."""
        self.case.data, self.agency.data = family.case_id, family.agency_id or 0
        for name in ("state", "held_on", "caller", "telephone"):
            self[name].data = getattr(family, name)
        for each in family.notes:
            self[each.area].data = each.text

    def details(self) -> FamilyDetails:
        """What was typed and chosen."""
        return FamilyDetails(
            case_id=self.case.data or 0,
            agency_id=self.agency.data or None,
            state=self.state.data or "",
            caller=self.caller.data or "",
            held_on=self.held_on.data,
            telephone=self.telephone.data or "",
            notes={area: self[area].data or "" for area in FAMILY_AREAS},
        )


class NarrativeForm(SurveyForm):
    """A longer text of the report, about one case or none."""

    case = SelectField("Child it is about", coerce=posted_number, validate_choice=False)
    text = TextAreaField("Text", [MaxCharacters(LONGEST_COMMENT)])
    keep = BooleanField("Keep these words as they stand")
    seen = HiddenField()

    def offer(self, cases: Iterable[Case]) -> None:
        """Let the audit's own cases be chosen."""
        self.case.choices = [
            SelectChoice(0, "No single child"),
            *(SelectChoice(each.id, each.pseudonym) for each in cases),
        ]

    def show(self, narrative: Narrative) -> None:
        """Fill the fields with what is written."""
        self.case.data, self.text.data = narrative.case_id or 0, narrative.text
