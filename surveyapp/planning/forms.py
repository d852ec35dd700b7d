"""The form for the details of an audit."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters, RequiredText
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.planning.chaser_fields import ChaserOffsetsField, EscalationOffsetField
from surveyapp.planning.chaser_rules import chaser_problems
from surveyapp.planning.code_field import ASK_FOR_CODE, AskForCodeField
from surveyapp.planning.date_rules import date_problems
from surveyapp.planning.details import AuditDetails
from surveyapp.planning.models import EMPHASES, Audit

_LONGEST_TEXT = 20_000
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
        return ", ".join(str(offset) for offset in value)
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
    chasers = ChaserOffsetsField("Chasers, in working days from the return-by day")
    escalate_from = EscalationOffsetField("Escalate from which chaser? (optional)")
    ask_for_code = AskForCodeField("Ask for a code before a contact’s pages open")

    def remove_fixed_fields(self) -> None:
        """Remove the fields that cannot change after issue."""
        for name in ("form_id", "issue_on", "due_on", "close_on"):
            del self[name]

    def offer(self, forms: Sequence[tuple[str, str]]) -> None:
        """Offer these audit forms, each as its id and title."""
        if "form_id" in self:
            self.form_id.choices = [SelectChoice(name, title) for name, title in forms]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 — WTForms’ own
        """Check each field, then the order of the dates and the chasers."""
        fields_valid = bool(super().validate(extra_validators))
        problems = list(chaser_problems(self.chasers.data, self.escalate_from.data))
        if "issue_on" in self:
            problems += date_problems(self.issue_on.data, self.due_on.data, self.close_on.data)
        for name, words in problems:
            if not self[name].errors:
                self[name].errors = [words]
        return fields_valid and not problems

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
        return AuditDetails(**{**values, **{name: values[name] or "" for name in _TEXTS}})
