"""The form of the day on which the action plan is next reviewed."""

from surveyapp.concluding.conclusion_forms import ConcludingForm
from surveyapp.foundation.web.fields import DayField


class PlanReviewForm(ConcludingForm):
    """The day of the next review, which may be empty."""

    review_on = DayField("Day of the next review (optional)")
