"""The forms of planning: an audit, a case, several cases at once, a set-up file."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, ValidationError

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters, RequiredText
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.planning.ages import AGE_NOT_KNOWN, Age, read_age
from surveyapp.planning.details import AuditDetails, CaseDetails, chaser_problems, date_problems
from surveyapp.planning.models import DEFAULT_CHASERS, Audit, Case
from surveyapp.planning.pseudonyms import LONGEST_PSEUDONYM, identifier_kind, pseudonym_range

_LONGEST_TEXT = 20_000
_TEXTS = ("theme", "aim", "terms_of_reference", "authority", "key_message")
_TEXT = MaxCharacters(_LONGEST_TEXT)


class ChaserOffsetsField(StringField):
    """Working days from the due date, as "-5, 0, 3, 7"."""

    def process_data(self, value: object) -> None:
        """Take stored offsets."""
        self.data: Any = tuple(value) if isinstance(value, list | tuple) else DEFAULT_CHASERS

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the numbers typed, whichever dash stands before them."""
        parts = re.split(r"[\s,;]+", re.sub("[−–]", "-", valuelist[0] if valuelist else "").strip())
        self.data = ()
        for part in filter(None, parts):
            if not re.fullmatch(r"[+-]?\d{1,6}", part):
                raise ValueError(
                    f"“{part}” is not a whole number of working days: write them like -5, 0, 3, 7"
                )
        self.data = tuple(int(part) for part in parts if part)

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else ", ".join(str(each) for each in self.data)


class EscalationOffsetField(StringField):
    """One such offset, or none."""

    def process_data(self, value: object) -> None:
        """Take a stored offset."""
        self.data: Any = value

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the number typed."""
        text = re.sub("[−–]", "-", valuelist[0].strip()) if valuelist else ""
        self.data = None
        if text and not re.fullmatch(r"[+-]?\d{1,6}", text):
            raise ValueError(f"“{text}” is not a whole number of working days: write one like 3")
        self.data = int(text) if text else None

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else "" if self.data is None else str(self.data)


# When a contact is asked for a code; "as needed" is what nobody has decided.
ASK_FOR_CODE = {
    "as_needed": "As soon as the audit holds any agency’s own reference",
    "yes": "Always",
    "no": "Never",
}
_CODE_VALUES: dict[object, bool | None] = {"as_needed": None, "yes": True, "no": False}


class AskForCodeField(RadioField):
    """Whether a contact is asked for a code: always, never, or as needed."""

    def __init__(self, label: str, **options: Any) -> None:  # noqa: ANN401 — WTForms’ own
        """Offer the three."""
        choices = [SelectChoice(value, words) for value, words in ASK_FOR_CODE.items()]
        super().__init__(label, choices=choices, coerce=self._read, **options)

    @staticmethod
    def _read(value: object) -> bool | None:
        """The stored value of a choice; what is none is refused."""
        if isinstance(value, bool):
            return value
        return _CODE_VALUES[value]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was chosen; a page without the question leaves it as it was."""
        if not valuelist:
            return
        if valuelist[0] not in _CODE_VALUES:
            raise ValueError("Choose when agencies are asked for a code")
        self.data = _CODE_VALUES[valuelist[0]]


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return ASK_FOR_CODE["yes" if value else "no"]
    if isinstance(value, date):
        return day_in_words(value)
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)


class AuditDetailsForm(SurveyForm):
    """What an audit is about, and its dates."""

    title = LineField("Title", [RequiredText("Enter a title"), MaxCharacters(200)])
    form_id = RadioField("Form", [DataRequired("Choose a form")], validate_choice=False)
    theme = LineField("Theme (optional)", [MaxCharacters(200)])
    aim = TextAreaField("Aim (optional)", [_TEXT])
    terms_of_reference = TextAreaField("Terms of reference (optional)", [_TEXT])
    authority = TextAreaField("Why you ask, and on what basis (optional)", [_TEXT])
    key_message = TextAreaField("Where agencies find which child is which (optional)", [_TEXT])
    issue_on = DayField("Issue on")
    due_on = DayField("Return by")
    close_on = DayField("Close on")
    chasers = ChaserOffsetsField("Chasers, in working days from the return-by day")
    escalate_from = EscalationOffsetField("Escalate from which chaser? (optional)")
    ask_for_code = AskForCodeField("Ask for a code before a contact’s pages open")

    def remove_fixed_fields(self) -> None:
        """Leave out what no longer changes once requests are out."""
        for name in ("form_id", "issue_on", "due_on", "close_on"):
            del self[name]

    def offer(self, forms: Sequence[tuple[str, str]]) -> None:
        """Let one of these forms be chosen."""
        if "form_id" in self:
            self.form_id.choices = [SelectChoice(name, title) for name, title in forms]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 — WTForms’ own
        """Check each field, then the order of the dates and the rhythm of the chasers."""
        fine = bool(super().validate(extra_validators))
        wrong = list(chaser_problems(self.chasers.data, self.escalate_from.data))
        if "issue_on" in self:
            wrong += date_problems(self.issue_on.data, self.due_on.data, self.close_on.data)
        for name, words in wrong:
            if not self[name].errors:
                self[name].errors = [words]
        return fine and not wrong

    def show_conflicts(self, there: Mapping[str, Any]) -> None:
        """Say under each field what somebody else has put there meanwhile; what was typed stays."""
        for name, value in there.items():
            words = _in_words(value)
            now = f"now says “{words}”" if words else "is now empty"
            words = f"Someone else changed this after you opened the page: it {now}."
            self[name].errors = [f"{words} Save again to put yours in the place of theirs"]

    def details(self, audit: Audit | None = None) -> AuditDetails:
        """What was typed; what was left out of the page is as the audit has it."""
        said: dict[str, Any] = {
            name: self[name].data if name in self else getattr(audit, name)
            for name in AuditDetails.__dataclass_fields__
        }
        return AuditDetails(**{**said, **{name: said[name] or "" for name in _TEXTS}})


