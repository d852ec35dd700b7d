"""The day of the next audit."""

from datetime import date, timedelta
from typing import Any

import pytest

from surveyapp.concluding.queries import conclusion_of
from surveyapp.concluding.re_audit.operations import ReAuditDayPast, plan_re_audit
from surveyapp.foundation.store.db import transaction
from surveyapp.planning.models import Audit
from tests.concluding.example_conclusions import ACTING
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=1, agencies=1)


def test_the_day_of_the_next_audit_is_in_the_future(audit: Audit) -> None:
    assert conclusion_of(audit.id) is None
    with transaction():
        plan_re_audit(audit, date(2027, 11, 30), **ACTING)
    conclusion = conclusion_of(audit.id)
    assert conclusion is not None
    assert conclusion.re_audit_on == date(2027, 11, 30)
    with pytest.raises(ReAuditDayPast, match="Monday 30 November 2026 is not to come"):
        plan_re_audit(audit, date(2026, 11, 30), **ACTING)
    later: dict[str, Any] = {"actor": "manager", "now": MONDAY_MORNING + timedelta(days=800)}
    with transaction():
        plan_re_audit(audit, date(2027, 11, 30), **later)
        plan_re_audit(audit, None, **later)
    assert conclusion.re_audit_on is None
