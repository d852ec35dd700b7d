"""The form for the details of an audit."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters, RequiredText
from surveyapp.foundation.words.dates_and_lists import day_in_words, list_in_words
from surveyapp.planning.chaser_rules import chaser_problems
from surveyapp.planning.code_field import ASK_FOR_CODE, AskForCodeField
from surveyapp.planning.date_rules import date_problems
from surveyapp.planning.days.chaser_choice import offset_in_words
from surveyapp.planning.days.chaser_fields import ChaserOffsetsField, EscalationOffsetField
from surveyapp.planning.details import AuditDetails
from surveyapp.planning.models import EMPHASES, Audit

_LONGEST_TEXT = 20_000
DAYS = ("issue_on", "due_on", "close_on")
_TEXTS = (
    "theme",
    "theme_reason",
    "emphasis",
    "period_reviewed",
    "audit_lead",
    "aim",
    "terms_of_reference",
    "authority",
    "key_message",
)
_TEXT = MaxCharacters(_LONGEST_TEXT)


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return ASK_FOR_CODE["yes" if value else "no"]
    if isinstance(value, date):
        return day_in_words(value)
    if isinstance(value, tuple):
        return list_in_words([offset_in_words(offset) for offset in value])
    return "" if value is None else str(value)


class AuditDetailsForm(SurveyForm):
    """The title, theme, texts, dates and chasers of an audit."""

    title = LineField("Title", [RequiredText("Enter a title"), MaxCharacters(200)])
    form_id = RadioField("Form", [DataRequired("Choose a form")], validate_choice=False)
    theme = LineField("Theme (optional)", [MaxCharacters(200)])
    theme_reason = TextAreaField("Why this theme (optional)", [_TEXT])
    emphasis = RadioField(
        "Emphasis (optional)",
        choices=[SelectChoice(value, words) for value, words in EMPHASES.items()],
        default="",
    )
    period_reviewed = LineField("Period reviewed (optional)", [MaxCharacters(200)])
    audit_lead = LineField("Audit lead (optional)", [MaxCharacters(200)])
    aim = TextAreaField("Aim (optional)", [_TEXT])
    terms_of_reference = TextAreaField("Terms of reference (optional)", [_TEXT])
    authority = TextAreaField("Why you ask, and on what basis (optional)", [_TEXT])
    key_message = TextAreaField("Where agencies find which child is which (optional)", [_TEXT])
    issue_on = DayField("Issue on")
    due_on = DayField("Return by")
    close_on = DayField("Close on")
    days_open = BooleanField("Leave the days open for now")
    chasers = ChaserOffsetsField("Chasers")
    escalate_from = EscalationOffsetField("Copy to the escalation contact")
    ask_for_code = AskForCodeField("Ask for a code before a contact’s pages open")

    def remove_fixed_fields(self) -> None:
        """Remove the fields that cannot change after issue."""
        for name in ("form_id", *DAYS):
            del self[name]

    def offer(self, forms: Sequence[tuple[str, str]]) -> None:
        """Offer these audit forms, each as its id and title."""
        if "form_id" in self:
            self.form_id.choices = [SelectChoice(name, title) for name, title in forms]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 — WTForms’ own
        """Check each field, then the order of the dates and the chasers."""
        fields_valid = bool(super().validate(extra_validators))
        problems = list(chaser_problems(self.chasers.data, self.escalate_from.data))
        if "issue_on" in self and not self.days_open.data:
            problems += date_problems(self.issue_on.data, self.due_on.data, self.close_on.data)
        for name, words in problems:
            if not self[name].errors:
                self[name].errors = [words]
        return fields_valid and not problems

    def labels_of(self, names: Sequence[str]) -> str:
        """The labels of fields, in words."""
        labels = (self[name].label.text.removesuffix(" (optional)") for name in names if name in self)
        return list_in_words([f"“{label}”" for label in labels])

    def show_day(self, name: str, day: date | None) -> None:
        """Show a day that follows from others, unless it is the one typed or what was typed is no day."""
        if day != self[name].data and not self[name].process_errors:
            self[name].data, self[name].raw_data = day, None

    def show_conflicts(self, there: Mapping[str, Any]) -> None:
        """Show below each field the value that somebody else has stored; the typed value stays."""
        for name, value in there.items():
            words = _in_words(value)
            now = f"now says “{words}”" if words else "is now empty"
            words = f"Someone else changed this after you opened the page: it {now}."
            self[name].errors = [f"{words} Save again to put yours in the place of theirs"]

    def details(self, audit: Audit | None = None) -> AuditDetails:
        """The typed details; fields that the page left out keep the values of the audit."""
        values: dict[str, Any] = {
            name: self[name].data if name in self else getattr(audit, name)
            for name in AuditDetails.__dataclass_fields__
        }
        days = dict.fromkeys(DAYS) if self.days_open.data else {}
        return AuditDetails(**{**values, **{name: values[name] or "" for name in _TEXTS}, **days})
