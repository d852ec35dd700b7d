"""An answer to a flag needs a reason in words."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.brief.models import BriefKeptFlag
from surveyapp.planning.models import Audit
from tests.brief.written_brief import TYPED, page_of
from tests.page_client import MANAGER_NAME, PageClient
from tests.releases import reasons_on


@pytest.mark.slow
def test_an_answer_needs_a_reason_in_words_and_carries_the_name_of_who_is_signed_in(
    client: PageClient, audit: Audit, session: Session
) -> None:
    client.post(page_of(audit), {**TYPED, "worries": "Three children moved"})
    page, there = client.get(page_of(audit, "/release")).text, page_of(audit, "/findings")
    blank = {**reasons_on(page, "   "), "reason-nonsense": "x"}
    assert "nothing is kept" in client.follow(client.post(there, blank)).text
    refused = client.post(there, reasons_on(page, "x" * 501), status=409).text
    assert "is longer than 500 characters" in refused
    assert "x" * 501 in refused
    assert session.scalar(select(BriefKeptFlag)) is None
    client.post(there, {**reasons_on(page, "Known to all"), "approver": "Somebody else"})
    assert session.scalars(select(BriefKeptFlag)).one().approver == MANAGER_NAME
