"""The form for looking at another day's chasers."""

from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import DayField


class DayForm(SurveyForm):
    """The day whose chasers are shown. It changes nothing, so it is sent in the address."""

    on = DayField("Look at another day")
