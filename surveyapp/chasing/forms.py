"""The small form of chasing: the day that is asked about."""

from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import DayField


class DayForm(SurveyForm):
    """Which day's chasers are looked at; it changes nothing, so it is sent in the address."""

    on = DayField("Look at another day")
