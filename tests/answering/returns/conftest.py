"""A request to answer."""

import pytest

from surveyapp.issuing.models import AuditRequest
from tests.row_maker import Maker


@pytest.fixture
def audit_request(make: Maker) -> AuditRequest:
    """The first of two requests to one agency."""
    return make.requests(make.audit(cases=2, agencies=1))[0]