_WORDS = ("pseudonym", "gender", "category", "plan", "sibling_group", "needs")


def _free_text_of(case: Case) -> dict[str, str]:
    """The fields of a case in which anything can be written, as the page shows them."""
    return {**{name: getattr(case, name) for name in _WORDS}, "needs": ", ".join(case.needs)}


def stored_case_values(case: Case) -> list[tuple[str, str]]:
    """What is stored of a case, for whoever typed something else meanwhile."""
    words = {**_free_text_of(case), "age": str(Age(case.age_months, case.unborn))}
    return [(name.replace("_", " ").capitalize(), text) for name, text in words.items()]


class CaseForm(SurveyForm):
    """One case by pseudonym."""

    pseudonym = LineField(
        "Pseudonym", [RequiredText("Enter a pseudonym, such as Child 1"), MaxCharacters(LONGEST_PSEUDONYM)]
    )
    keep = BooleanField("Keep it all the same")
    age = LineField("Age (optional)", [MaxCharacters(60)])
    gender = LineField("Gender (optional)", [MaxCharacters(40)])
    category = LineField("Category (optional)", [MaxCharacters(80)])
    plan = LineField("Plan type (optional)", [MaxCharacters(80)])
    sibling_group = LineField("Sibling group (optional)", [MaxCharacters(40)])
    needs = LineField("Needs and experiences (optional)", [MaxCharacters(1000)])
    seen = HiddenField()

    def __init__(self, *args: Any, stored: Case | None = None, **options: Any) -> None:  # noqa: ANN401 — WTForms’ own
        """Take the case that is stored already: nobody is asked about its words again."""
        super().__init__(*args, **options)
        self.stored = _free_text_of(stored) if stored else {}

    @property
    def looks_like(self) -> str:
        """What the first field looks like that may tell who the child is; empty where none does."""
        return next((found for name in _WORDS if (found := identifier_kind(self[name].data or ""))), "")

    def _ask_first(self, field: LineField) -> None:
        """Ask before what looks like an identity is kept: warned, never blocked (stories 4.5)."""
        found = identifier_kind(field.data or "")
        if found and field.data != self.stored.get(field.name) and not self.keep.data:
            instead = "Use a pseudonym" if field.name == "pseudonym" else "Leave it out"
            raise ValidationError(f"This looks like {found}. {instead}, or say that you keep it")

    # WTForms finds a check by its name, one for each field.
    validate_pseudonym = validate_gender = validate_category = validate_plan = _ask_first
    validate_sibling_group = validate_needs = _ask_first

    def validate_age(self, field: LineField) -> None:
        """Refuse an age that is none."""
        try:
            read_age(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def show(self, case: Case) -> None:
        """Fill the fields with what is stored."""
        for name, words in _free_text_of(case).items():
            self[name].data = words
        self.age.data = str(Age(case.age_months, case.unborn))

    def details(self) -> CaseDetails:
        """What was typed."""
        needs = (each.strip() for each in re.split("[,;]", self.needs.data or ""))
        return CaseDetails(
            pseudonym=self.pseudonym.data or "",
            age=read_age(self.age.data or "") if self.age.data else AGE_NOT_KNOWN,
            gender=self.gender.data or "",
            category=self.category.data or "",
            plan=self.plan.data or "",
            sibling_group=self.sibling_group.data or "",
            needs=tuple(dict.fromkeys(each for each in needs if each)),
        )


class SeveralCasesForm(SurveyForm):
    """Cases from "Child 1" to "Child 15", to be described later."""

    first = LineField(
        "First case", [RequiredText("Enter the first, such as Child 1"), MaxCharacters(LONGEST_PSEUDONYM)]
    )
    last = LineField(
        "Last case", [RequiredText("Enter the last, such as Child 15"), MaxCharacters(LONGEST_PSEUDONYM)]
    )

    def validate_last(self, field: LineField) -> None:
        """Refuse a first and a last that do not go together."""
        try:
            pseudonym_range(self.first.data or "", field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None


class SetUpFileForm(SurveyForm):
    """A set-up file, YAML or workbook."""

    file = FileField("Set-up file")
