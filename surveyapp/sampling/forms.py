"""Forms of the sample: the list, the rules, an exchange by hand, and with whom the sample was chosen."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters, RequiredText
from surveyapp.planning.cases.pseudonyms import identifier_kind
from surveyapp.sampling.children import NOT_RECORDED
from surveyapp.sampling.criteria import Criteria
from surveyapp.sampling.durations import months_in_words, read_months
from surveyapp.sampling.operations import LARGEST_SEED, LARGEST_SIZE
from surveyapp.sampling.sample import Sample

LONGEST_REASON = 500
_SIZE = f"Enter a number of cases from 1 to {LARGEST_SIZE}"
_SEED = f"Enter a seed from 0 to {LARGEST_SEED:,}"


class ListForm(SurveyForm):
    """The file of an export and the day on which it was drawn."""

    file = FileField("File of the export")
    listed_on = DayField("Day on which the list was drawn")

    def validate_listed_on(self, field: DayField) -> None:
        """Refuse a list without a day: ages are computed on it."""
        if field.data is None:
            raise ValidationError("Enter the day on which the list was drawn")


class _WrittenMonths(LineField):
    """A time such as “3 years”; a bare number counts years. The value is in months, or None."""

    months: int | None = None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: ANN401, ARG002, FBT001 — WTForms’ own
        """Raise ValidationError for a text that is no time."""
        try:
            self.months = read_months(self.data, "years") if self.data else None
        except ValueError as error:
            raise ValidationError(str(error)) from None


class RulesForm(SurveyForm):
    """The rules of a sample, its size and its seed."""

    only_repeat = BooleanField("Only repeat plans")
    longest_interval = _WrittenMonths("Longest time between the plans (optional)", [MaxCharacters(40)])
    began_from = DayField("Plan began on or after (optional)")
    began_until = DayField("Plan began on or before (optional)")
    plans = SelectMultipleField("Plan types", validate_choice=False)
    categories = SelectMultipleField("Categories", validate_choice=False)
    one_of_siblings = BooleanField("Only one child of each sibling group")
    size = IntegerField("Number of cases", [InputRequired(_SIZE), NumberRange(1, LARGEST_SIZE, _SIZE)])
    seed = IntegerField("Seed", [InputRequired(_SEED), NumberRange(0, LARGEST_SEED, _SEED)])

    def offer(self, sample: Sample) -> None:
        """Offer the plan types and categories that are on the list."""
        listed = [child.listed for child in sample.children.values()]
        self.plans.choices = _choices(child.plan for child in listed)
        self.categories.choices = _choices(child.category for child in listed)

    def show(self, sample: Sample) -> None:
        """Fill the fields with the stored rules."""
        criteria = sample.criteria
        for name in ("only_repeat", "began_from", "began_until", "one_of_siblings"):
            self[name].data = getattr(criteria, name)
        longest = criteria.longest_interval
        self.longest_interval.data = "" if longest is None else months_in_words(longest)
        for name in ("plans", "categories"):
            every = [value for value, *_ in self[name].choices]
            self[name].data = list(getattr(criteria, name)) or every
        self.size.data, self.seed.data = sample.sampling.size, sample.sampling.seed

    def validate_began_until(self, field: DayField) -> None:
        """Refuse a period that ends before it begins."""
        first: date | None = self.began_from.data
        if first and field.data and field.data < first:
            raise ValidationError("This day is before the first day of the period")

    def criteria(self) -> Criteria:
        """The rules as typed; all plan types or categories ticked, or none, is no rule about them."""
        return Criteria(
            only_repeat=self.only_repeat.data,
            longest_interval=self.longest_interval.months,
            began_from=self.began_from.data,
            began_until=self.began_until.data,
            plans=_some(self.plans),
            categories=_some(self.categories),
            one_of_siblings=self.one_of_siblings.data,
        )


def _choices(values: Iterable[str]) -> list[Any]:
    words = sorted(set(values))
    return [SelectChoice(value, (value or NOT_RECORDED).capitalize()) for value in words]


def _some(field: SelectMultipleField) -> tuple[str, ...]:
    every = [value for value, *_ in field.iter_choices()]
    ticked = tuple(value for value in every if value in (field.data or ()))
    return () if len(ticked) in {0, len(every)} else ticked


class ExchangeForm(SurveyForm):
    """Why a chosen child is left out, and who takes the place."""

    reason = TextAreaField(
        "Why is this child left out?", [RequiredText("Enter the reason"), MaxCharacters(LONGEST_REASON)]
    )
    into = RadioField("Who takes the place?", validate_choice=False)

    def validate_reason(self, field: TextAreaField) -> None:
        """Refuse a reason that seems to identify the child."""
        kind = identifier_kind(field.data or "")
        if kind:
            raise ValidationError(f"This looks like {kind}. Leave it out")

    def validate_into(self, field: RadioField) -> None:
        """Refuse an exchange for nobody."""
        if not field.data:
            raise ValidationError("Choose who takes the place")


class SelectionForm(SurveyForm):
    """With whom the sample was chosen."""

    consulted = LineField("Chosen together with (optional)", [Optional(), MaxCharacters(200)])


class KeyForm(SurveyForm):
    """The same file again, to make the key from."""

    file = FileField("File of the export")
