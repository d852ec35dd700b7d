"""The forms of an action and of an update on its progress."""

from collections.abc import Iterable, Sequence

from wtforms import RadioField
from wtforms.validators import InputRequired

from surveyapp.agencies.models import Agency
from surveyapp.answering.returns.privacy_hints import DETAIL_KINDS_IN_WORDS
from surveyapp.concluding.actions.operations import LONGEST_OWNER, ActionDetails
from surveyapp.concluding.conclusion_forms import (
    NONE,
    ConcludingForm,
    choices_of,
    chosen_id,
    text_area,
)
from surveyapp.concluding.conclusions_in_words import excerpt
from surveyapp.concluding.edit_conflicts import action_digest
from surveyapp.concluding.models import STATUSES, Action, Finding, Recommendation
from surveyapp.foundation.web.base import LineField
from surveyapp.foundation.web.fields import DayField, MaxCharacters, PersonName, RequiredText
from surveyapp.foundation.words.email_addresses import address_problem, is_address
from surveyapp.gathering.quotes.redaction import IdentifyingWording, identifying_wordings


class ActionForm(ConcludingForm):
    """An action: what will be done, by whom, by when, and how it will be known to be done."""

    what = text_area("What will be done", "Write what will be done")
    answers = RadioField("What does it answer?", validate_choice=False, default=NONE)
    owner = LineField(
        "Who sees to it",
        [RequiredText("Say who sees to it, by name or post"), MaxCharacters(LONGEST_OWNER), PersonName()],
    )
    owner_email = LineField("Their email address (optional)")
    agency = RadioField("Whose action is it?", validate_choice=False, default=NONE)
    due_on = DayField("By when", [InputRequired("Enter the day by which it is done, such as 31 3 2027")])
    measure = text_area("How it will be known to be done", "Write how it will be known to be done")

    @property
    def may_identify(self) -> tuple[IdentifyingWording, ...]:
        """Identifying wordings in the longer texts, and in the owner's line other than the name itself."""
        in_owner = identifying_wordings(self.owner.data or "")
        return (
            *super().may_identify,
            *(wording for wording in in_owner if wording.looks_like != DETAIL_KINDS_IN_WORDS["name"]),
        )

    def offering(
        self,
        findings: Sequence[Finding],
        recommendations: Sequence[Recommendation],
        agencies: Iterable[Agency],
    ) -> "ActionForm":
        """Set the conclusions and agencies to choose from; return the form."""
        rows: list[tuple[str, Finding | Recommendation]] = [
            (f"finding-{finding.id}", finding) for finding in findings
        ]
        rows += [
            (f"recommendation-{recommendation.id}", recommendation) for recommendation in recommendations
        ]
        conclusions = [(value, f"{row.name}: {excerpt(row.text)}") for value, row in rows]
        self.answers.choices = choices_of([*conclusions, (NONE, "The audit as a whole")])
        agency_choices = [(agency.id, agency.name) for agency in agencies]
        self.agency.choices = choices_of([(NONE, "The partnership’s own"), *agency_choices])
        return self

    def show(self, action: Action) -> "ActionForm":
        """Fill the fields from a stored action; return the form."""
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
        """Check each field, and the form of the email address if there is one."""
        is_valid = bool(super().validate(extra_validators))
        address = self.owner_email.data or ""
        if address and not is_address(address):
            self.owner_email.errors = [f"{address_problem(address)}, or leave it empty"]
            return False
        return is_valid

    def details(self) -> ActionDetails:
        """The action as typed and chosen; only after validate() has returned True."""
        assert self.due_on.data is not None  # noqa: S101 — the field is required
        kind, _, row_id = (self.answers.data or NONE).partition("-")
        return ActionDetails(
            what=self.what.data or "",
            measure=self.measure.data or "",
            owner=self.owner.data or "",
            owner_email=self.owner_email.data or "",
            due_on=self.due_on.data,
            agency_id=chosen_id(self.agency.data),
            finding_id=chosen_id(row_id) if kind == "finding" else None,
            recommendation_id=chosen_id(row_id) if kind == "recommendation" else None,
        )


class UpdateForm(ConcludingForm):
    """An update: how far an action is, with the evidence."""

    status = RadioField(
        "How far is it?",
        [InputRequired("Choose how far it is")],
        choices=choices_of(STATUSES.items()),
        validate_choice=False,
    )
    evidence = text_area("Evidence")
