"""The form of the day of the next audit."""

from surveyapp.concluding.conclusion_forms import ConcludingForm
from surveyapp.foundation.web.fields import DayField


class ReAuditForm(ConcludingForm):
    """The day of the next audit, which may be empty."""

    re_audit_on = DayField("Day of the next audit (optional)")
