"""The small forms of closing: days, and a reason."""

from typing import Any

from wtforms import DateField, TextAreaField
from wtforms.validators import InputRequired, Length

from surveyapp.closing.operations import LONGEST_REASON
from surveyapp.foundation.pages import SurveyForm


class DayField(DateField):
    """One day as three boxes; what is no day gets a sentence of ours."""

    def __init__(self, label: str, validators: Any = None, **options: Any) -> None:  # noqa: ANN401 — WTForms' own
        """Take day, month and year in this order."""
        super().__init__(label, validators, format="%d %m %Y", **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read three boxes; all empty is no day."""
        if not any(str(part).strip() for part in valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("Enter a day that exists, such as 15 1 2027") from error


class ExtendForm(SurveyForm):
    """Until when agencies get longer."""

    close_on = DayField(
        "Returns close on", [InputRequired("Enter the day on which returns close, such as 15 1 2027")]
    )
    due_on = DayField("Return by")


class ReopenForm(SurveyForm):
    """Why returns are taken again, and until when."""

    reason = TextAreaField(
        "Why are returns opened again?",
        [
            InputRequired("Say why, so that the record explains it"),
            Length(max=LONGEST_REASON, message=f"Say it in {LONGEST_REASON} characters or fewer"),
        ],
    )
    close_on = DayField(
        "Returns close again on", [InputRequired("Enter the day on which returns close, such as 15 1 2027")]
    )
