"""An audit that is being planned, and who acts when."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.planning import operations
from surveyapp.planning.details import AuditDetails
from surveyapp.planning.models import Audit
from tests.row_maker import FORM

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
ACTING: dict[str, Any] = {"actor": "staff", "now": NOW}
DETAILS = AuditDetails(
    "Neglect", FORM, issue_on=date(2026, 12, 1), due_on=date(2026, 12, 18), close_on=date(2027, 1, 15)
)


@pytest.fixture
def planned(session: Session) -> Audit:  # noqa: ARG001 — its app
    """An audit with dates and without cases."""
    with transaction():
        return operations.plan_audit(DETAILS, **ACTING)
