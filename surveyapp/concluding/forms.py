"""The forms of conclusions: a finding, a recommendation, an action and its updates, the next audit's day."""

from collections.abc import Iterable, Sequence

from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from surveyapp.agencies.models import Agency
from surveyapp.answering.returns.privacy_hints import DETAIL_KINDS_IN_WORDS
from surveyapp.concluding.actions.operations import LONGEST_OWNER, ActionDetails
from surveyapp.concluding.conclusion_rules import LONGEST_TEXT
from surveyapp.concluding.conclusions_in_words import excerpt, title_with_year
from surveyapp.concluding.concurrent_edits import action_digest, finding_digest, recommendation_digest
from surveyapp.concluding.findings.operations import FindingDetails
from surveyapp.concluding.models import STATUSES, Action, Finding, Recommendation
from surveyapp.concluding.recommendations.operations import LONGEST_TITLE, RecommendationDetails
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters, RequiredText, posted_number
from surveyapp.foundation.words.clean_text import address_problem, is_address
from surveyapp.gathering.models import SOURCES, PracticeTheme, Quote
from surveyapp.gathering.quotes.redaction import IdentifyingWording, identifying_wordings

NONE, ELSEWHERE = "none", "elsewhere"


def _text(label: str, missing: str = "") -> TextAreaField:
    longest = MaxCharacters(LONGEST_TEXT)
    return TextAreaField(label, [RequiredText(missing), longest] if missing else [longest])


def _line(label: str, longest: int, missing: str = "") -> LineField:
    return LineField(
        label, [RequiredText(missing), MaxCharacters(longest)] if missing else [MaxCharacters(longest)]
    )


def _choices(choices: Iterable[tuple[object, str]]) -> list[SelectChoice]:
    return [SelectChoice(str(value), words) for value, words in choices]


def _chosen_id(value: str | None) -> int | None:
    """The number a choice stands for, if it stands for one."""
    return None if value in (None, "", NONE, ELSEWHERE) else posted_number(value)


class ConcludingForm(SurveyForm):
    """A form whose page remembers what it was made from."""

    seen = StringField()
    keep = BooleanField("Keep these words as they stand")

    @property
    def may_identify(self) -> tuple[IdentifyingWording, ...]:
        """What in the longer texts looks as if it told who somebody is; owners stand there by name."""
        texts = (each.data or "" for each in self if isinstance(each, TextAreaField))
        return identifying_wordings("\n\n".join(texts))


class FindingForm(ConcludingForm):
    """A finding, its challenge, and what it rests on."""

    text = _text("What was found", "Write what was found")
    challenge = _text("Challenge to the board (optional)")
    questions = SelectMultipleField("Questions it rests on", validate_choice=False, choices=[])
    themes = SelectMultipleField("Themes it rests on", validate_choice=False, choices=[])
    quotes = SelectMultipleField("Quotes it rests on", validate_choice=False, choices=[])

    def offering(
        self,
        questions: Iterable[tuple[str, str]],
        themes: Sequence[PracticeTheme],
        quotes: Sequence[Quote],
    ) -> "FindingForm":
        """The same, with the evidence there is to choose from."""
        self.questions.choices = _choices(questions)
        self.themes.choices = _choices((each.id, each.name) for each in themes)
        self.quotes.choices = _choices(
            (each.id, f"“{each.printed}” {SOURCES[each.source]}") for each in quotes
        )
        return self

    def show(self, finding: Finding) -> "FindingForm":
        """Fill the fields with what is stored."""
        self.text.data, self.challenge.data = finding.text, finding.challenge
        self.questions.data = [each.question for each in finding.questions]
        self.themes.data = [str(each.id) for each in finding.themes]
        self.quotes.data = [str(each.id) for each in finding.quotes]
        self.seen.data = finding_digest(finding)
        return self

    def details(self) -> FindingDetails:
        """What was typed and chosen."""
        return FindingDetails(
            text=self.text.data or "",
            challenge=self.challenge.data or "",
            questions=tuple(self.questions.data or ()),
            themes=tuple(posted_number(each) for each in self.themes.data or ()),
            quotes=tuple(posted_number(each) for each in self.quotes.data or ()),
        )


