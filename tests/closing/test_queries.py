"""The drafts and late texts that are left after an audit’s returns have closed."""

from datetime import timedelta

import pytest

from surveyapp.answering.returns.operations import allow_late_return, save_draft
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.closing.queries import drafts_left, late_texts
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Three cases of one agency: the first returned, the second a draft, the third not begun."""
    audit = make.audit(cases=3, agencies=[make.agency("Police")], returned=1)
    make.draft(make.requests(audit)[1])
    return audit


def save_late(audit_request: AuditRequest, number: int) -> None:
    """Save a text an hour after returns have closed."""
    closes_at = audit_request.audit.closes_at
    assert closes_at is not None
    with transaction():
        outcome = save_draft(
            audit_request,
            (GivenAnswer("supervision", option="yes"),),
            ButtonPress(f"press-number-{number}", 0),
            now=closes_at + timedelta(hours=number),
        )
        assert outcome.kind == "late"


def test_only_requests_started_and_not_returned_are_drafts_left(make: Maker, audit: Audit) -> None:
    make.draft(make.requests(make.audit(cases=1, agencies=1))[0])
    assert [waiting.case for waiting in drafts_left(audit)] == ["Child 2"]


def test_late_texts_are_listed_by_request_and_only_of_this_audit(make: Maker, audit: Audit) -> None:
    returned, drafted, _third = make.requests(audit)
    (foreign,) = make.requests(make.audit(cases=1, agencies=1))
    for number, audit_request in enumerate((returned, drafted, drafted, foreign), start=1):
        save_late(audit_request, number)
    found = [(text.case, text.agency, text.times, text.has_returned) for text in late_texts(audit)]
    assert found == [("Child 2", "Police", 2, False), ("Child 1", "Police", 1, True)]
    assert [text.request_id for text in late_texts(foreign.audit)] == [foreign.id]


def test_a_late_text_is_decided_once_its_return_is_allowed_or_its_request_withdrawn(
    make: Maker, audit: Audit
) -> None:
    returned, drafted, third = make.requests(audit)
    for number, audit_request in enumerate((returned, drafted, third), start=1):
        save_late(audit_request, number)
    closes_at = audit.closes_at
    assert closes_at is not None
    with transaction():
        allow_late_return(drafted, actor="manager", now=closes_at + timedelta(days=1))
        third.withdrawn_at = closes_at
    assert [text.request_id for text in late_texts(audit)] == [returned.id]
