"""The files of a brief, and its picture, from its page."""

import pytest

from surveyapp.planning.models import Audit
from tests.brief.written_brief import TYPED, page_of
from tests.page_client import PageClient


@pytest.mark.slow
def test_a_brief_that_is_too_long_is_saved_but_not_downloaded(client: PageClient, audit: Audit) -> None:
    many = "\n".join(f"Point number {number}" for number in range(70))
    page = client.follow(client.post(page_of(audit), {**TYPED, "worries": many})).text
    assert "lines too long: shorten “What we are worried about” by " in page
    assert "Point number 69" in page
    client.get(page_of(audit, "/page.png"))
    assert "too long" in client.get(page_of(audit, "/brief.pdf"), status=409).text
    assert "too long" in client.get(page_of(audit, "/brief.pptx"), status=409).text
