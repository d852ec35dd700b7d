"""The small form of chasing: the day that is asked about."""

from surveyapp.foundation.fields import DayField
from surveyapp.foundation.pages import SurveyForm


class DayForm(SurveyForm):
    """Which day's chasers are looked at; it changes nothing, so it is sent in the address."""

    on = DayField("Look at another day")
