"""Forms for cases: one case, or several at once."""

import re
from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.validators import ValidationError

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import MaxCharacters, RequiredText
from surveyapp.planning.cases.ages import AGE_NOT_KNOWN, Age, read_age
from surveyapp.planning.cases.details import CaseDetails
from surveyapp.planning.cases.pseudonyms import LONGEST_PSEUDONYM, identifier_kind, pseudonym_range
from surveyapp.planning.models import Case

_FREE_TEXT_FIELDS = ("pseudonym", "gender", "category", "plan", "sibling_group", "needs")


def _free_text_of(case: Case) -> dict[str, str]:
    """The free-text fields of a case, as the page shows them."""
    return {**{name: getattr(case, name) for name in _FREE_TEXT_FIELDS}, "needs": ", ".join(case.needs)}


def stored_case_values(case: Case) -> list[tuple[str, str]]:
    """The stored values of a case by their labels, to show beside the typed ones after a concurrent edit."""
    words = {**_free_text_of(case), "age": str(Age(case.age_months, case.unborn))}
    return [(name.replace("_", " ").capitalize(), text) for name, text in words.items()]


class CaseForm(SurveyForm):
    """The form for one case, by pseudonym."""

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
        """Take the stored case: its texts were accepted before, so the form does not ask about them again."""
        super().__init__(*args, **options)
        self.stored = _free_text_of(stored) if stored else {}

    @property
    def looks_like(self) -> str:
        """The kind of identifier in the first free-text field that seems to hold one; empty if none."""
        kinds = (identifier_kind(self[name].data or "") for name in _FREE_TEXT_FIELDS)
        return next(filter(None, kinds), "")

    def _ask_about_identifiers(self, field: LineField) -> None:
        """Ask before a text that looks like an identifier is stored: warned, never refused (stories 4.5)."""
        kind = identifier_kind(field.data or "")
        if kind and field.data != self.stored.get(field.name) and not self.keep.data:
            instead = "Use a pseudonym" if field.name == "pseudonym" else "Leave it out"
            raise ValidationError(f"This looks like {kind}. {instead}, or say that you keep it")

    # WTForms calls the method named validate_ and the field.
    validate_pseudonym = validate_gender = validate_category = validate_plan = _ask_about_identifiers
    validate_sibling_group = validate_needs = _ask_about_identifiers

    def validate_age(self, field: LineField) -> None:
        """Refuse a text that is not an age."""
        try:
            read_age(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def show(self, case: Case) -> None:
        """Fill the fields with the stored values."""
        for name, words in _free_text_of(case).items():
            self[name].data = words
        self.age.data = str(Age(case.age_months, case.unborn))

    def details(self) -> CaseDetails:
        """The typed details."""
        needs = (need.strip() for need in re.split("[,;]", self.needs.data or ""))
        return CaseDetails(
            pseudonym=self.pseudonym.data or "",
            age=read_age(self.age.data or "") if self.age.data else AGE_NOT_KNOWN,
            gender=self.gender.data or "",
            category=self.category.data or "",
            plan=self.plan.data or "",
            sibling_group=self.sibling_group.data or "",
            needs=tuple(dict.fromkeys(filter(None, needs))),
        )


class SeveralCasesForm(SurveyForm):
    """The form for a numbered range of cases, "Child 1" to "Child 15", to be described later."""

    first = LineField(
        "First case", [RequiredText("Enter the first, such as Child 1"), MaxCharacters(LONGEST_PSEUDONYM)]
    )
    last = LineField(
        "Last case", [RequiredText("Enter the last, such as Child 15"), MaxCharacters(LONGEST_PSEUDONYM)]
    )

    def validate_last(self, field: LineField) -> None:
        """Refuse a first and a last pseudonym that do not form a range."""
        try:
            pseudonym_range(self.first.data or "", field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None
