"""References of requests."""

import pytest

from surveyapp.foundation.store.db import transaction
from surveyapp.issuing import references
from surveyapp.issuing.operations import issue_requests
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.issuing.conftest import ACTOR
from tests.row_maker import Maker


def issue(audit: Audit) -> int:
    with transaction():
        return issue_requests(audit, actor=ACTOR, now=MONDAY_MORNING).requests


def test_no_reference_of_an_earlier_audit_is_drawn_again(
    make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two letters make 64 references, of which the first audit takes 40.
    monkeypatch.setattr(references, "REFERENCE_LETTERS", "AB")
    audits = [make.audit(cases=cases, agencies=2, issued=False) for cases in (20, 8)]
    assert [issue(audit) for audit in audits] == [40, 16]
    assert len({each.reference for audit in audits for each in make.requests(audit)}) == 56
