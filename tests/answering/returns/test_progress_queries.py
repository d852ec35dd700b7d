"""The progress of returns is counted without decrypting any text."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from surveyapp.answering.returns.progress_queries import return_progress
from surveyapp.issuing.models import AuditRequest
from tests.answering.returns.button_presses import NO, give_back, press, save
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

AtMost = Callable[[int], AbstractContextManager[list[str]]]


def test_progress_counts_answers_of_drafts_without_decrypting_text(make: Maker, queries: AtMost) -> None:
    audit = make.audit(cases=6, agencies=1)
    requests = make.requests(audit)
    make.draft(requests[0], NO)
    make.returned(requests[1])
    for audit_request in requests:
        assert audit_request.audit.title
        assert audit_request.agency.kind
    with queries(3):
        found = return_progress(requests)
    assert [(progress.answered, progress.questions) for progress in found[:1]] == [(1, 14)]
    assert [progress.has_returned for progress in found] == [False, True, False, False, False, False]
    assert found[0].saved_at == MONDAY_MORNING
    assert found[2].saved_at is None
    assert not any(progress.has_unreturned_changes for progress in found)


def test_progress_includes_changes_that_are_not_returned(audit_request: AuditRequest) -> None:
    give_back(audit_request)
    assert not return_progress([audit_request])[0].has_unreturned_changes
    save(audit_request, NO, press(2, seen=1))
    assert return_progress([audit_request])[0].has_unreturned_changes
    give_back(audit_request, NO, press(3, seen=2))
    assert not return_progress([audit_request])[0].has_unreturned_changes
