"""A report as a Word file, by the default template or the partnership’s own (docxtpl in a sandbox)."""

import io
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from surveyapp.collating.charts.chart import chart_png
from surveyapp.foundation.documents.properties import write_properties
from surveyapp.foundation.words.clean_text import clean_text
from surveyapp.report.parts import Bullets, Chart, Heading, Paragraph, Report, ReportPart, Table
from surveyapp.report.word.active_content import check_document
from surveyapp.report.word.bold_runs import apply_bold, mark_bold, without_our_marks
from surveyapp.report.word.default_template import default_template
from surveyapp.report.word.fillable_template import fillable_template
from surveyapp.report.word.sandbox import PARTS, TemplateLanguage, TemplateRefused
from surveyapp.report.word.table_of_contents import clear_contents_field, fill_contents_field
from surveyapp.report.word.upload_checks import check_template
from surveyapp.report.word.version_line import put_line_on_top, says_version

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docxtpl import DocxTemplate

_NOT_OPENED = "The template could not be opened: open it in Word, save it again as .docx and upload that."
_NOT_FILLED = "{} of the template could not be filled: its tables or its tags are not as Word writes them."
NO_PARTS = f"The file has no {{%p for part in {PARTS} %}}, so no section of the report would be in it."
NO_PARTS_WAY_ON = (
    "Download our template, change its styles in Word, leave the words in curly brackets, and upload that."
)
# Dots for each unit of a drawing: 2 give 200 dots per inch in half the time that 3 take.
_DOTS = 2
_CHART_WIDTH = 16.2  # cm, the text width of the default template


@dataclass(frozen=True)
class FilledTemplate:
    """A finished Word file; `says_version` is False if the template had no place for the version line."""

    content: bytes
    says_version: bool


def report_as_word(report: Report, template: bytes | None = None) -> bytes:
    """Fill the partnership’s template, or the default template, with a report.

    The file says which version of the report it is, whatever the template. Raises TemplateRefused if the
    template has other contents than text and styles or no loop over the parts of the report, or if one of its
    tags fails.
    """
    return fill_word(report, template).content


def fill_word(report: Report, template: bytes | None = None) -> FilledTemplate:
    """As `report_as_word`, and say whether the template itself had the version line."""
    try:
        return _filled(report, default_template() if template is None else check_template(template))
    except TemplateRefused:
        raise
    except Exception as error:
        if template is None:
            raise
        raise TemplateRefused(_NOT_OPENED) from error


def _filled(report: Report, template: bytes) -> FilledTemplate:
    word = fillable_template(template)
    word.init_docx()
    clear_contents_field(word.docx)
    title_page = {
        name: clean_text(getattr(report, name))
        for name in ("title", "kicker", "author", "partnership", "day", "as_of")
    }
    parts, language = report.parts(), TemplateLanguage()
    try:
        word.render({**title_page, PARTS: [_part(part, word) for part in parts]}, language)
    except TemplateRefused:
        raise
    except Exception as error:
        # Any error of the libraries is caused by the uploaded file.
        raise TemplateRefused(_NOT_FILLED.format(word.part_being_filled)) from error
    if not language.went_over_parts:
        raise TemplateRefused(NO_PARTS, way_on=NO_PARTS_WAY_ON)
    apply_bold(word.docx)
    has_version = says_version(word.docx, clean_text(report.version))
    if not has_version:
        put_line_on_top(word.docx, title_page["as_of"])
    _keep_lead_ins(word.docx)
    fill_contents_field(word.docx, [part for part in parts if isinstance(part, Heading)])
    write_properties(
        word.docx.core_properties,
        title=title_page["title"],
        author=title_page["author"],
        subject=title_page["kicker"],
    )
    # Check again after filling: tags may have produced what the template itself must not contain.
    check_document(word.docx)
    output = io.BytesIO()
    word.save(output)
    return FilledTemplate(output.getvalue(), has_version)


def _part(part: ReportPart, word: "DocxTemplate") -> dict[str, Any]:
    """A part of the report as texts, numbers and lists for the template."""
    fields = {name: _text(value) for name, value in asdict(part).items() if name != "svg"}
    kind = part.kind
    if isinstance(part, Heading):
        kind = f"heading_{part.level}"
    if isinstance(part, Paragraph) and not part.number:
        kind = "plain"
    if isinstance(part, Table):
        kind = f"table_{len(part.head)}"
    if isinstance(part, Paragraph) and part.marked:
        fields["text"] = mark_bold(fields["text"])
    if isinstance(part, Bullets) and part.marked:
        fields["lines"] = [mark_bold(line) for line in fields["lines"]]
    if isinstance(part, Chart):
        fields["picture"] = _picture(part, word)
    return {**fields, "kind": kind}


def _text(value: Any) -> Any:  # noqa: ANN401 — a field of a part may be anything
    if isinstance(value, str):
        return without_our_marks(clean_text(value))
    return [_text(inner) for inner in value] if isinstance(value, list | tuple) else value


def _keep_lead_ins(document: "WordDocument") -> None:
    """Keep paragraphs that end with a colon on one page with the next paragraph, in any template."""
    for line in document.paragraphs:
        if line.text.rstrip().endswith(":"):
            line.paragraph_format.keep_with_next = True


def _picture(chart: Chart, word: "DocxTemplate") -> Markup:
    """The XML of a chart as a picture, with its description for screen readers."""
    from docx.shared import Cm

    drawn = io.BytesIO(chart_png(str(chart.svg), dots=_DOTS))
    inline = word.docx.part.new_pic_inline(drawn, width=Cm(_CHART_WIDTH))
    for side in ("distT", "distB", "distL", "distR"):
        # Without these, LibreOffice adds a margin of a third of a centimetre.
        inline.set(side, "0")
    inline.docPr.set("descr", clean_text(chart.description))
    inline.docPr.set("title", clean_text(chart.caption))
    return Markup(f"</w:t></w:r><w:r><w:drawing>{inline.xml}</w:drawing></w:r><w:r><w:t>")  # noqa: S704 — the library’s own XML, its attributes escaped by it
