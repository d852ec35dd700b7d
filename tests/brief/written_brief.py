"""A brief written and read through its pages."""

import io

import pptx
import pypdf

from surveyapp.planning.models import Audit

TYPED = {
    "audited_on": ["17", "9", "2026"],
    "cohort": "with a child protection plan",
    "worries": '- Visits were missed\n\n• It\'s "quoted" & <b>marked</b> {{ 7*7 }} #panic',
    "good_practice": "Information was shared early",
    "theme_1_title": "Fathers",
    "theme_1": "Ask them",
    "pair_1_title": "incidents seen one by one",
    "pair_1_found": "No chronology",
    "pair_1_needed": "Write one",
    "callouts": "A child is no **protection**",
    "question": "supervision",
    "seen": "0",
}


def page_of(audit: Audit, rest: str = "") -> str:
    return f"/audits/{audit.id}/brief{rest}"


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def words_of(content: bytes) -> str:
    shapes = pptx.Presentation(io.BytesIO(content)).slides[0].shapes
    return "\n".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
