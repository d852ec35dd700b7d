"""The web forms with which a form is taken from a file."""

from wtforms import FileField, HiddenField

from surveyapp.defining.editing.forms import NewFormForm
from surveyapp.foundation.web.base import SurveyForm


class FormFileForm(SurveyForm):
    """A file with a form."""

    file = FileField("File")


class TakeFormForm(NewFormForm):
    """The title and source of a form that was read; `content` is its text, so that the file is sent once."""

    content = HiddenField()
