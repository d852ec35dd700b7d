"""The words beside each step, for an audit at each point of its journey."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from surveyapp.concluding.models import Finding
from surveyapp.issuing.models import AuditRequest
from surveyapp.journey.queries import audit_progress
from surveyapp.journey.steps import JOURNEY
from surveyapp.planning.models import Audit
from surveyapp.tracking.queries import tally
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


def words(audit: Audit) -> dict[str, str]:
    """The words beside each step; those of a step that is not possible yet are in brackets."""
    progress = audit_progress(audit, now=MONDAY_MORNING)
    return {
        step.name: f"({step.waits(progress)})" if step.waits(progress) else step.state(progress)
        for step in JOURNEY
    }


def test_before_issue_only_the_set_up_is_possible(make: Maker, session: Session) -> None:
    audit = make.audit(cases=3, issued=False)
    assert words(audit) == {
        "Set up": "3 cases",
        "Returns": "(after issue)",
        "Collation": "(after the first return)",
        "Voices": "(after issue)",
        "Conclusions": "(after issue)",
        "Report": "(after issue)",
        "Brief": "(after issue)",
        "Keep and purge": "(after issue)",
    }
    audit.issue_on = date(2026, 12, 7)
    session.commit()
    assert words(audit)["Returns"] == "(from Mon 7 December)"


def test_each_step_says_how_far_it_is(make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=2, returned=1)
    session.add(Finding(audit_id=audit.id, position=1, text="Plans repeat.", challenge=""))
    session.commit()
    assert words(audit) == {
        "Set up": "done",
        "Returns": "1 of 4",
        "Collation": "",
        "Voices": "",
        "Conclusions": "1 finding",
        "Report": "",
        "Brief": "",
        "Keep and purge": "",
    }


def test_nothing_can_be_collated_before_the_first_return(make: Maker) -> None:
    assert words(make.audit(cases=1, agencies=1))["Collation"] == "(after the first return)"


def test_the_count_of_returns_is_that_of_the_tally(make: Maker, session: Session) -> None:
    audit = make.audit(cases=3, agencies=2, returned=3)
    requests = make.requests(audit)
    make.draft(requests[4])
    for withdrawn in (requests[0], requests[5]):
        withdrawn.withdrawn_at = MONDAY_MORNING
    session.commit()
    progress, counted = audit_progress(audit, now=MONDAY_MORNING), tally(audit, now=MONDAY_MORNING)
    assert (progress.returned, progress.outstanding) == (counted.returned, counted.outstanding) == (2, 2)
    session.execute(update(AuditRequest).values(withdrawn_at=MONDAY_MORNING))
    session.commit()
    assert audit_progress(audit, now=MONDAY_MORNING).requests == 0


@pytest.mark.parametrize("cases", [1, 12])
def test_an_audit_of_any_size_takes_one_statement(make: Maker, queries: Queries, cases: int) -> None:
    audit = make.audit(cases=cases, agencies=3, returned=2)
    _loaded = audit.title
    with queries(1):
        audit_progress(audit, now=MONDAY_MORNING)
