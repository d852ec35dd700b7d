"""The facts of the four published briefs, entered and printed, each fit on one page in reading order."""

import io
from collections.abc import Iterator

import pptx
import pypdf
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp.brief.models import LibraryResource
from surveyapp.brief.pdf import as_brief_pdf
from surveyapp.brief.queries import BriefOverview, brief_overview
from surveyapp.brief.slide.slide import as_brief_slide
from surveyapp.commands.demonstration.briefs import load_briefs, titles_with_briefs
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox
from surveyapp.planning.models import Audit
from surveyapp.planning.queries import audit_titled
from tests.conftest import MONDAY_MORNING, AppLoader
from tests.shared_app import in_app_context

pytestmark = pytest.mark.slow

EARLIER = titles_with_briefs()[:4]
# The texts of each published brief, in reading order.
FACTS = {
    "December 2021": (
        "December 2021",
        "7 December 2021",
        "ten children",
        "3 months to 4 years",
        "Five are girls and five are boys",
        "Seven have a child protection plan and three have a child in need plan",
        "What we are worried about",
        "What good practice we saw",
        "engaging fathers",
        "incidents of abuse, each seen alone",
        "families that cross borders",
        "Keep in mind",
        "Organisations that audited",
        "Tools and reading",
    ),
    "September 2022": (
        "Emotional abuse, September 2022",
        "6 September 2022",
        "2 to 16 years",
        "long-term work",
        "the child’s voice is not heard",
        "fathers are not part of it as a rule",
        "Wrenford Youth Justice",
        "MARAC",
    ),
    "September 2024": (
        "September 2024",
        "17 September 2024",
        "ten children with a child protection plan for neglect",
        "Ten cases were audited, and seven of them were discussed",
        "6 months to 13 years",
        "domestic abuse and neglect",
        "neglect is not named as the concern",
        "Domestic abuse training",
    ),
    "September 2025": (
        "Repeat child protection plans, September 2025",
        "ten children",
        "2 to 13 years",
        "parental criminal activity",
        "deflecting, playing down, denying",
        "each incident on its own",
        "up to five",
        "Harbour Family Support",
    ),
}
# The number of organisations that each brief names (stories K4).
ORGANISATIONS = (9, 8, 11, 11)


@pytest.fixture(scope="module")
def earlier(with_loaded: AppLoader) -> Iterator[Flask]:
    """An app with the four earlier audits and their briefs, loaded once, without the demonstration audit."""

    def load() -> None:
        assert load_briefs(now=MONDAY_MORNING) == 4

    with with_loaded(load) as app:
        yield app


@pytest.fixture
def loaded(earlier: Flask) -> Iterator[Session]:
    """The session of that app."""
    with in_app_context(earlier, now=MONDAY_MORNING):
        yield session


def overview(title: str) -> BriefOverview:
    audit = audit_titled(title)
    assert audit is not None
    return brief_overview(audit.id, now=MONDAY_MORNING)


def test_each_brief_is_one_page_with_its_facts_in_order_as_pdf_and_slide(loaded: Session) -> None:
    for title in EARLIER:
        brief = overview(title).brief
        facts = next(facts for month, facts in FACTS.items() if month in title)
        pages = pypdf.PdfReader(io.BytesIO(as_brief_pdf(brief))).pages
        slides = pptx.Presentation(io.BytesIO(as_brief_slide(brief))).slides
        assert (len(pages), len(slides)) == (1, 1)
        boxes = [shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame]
        for text in (pages[0].extract_text(), "\n".join(boxes)):
            plain, at = " ".join(text.split()), 0
            for words in facts:
                place = plain.find(words, at)
                assert place >= at, f"{title}: “{words}” is not in the order in which it is read."
                at = place
    assert loaded.scalar(select(func.count(Audit.id))) == 4


def test_three_briefs_are_released_one_is_a_draft_and_loading_twice_changes_nothing(loaded: Session) -> None:
    assert load_briefs(now=MONDAY_MORNING) == 0
    overviews = [overview(title) for title in EARLIER]
    assert [len(overview.facts.audited) for overview in overviews] == list(ORGANISATIONS)
    assert {len(overview.facts.children) for overview in overviews} == {10}
    assert [overview.is_released for overview in overviews] == [True, True, True, False]
    assert [overview.waiting for overview in overviews] == [0, 0, 0, 1]
    assert all(flag.flag.check == "small_number" for overview in overviews for flag in overview.findings)
    assert loaded.scalar(select(func.count(LibraryResource.id))) == 9
    waiting = select(func.count(Outbox.id)).where(Outbox.state.in_(("queued", "sending")))
    assert loaded.scalar(waiting) == 0, "Somebody would be written to about an audit of years ago."
