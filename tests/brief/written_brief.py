"""A brief written, approved and read through its pages."""

import io
import re

import pptx
import pypdf

from surveyapp.planning.models import Audit
from tests.page_client import PageClient

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


def approval(client: PageClient, audit: Audit, approver: str = "Ann") -> dict[str, str]:
    """The fields that the page sends to release the brief it shows."""
    [content] = re.findall(r'name="content" value="([0-9a-f]{64})"', client.get(page_of(audit)).text)
    return {"approver": approver, "content": content, "next-step": "release"}


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def words_of(content: bytes) -> str:
    shapes = pptx.Presentation(io.BytesIO(content)).slides[0].shapes
    return "\n".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)


def answers(page: str, reason: str) -> dict[str, str]:
    """A reason for every unanswered flag on a page."""
    names = {part.split('"')[0] for part in page.split('name="reason-')[1:]}
    return {f"reason-{mark}": reason for mark in names}
