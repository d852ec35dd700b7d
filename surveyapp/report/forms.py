"""The forms of the report’s pages: its details, the text of a section, and a Word template."""

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import StringField, TextAreaField

from surveyapp.foundation.web.base import LineField, SurveyForm
from surveyapp.foundation.web.fields import DayField, MaxCharacters
from surveyapp.foundation.words.clean_text import clean_line
from surveyapp.report.models import SavedReport
from surveyapp.report.operations import LONGEST_AUTHOR_TEXT, LONGEST_NAME, ReportDetails
from surveyapp.report.word.upload_checks import MOST_TEMPLATE_BYTES

LONGEST_LIST = 10_000


class ReportDetailsForm(SurveyForm):
    """The details of a report as a whole."""

    author = LineField("Author", [MaxCharacters(LONGEST_NAME)])
    dated_on = DayField("Date of the report")
    population = TextAreaField("From whom the sample was drawn", [MaxCharacters(LONGEST_LIST)])
    criteria = TextAreaField("Rules by which it was chosen", [MaxCharacters(LONGEST_LIST)])
    references = TextAreaField("References", [MaxCharacters(LONGEST_LIST)])
    seen = StringField()

    def show(self, report: SavedReport) -> None:
        """Fill the fields with the saved details."""
        for name in ("author", "dated_on", "population", "criteria", "references"):
            self[name].data = getattr(report, name)

    def details(self) -> ReportDetails:
        """The details as typed; call only after validate() has returned True."""
        return ReportDetails(
            author=self.author.data or "",
            dated_on=self.dated_on.data,
            population=(self.population.data or "").strip(),
            criteria=(self.criteria.data or "").strip(),
            references=(self.references.data or "").strip(),
        )


class SectionTextForm(SurveyForm):
    """The author’s own text in one section."""

    text = TextAreaField("Your own paragraphs", [MaxCharacters(LONGEST_AUTHOR_TEXT)])
    seen = StringField()


class WordTemplateForm(SurveyForm):
    """The upload of the partnership’s own Word template."""

    file = FileField("Word template (.docx)")

    def content(self) -> tuple[str, bytes] | None:
        """The file’s name and content; None, with an error beside the field, if no file was chosen."""
        chosen = self.file.data
        if not isinstance(chosen, FileStorage) or not chosen.filename:
            self.file.errors = ["Choose a Word template to upload"]
            return None
        return clean_line(chosen.filename), chosen.stream.read(MOST_TEMPLATE_BYTES + 1)
