"""The form for asking for a fresh link."""

from surveyapp.foundation.web.base import SurveyForm
from surveyapp.foundation.web.fields import AddressField


class FreshLinkForm(SurveyForm):
    """The address to which a link was sent before."""

    email = AddressField("Your work email address")
