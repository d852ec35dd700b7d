"""Changes to the dates and state of an audit, called directly."""

from datetime import UTC, date, datetime

import pytest

from surveyapp.foundation.store.db import transaction
from surveyapp.planning import audit_state_operations as operations
from surveyapp.planning.date_rules import DatesOutOfOrder
from surveyapp.planning.models import Audit
from tests.planning.conftest import ACTING, NOW
from tests.row_maker import Maker


def test_returns_close_at_five_uk_time_on_the_closing_day(planned: Audit) -> None:
    assert planned.closes_at == datetime(2027, 1, 15, 17, tzinfo=UTC)
    with transaction():
        operations.change_dates(planned, due_on=date(2027, 6, 1), close_on=date(2027, 6, 30), **ACTING)
    assert planned.closes_at == datetime(2027, 6, 30, 16, tzinfo=UTC)


def test_a_second_issue_keeps_the_frozen_form(planned: Audit) -> None:
    with transaction():
        operations.mark_issued(planned, definition_json="{}", now=NOW)
        operations.mark_issued(planned, definition_json="other", now=datetime(2027, 1, 1, tzinfo=UTC))
    assert (planned.issued_at, planned.form_definition) == (NOW, "{}")


def test_closing_by_hand_and_reopening(make: Maker) -> None:
    audit = make.audit()
    with transaction():
        operations.mark_closed(audit, now=NOW)
    assert (audit.closed_at, audit.closes_at, audit.is_closed(NOW)) == (NOW, NOW, True)
    with pytest.raises(DatesOutOfOrder), transaction():
        operations.mark_reopened(audit, close_on=date(2026, 12, 1), reason="Health was away", now=NOW)
    with transaction():
        operations.mark_reopened(audit, close_on=date(2027, 2, 1), reason="Health was away", now=NOW)
    assert not audit.is_closed(NOW)
    later = datetime(2027, 3, 1, tzinfo=UTC)
    with pytest.raises(DatesOutOfOrder, match="has passed"), transaction():
        operations.mark_reopened(audit, close_on=date(2027, 2, 28), reason="Health was away", now=later)
