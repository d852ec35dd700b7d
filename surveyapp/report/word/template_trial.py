"""Tries a Word template out on a sample report: what it is stored as, and what a report would lack."""

import io
from dataclasses import dataclass

from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.report.parts import INTERNAL
from surveyapp.report.word.report_word import NO_PARTS, NO_PARTS_WAY_ON, fill_word
from surveyapp.report.word.sample_report import SAMPLE_PARTS, SAMPLE_REPORT, SAMPLE_TITLE
from surveyapp.report.word.sandbox import TemplateRefused
from surveyapp.report.word.upload_checks import check_template


@dataclass(frozen=True)
class TemplateTrial:
    """A template that can be used: its file as it is stored, and sentences on what it leaves out."""

    content: bytes
    notices: tuple[str, ...]


def try_template(content: bytes) -> TemplateTrial:
    """Fill a template with the sample report and look for everything that the sample holds.

    Raises TemplateRefused, which names the tag that failed or the content that is not allowed, and also if
    the filled file has no section of the report.
    """
    needed = check_template(content)
    filled = fill_word(SAMPLE_REPORT, needed)
    words = _words_of(filled.content)
    missing = [name for name, samples in SAMPLE_PARTS.items() if not all(text in words for text in samples)]
    if not any(text in words for samples in SAMPLE_PARTS.values() for text in samples):
        raise TemplateRefused(NO_PARTS, way_on=NO_PARTS_WAY_ON)
    missing = missing if SAMPLE_TITLE in words else ["the title", *missing]
    notices = []
    if missing:
        notices.append(
            f"Your template has no place for {list_in_words(missing)}: "
            "Word files of this report leave them out."
        )
    if not filled.says_version:
        notices.append(
            f"Your template has no {{{{ as_of }}}} in its text, so Word files say “{INTERNAL}” "
            "above everything else."
        )
    return TemplateTrial(needed, tuple(notices))


def _words_of(content: bytes) -> str:
    """The text of a Word file, and the descriptions of its pictures."""
    import docx
    from docx.oxml.ns import qn

    body = docx.Document(io.BytesIO(content)).element.body
    texts = ["".join(text.text or "" for text in line.iter(qn("w:t"))) for line in body.iter(qn("w:p"))]
    pictures = [picture.get("descr", "") for picture in body.iter(qn("wp:docPr"))]
    return "\n".join([*texts, *pictures])
