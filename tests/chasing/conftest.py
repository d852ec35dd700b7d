"""An audit of which one contact has a request outstanding and another has returned everything."""

from collections.abc import Callable
from datetime import date

import pytest

from surveyapp.foundation.store.models import Outbox
from surveyapp.planning.models import Audit
from tests.row_maker import Maker

Queued = Callable[[], list[Outbox]]
# The first planned slot of an audit of these tests.
SLOT = date(2026, 12, 11)


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Two cases; the police have returned one, health both."""
    police = make.agency("Police", contact="p@police.example")
    health = make.agency("Health", kind="health", contact="h@nhs.example")
    audit = make.audit(cases=2, agencies=[police, health])
    for audit_request in make.requests(audit)[1:]:
        make.returned(audit_request)
    return audit
