"""The forms of chasing: another day, "Chase now", and one contact's chaser."""

from wtforms import BooleanField, TextAreaField

from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import DayField


class DayForm(SurveyForm):
    """The day whose chasers are shown. It changes nothing, so it is sent in the address."""

    on = DayField("Look at another day")


class ChaseNowForm(SurveyForm):
    """Whether the chaser of the next working day, which goes to the same contacts, is skipped."""

    skip = BooleanField("Skip the next chaser")


class LineForm(SurveyForm):
    """The personal line of one contact's chaser; `keep` lets a likely name or number stand in it."""

    line = TextAreaField("Personal line (optional)")
    keep = BooleanField("It may stand in an email")
