"""The form for asking for a fresh link."""

from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import AddressField


class FreshLinkForm(SurveyForm):
    """The work address to which the contact's link was sent."""

    email = AddressField("Your work email address")
