"""The web forms on which a form is made: its settings, one question, a list of answers, a copy."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, Form, FormField, HiddenField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from surveyapp.defining.editing.answer_rows import AnswerRows, RowList
from surveyapp.defining.question_parts import TODAY
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters, RequiredText
from surveyapp.foundation.words.typed_dates import NotADate, read_date

# Each kind of question in words; the order is that of the list on the page.
KINDS_IN_WORDS = {
    "choice": "One answer from a list",
    "choices": "Several answers from a list",
    "checklist": "Lines to tick, each counted as yes or no",
    "scale": "Grades, or a scale of numbers",
    "long_text": "A longer text",
    "text": "A line of text",
    "number": "A whole number",
    "date": "A date",
    "contact": "A person to speak to",
}
SHOW_RULES = {"is": "is one of these", "is_not": "is anything but this"}
MOST_THEMES = 30
_LONGEST_LINE = 2_000
_LINE = MaxCharacters(_LONGEST_LINE)
_LONGEST_TITLE = MaxCharacters(200)
_ALWAYS = "Always"


class WholeNumberField(LineField):
    """A whole number of up to nine digits, as typed."""

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 — WTForms’ own
        """Refuse anything else."""
        text = self.data or ""
        digits = text.removeprefix("-")
        if text and not (digits.isascii() and digits.isdecimal() and len(digits) <= 9):  # noqa: PLR2004 — digits
            raise ValidationError("Write a whole number, such as 10")

    @property
    def number(self) -> int | None:
        """The number; None if nothing is typed."""
        return int(self.data) if self.data else None


class DayBoundField(LineField):
    """The first or the last day that a date may be: a day, or “today”."""

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 — WTForms’ own
        """Refuse what is neither."""
        try:
            _ = self.bound
        except NotADate:
            raise ValidationError("Write a day, such as 1 September 2020, or the word today") from None

    @property
    def bound(self) -> str | None:
        """What a form file says for it; None if nothing is typed. Raises NotADate."""
        text = (self.data or "").casefold()
        if not text or text == TODAY:
            return text or None
        return read_date(text).isoformat()


class PairRow(Form):
    """Two answers that cannot both be true."""

    one = SelectField("One agency says", validate_choice=False)
    other = SelectField("Another says", validate_choice=False)


class QuestionForm(SurveyForm):
    """One question."""

    seen = HiddenField()
    ask = LineField("The question", [RequiredText("Write the question, as agencies will read it"), _LINE])
    kind = SelectField("How it is answered", choices=[SelectChoice(*kind) for kind in KINDS_IN_WORDS.items()])
    hint = LineField("Help below the question (optional)", [_LINE])
    answers_from = SelectField("Answers", validate_choice=False)
    answers = AnswerRows("Answers")
    none_of_these = LineField("Words for “None of these”", [_LINE])
    lowest = WholeNumberField("Lowest number")
    highest = WholeNumberField("Highest number")
    lowest_label = LineField("What the lowest means", [_LINE])
    highest_label = LineField("What the highest means", [_LINE])
    earliest = DayBoundField("First day that it can be")
    latest = DayBoundField("Last day that it can be")
    comment = LineField("Heading of the comments box", [_LINE])
    comment_when = SelectMultipleField("Answers that need a comment", validate_choice=False)
    section = LineField("Heading above this question", [_LINE])
    required = BooleanField("It has to be answered before the return is sent")
    only_for = SelectMultipleField(
        "Only these kinds of agency are asked",
        choices=[SelectChoice(*kind) for kind in AGENCY_KINDS.items()],
    )
    show_question = SelectField("When it is asked", validate_choice=False)
    show_rule = SelectField(
        "if its answer", choices=[SelectChoice(*rule) for rule in SHOW_RULES.items()], validate_choice=False
    )
    show_options = SelectMultipleField("Answers", validate_choice=False)
    theme = SelectField("Theme of the report", validate_choice=False)
    short = LineField("Short name, for charts and lists", [_LINE])
    same_as = SelectField("The source prints it twice", validate_choice=False)
    concern_beside = BooleanField("The box for a current practice concern stands below this question")
    conflicts = RowList(FormField(PairRow), "Answers that cannot both be true", max_entries=60)
    role_own = SelectField("“My agency does it”", validate_choice=False)
    role_another = SelectField("“Another agency does it”", validate_choice=False)

    def offer(  # noqa: PLR0913 — one for each list of choices
        self,
        *,
        lists: Iterable[tuple[str, str]],
        themes: Iterable[tuple[str, str]],
        gates: Iterable[tuple[str, str]],
        gate_options: Iterable[tuple[str, str]],
        earlier: Iterable[tuple[str, str]],
        options: Iterable[tuple[str, str]],
    ) -> None:
        """Offer what this form has: each choice is what is stored and its words."""
        options = list(options)
        _offer(self.answers_from, [("", "Answers of its own"), *lists])
        _offer(self.theme, themes)
        _offer(self.show_question, [("", _ALWAYS), *gates])
        _offer(self.show_options, gate_options)
        _offer(self.same_as, [("", "No"), *earlier])
        _offer(self.comment_when, options)
        for field in (self.role_own, self.role_another):
            _offer(field, [("", "None of them"), *options])
        for pair in self.conflicts:
            for field in (pair.form.one, pair.form.other):
                _offer(field, [("", "Choose an answer"), *options])

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 — WTForms’ own
        """Check each field, and what belongs together."""
        # Ticks that another question's answers left behind are no longer on the page.
        for several in (self.comment_when, self.show_options):
            several.data = [value for value in several.data or () if value in _offered(several)]
        is_valid = bool(super().validate(extra_validators))
        pairs = [field for pair in self.conflicts for field in (pair.form.one, pair.form.other)]
        one_of_several = (self.answers_from, self.theme, self.show_question, self.same_as)
        for field in (*one_of_several, self.role_own, self.role_another, *pairs):
            if (field.data or "") not in _offered(field):
                field.errors = ["What was chosen here is no longer there: choose again"]
        if self.show_question.data:
            ticked = len(self.show_options.data or ())
            if not ticked:
                self.show_options.errors = ["Tick the answers with which this question is asked"]
            elif self.show_rule.data == "is_not" and ticked > 1:
                self.show_options.errors = ["Tick one answer, or choose “is one of these”"]
        if bool(self.role_own.data) != bool(self.role_another.data):
            self.role_own.errors = ["Choose both answers, or neither"]
        for pair in self.conflicts:
            if bool(pair.form.one.data) != bool(pair.form.other.data):
                pair.form.one.errors = ["Choose both answers of the pair, or neither"]
        return is_valid and not self.errors


class AnswersForm(SurveyForm):
    """The answers of a list that several questions use."""

    seen = HiddenField()
    answers = AnswerRows("Answers")


class ThemeRow(Form):
    """One theme; `name` is what is stored."""

    name = HiddenField()
    label = LineField("Theme", [_LONGEST_TITLE])


class SettingsForm(SurveyForm):
    """A form’s title, source, minutes and themes."""

    seen = HiddenField()
    title = LineField("Title", [RequiredText("Enter a title, such as Neglect 2026"), _LONGEST_TITLE])
    source = LineField(
        "Where the questions come from",
        [RequiredText("Say where the questions come from, such as our own, or the name of a report"), _LINE],
    )
    minutes = WholeNumberField("About how many minutes one return takes")
    themes = RowList(FormField(ThemeRow), "Themes", max_entries=MOST_THEMES)

    def validate_minutes(self, field: WholeNumberField) -> None:
        """Accept 1 to 600 minutes."""
        if not 1 <= (field.number or 0) <= 600:  # noqa: PLR2004 — ten hours
            raise ValidationError("Write a number of minutes from 1 to 600")

    @property
    def theme_rows(self) -> list[tuple[str, str]]:
        """The themes that have words: what is stored, and the words."""
        return [(row["name"] or "", row["label"]) for row in self.themes.data if row["label"]]


class NewFormForm(SurveyForm):
    """The title of a new form or of a copy, and where its questions come from."""

    title = LineField("Title", [RequiredText("Enter a title, such as Neglect 2026"), _LONGEST_TITLE])
    source = LineField(
        "Where the questions come from",
        [RequiredText("Say where the questions come from, such as our own, or the name of a report"), _LINE],
    )


def _offered(field: SelectField | SelectMultipleField) -> set[str]:
    return {str(choice[0]) for choice in field.iter_choices()}


def _offer(field: SelectField | SelectMultipleField, choices: Iterable[tuple[str, str]]) -> None:
    field.choices = [SelectChoice(value, words) for value, words in choices]
