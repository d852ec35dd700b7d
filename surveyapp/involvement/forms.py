"""The form that sends the involvement check."""

from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import DayField


class AskForm(SurveyForm):
    """The day by which agencies are to answer."""

    answer_by = DayField("Answer by (optional)")
