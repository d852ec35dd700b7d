"""How far a return has come is counted without reading what was written."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest

from surveyapp.answering.returns import operations
from surveyapp.answering.returns.operations import SaveOutcome
from surveyapp.answering.returns.press import ButtonPress
from surveyapp.answering.returns.progress_queries import return_progress
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.store.db import transaction
from surveyapp.issuing.models import AuditRequest
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

AtMost = Callable[[int], AbstractContextManager[list[str]]]


YES = (GivenAnswer("supervision", option="yes"),)


NO = (
    GivenAnswer("supervision", option="no"),
    GivenAnswer("supervision", item="comment", text="Not since May."),
)


def press(number: int = 1, seen: int = 0) -> ButtonPress:
    return ButtonPress(f"press-number-{number}", seen)


def save(
    audit_request: AuditRequest,
    given: tuple[GivenAnswer, ...] = YES,
    how: ButtonPress | None = None,
    now: datetime = MONDAY_MORNING,
) -> SaveOutcome:
    with transaction():
        return operations.save_draft(audit_request, given, how or press(), now=now)


def give_back(
    audit_request: AuditRequest,
    given: tuple[GivenAnswer, ...] = YES,
    how: ButtonPress | None = None,
    now: datetime = MONDAY_MORNING,
) -> SaveOutcome:
    with transaction():
        return operations.return_audit(audit_request, given, how or press(), now=now)


@pytest.fixture
def audit_request(make: Maker) -> AuditRequest:
    return make.requests(make.audit(cases=2, agencies=1))[0]


def test_progress_counts_answers_of_drafts_without_reading_what_was_written(
    make: Maker, queries: AtMost
) -> None:
    audit = make.audit(cases=6, agencies=1)
    requests = make.requests(audit)
    make.draft(requests[0], NO)
    make.returned(requests[1])
    for audit_request in requests:
        assert audit_request.audit.title
        assert audit_request.agency.kind
    with queries(3):
        found = return_progress(requests)
    assert [(each.answered, each.questions) for each in found[:1]] == [(1, 14)]
    assert [each.has_returned for each in found] == [False, True, False, False, False, False]
    assert found[0].saved_at == MONDAY_MORNING
    assert found[2].saved_at is None
    assert not any(each.has_unreturned_changes for each in found)


def test_progress_tells_changes_that_nobody_has_returned(audit_request: AuditRequest) -> None:
    give_back(audit_request)
    assert not return_progress([audit_request])[0].has_unreturned_changes
    save(audit_request, NO, press(2, seen=1))
    assert return_progress([audit_request])[0].has_unreturned_changes
    give_back(audit_request, NO, press(3, seen=2))
    assert not return_progress([audit_request])[0].has_unreturned_changes