class RecommendationForm(ConcludingForm):
    """A recommendation, the finding it follows from, and what it repeats."""

    text = _text("What is recommended", "Write what is recommended")
    finding = RadioField("Which finding does it follow from?", validate_choice=False, default=NONE)
    repeats = RadioField(
        "Does it repeat what an earlier audit recommended?", validate_choice=False, default=NONE
    )
    elsewhere = _line("Title and year of that audit", LONGEST_TITLE)

    def offering(
        self, findings: Sequence[Finding], earlier: Sequence[Recommendation]
    ) -> "RecommendationForm":
        """The same, with this audit's findings and what earlier audits recommended."""
        here = [(each.id, f"{each.name}: {excerpt(each.text)}") for each in findings]
        self.finding.choices = _choices(
            [*here, (NONE, "None: the evidence is not strong enough for a finding")]
        )
        before = [(each.id, f"{title_with_year(each.audit)}: {excerpt(each.text)}") for each in earlier]
        away = (ELSEWHERE, "Yes, of an audit that is not kept here")
        self.repeats.choices = _choices([(NONE, "No"), *before, away])
        return self

    def show(self, recommendation: Recommendation) -> "RecommendationForm":
        """Fill the fields with what is stored."""
        self.text.data = recommendation.text
        self.finding.data = str(recommendation.finding_id or NONE)
        self.elsewhere.data = recommendation.repeated_from_elsewhere
        away = ELSEWHERE if recommendation.repeated_from_elsewhere else NONE
        self.repeats.data = str(recommendation.repeated_from_id or away)
        self.seen.data = recommendation_digest(recommendation)
        return self

    def validate(self, extra_validators: object = None) -> bool:
        """Check each field, and that an audit that is not kept here is named."""
        right = bool(super().validate(extra_validators))
        if self.repeats.data == ELSEWHERE and not self.elsewhere.data:
            self.elsewhere.errors = ["Enter the title and year of the audit it repeats"]
            return False
        return right

    def details(self) -> RecommendationDetails:
        """What was typed and chosen."""
        return RecommendationDetails(
            text=self.text.data or "",
            finding_id=_chosen_id(self.finding.data),
            repeated_from_id=_chosen_id(self.repeats.data),
            repeated_from_elsewhere=(self.elsewhere.data or "") if self.repeats.data == ELSEWHERE else "",
        )


class ActionForm(ConcludingForm):
    """An action: what, who, by when, and how it will be known."""

    what = _text("What will be done", "Write what will be done")
    answers = RadioField("What does it answer?", validate_choice=False, default=NONE)
    owner = _line("Who sees to it", LONGEST_OWNER, "Say who sees to it, by name or post")
    owner_email = LineField("Their email address (optional)")
    agency = RadioField("Whose action is it?", validate_choice=False, default=NONE)
    due_on = DayField("By when", [InputRequired("Enter the day by which it is done, such as 31 3 2027")])
    measure = _text("How it will be known to be done", "Write how it will be known to be done")

    @property
    def may_identify(self) -> tuple[IdentifyingWording, ...]:
        """An owner stands there by name, and with nothing else that tells who somebody is."""
        found = identifying_wordings(self.owner.data or "")
        return (
            *super().may_identify,
            *(each for each in found if each.looks_like != DETAIL_KINDS_IN_WORDS["name"]),
        )

    def offering(
        self,
        findings: Sequence[Finding],
        recommendations: Sequence[Recommendation],
        agencies: Iterable[Agency],
    ) -> "ActionForm":
        """The same, with what it may answer and whose it may be."""
        rows: list[tuple[str, Finding | Recommendation]] = [(f"finding-{each.id}", each) for each in findings]
        rows += [(f"recommendation-{each.id}", each) for each in recommendations]
        here = [(value, f"{each.name}: {excerpt(each.text)}") for value, each in rows]
        self.answers.choices = _choices([*here, (NONE, "The audit as a whole")])
        named = [(each.id, each.name) for each in agencies]
        self.agency.choices = _choices([(NONE, "The partnership’s own"), *named])
        return self

    def show(self, action: Action) -> "ActionForm":
        """Fill the fields with what is stored."""
        for name in ("what", "measure", "owner", "owner_email", "due_on"):
            self[name].data = getattr(action, name)
        self.agency.data = str(action.agency_id or NONE)
        self.answers.data = (
            f"finding-{action.finding_id}"
            if action.finding_id
            else f"recommendation-{action.recommendation_id}"
            if action.recommendation_id
            else NONE
        )
        self.seen.data = action_digest(action)
        return self

    def validate(self, extra_validators: object = None) -> bool:
        """Check each field, and the shape of an address that is given."""
        right = bool(super().validate(extra_validators))
        address = self.owner_email.data or ""
        if address and not is_address(address):
            self.owner_email.errors = [f"{address_problem(address)}, or leave it empty"]
            return False
        return right

    def details(self) -> ActionDetails:
        """What was typed and chosen; only after validate() was True."""
        assert self.due_on.data is not None  # noqa: S101 — the field is required
        kind, _, number = (self.answers.data or NONE).partition("-")
        return ActionDetails(
            what=self.what.data or "",
            measure=self.measure.data or "",
            owner=self.owner.data or "",
            owner_email=self.owner_email.data or "",
            due_on=self.due_on.data,
            agency_id=_chosen_id(self.agency.data),
            finding_id=_chosen_id(number) if kind == "finding" else None,
            recommendation_id=_chosen_id(number) if kind == "recommendation" else None,
        )


class UpdateForm(ConcludingForm):
    """How far an action is, with the evidence."""

    status = RadioField(
        "How far is it?",
        [InputRequired("Choose how far it is")],
        choices=_choices(STATUSES.items()),
        validate_choice=False,
    )
    evidence = _text("Evidence")


class ReAuditForm(ConcludingForm):
    """When the same is audited again."""

    re_audit_on = DayField("Day of the next audit (optional)")
