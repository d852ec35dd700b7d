"""The forms that say the same about several cases, and the choice of the cases."""

from collections.abc import Sequence
from datetime import date

from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from surveyapp.answering.enquiries.operations import LONGEST_ENQUIRY
from surveyapp.answering.models import NIL_REASONS
from surveyapp.answering.returns.operations import LONGEST_WHERE
from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters, RequiredText
from surveyapp.issuing.models import AuditRequest

# What can be said about several cases, with the words of its button.
WAYS = {
    "nil": "Not involved with these",
    "more_time": "Ask for more time for these",
    "question": "Ask one question about these",
}
# The choice by which each case gets a reason of its own.
EACH = "each"


class ChoiceForm(SurveyForm):
    """The cases ticked on the list."""

    child = SelectMultipleField("Which children?", validate_choice=False, choices=[])

    def offering(self, requests: Sequence[AuditRequest], number: int = 1) -> "ChoiceForm":
        """Set the cases to choose from; return the form. `number` tells the forms of one page apart."""
        self.child.id = "child" if number == 1 else f"child-list-{number}"
        self.child.choices = [
            SelectChoice(audit_request.public_id, audit_request.case.pseudonym) for audit_request in requests
        ]
        return self


class SeveralNilForm(SurveyForm):
    """Why an agency has nothing to audit on several children: one reason for all, or one for each."""

    reason = RadioField(
        "Why has your agency nothing to audit?",
        choices=[
            *(SelectChoice(value, words) for value, words in NIL_REASONS.items()),
            SelectChoice(EACH, "A different reason for each child"),
        ],
        validators=[InputRequired("Choose why your agency has nothing to audit")],
    )
    whereabouts = TextAreaField(
        "Which agency holds the file now? (optional)", validators=[MaxCharacters(LONGEST_WHERE)]
    )

    def reason_for(self, audit_request: AuditRequest) -> str:
        """The reason chosen for one of the cases."""
        chosen: str = self.reason.data
        own = getattr(self, reason_field(audit_request), None)
        return str(own.data) if chosen == EACH and own is not None else chosen

    def check(self, requests: Sequence[AuditRequest]) -> bool:
        """Validate the form; each case needs a reason of its own only where that was chosen."""
        valid: bool = self.validate()
        if self.reason.data != EACH:
            return valid
        for audit_request in requests:
            field = getattr(self, reason_field(audit_request))
            if field.data not in NIL_REASONS:
                field.errors = [f"Choose a reason for {audit_request.case.pseudonym}"]
                valid = False
        return valid


def reason_field(audit_request: AuditRequest) -> str:
    """The name of the field for the reason of one case."""
    return f"reason_{audit_request.id}"


def nil_form(requests: Sequence[AuditRequest]) -> type[SeveralNilForm]:
    """The form of nil returns for these cases, with a field for the reason of each."""
    fields = {
        reason_field(audit_request): RadioField(
            f"Why has your agency nothing to audit on {audit_request.case.pseudonym}?",
            choices=[SelectChoice(value, words) for value, words in NIL_REASONS.items()],
            validate_choice=False,
        )
        for audit_request in requests
    }
    return type("SeveralNilForm", (SeveralNilForm,), fields)


class SeveralTimeForm(SurveyForm):
    """A request for more time for several children."""

    wanted_on = DayField("By which day could you return them?")
    text = TextAreaField("Why you need more time (optional)", [MaxCharacters(LONGEST_ENQUIRY)])

    @property
    def day(self) -> date | None:
        """The day by which they could be returned."""
        day: date | None = self.wanted_on.data
        return day


class SeveralQuestionForm(SurveyForm):
    """One question about several children."""

    text = TextAreaField(
        "Your question", [RequiredText("Write your question"), MaxCharacters(LONGEST_ENQUIRY)]
    )
