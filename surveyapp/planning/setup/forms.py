"""The form with which a set-up file is uploaded."""

from flask_wtf.file import FileField

from surveyapp.foundation.web.base import SurveyForm


class SetUpFileForm(SurveyForm):
    """A set-up file, YAML or workbook."""

    file = FileField("Set-up file")
