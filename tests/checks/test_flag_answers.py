"""An answer to a flag needs a name and a reason in words."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.brief.models import BriefKeptFlag
from surveyapp.planning.models import Audit
from tests.brief.written_brief import TYPED, answers, page_of
from tests.page_client import PageClient


@pytest.mark.slow
def test_an_answer_needs_a_name_and_a_reason_in_words(
    client: PageClient, audit: Audit, session: Session
) -> None:
    client.post(page_of(audit), {**TYPED, "worries": "Three children moved"})
    page = client.get(page_of(audit)).text
    typed = client.post(page_of(audit, "/findings"), answers(page, "Because"), status=422).text
    assert "Enter your name and role" in typed
    assert 'value="Because"' in typed
    blank = {"approver": "Ann", "next-step": "keep", **answers(page, "   "), "reason-nonsense": "x"}
    assert "nothing is kept" in client.follow(client.post(page_of(audit, "/findings"), blank)).text
    long = {"approver": "Ann", "next-step": "keep", **answers(page, "x" * 501)}
    refused = client.post(page_of(audit, "/findings"), long, status=409).text
    assert "is longer than 500 characters" in refused
    assert "x" * 501 in refused
    assert session.scalar(select(BriefKeptFlag)) is None
