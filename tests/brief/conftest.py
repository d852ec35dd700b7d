"""An audit whose brief can be written and released."""

import pytest

from surveyapp.planning.models import Audit
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker) -> Audit:
    """An audit of eight children, all returned by two agencies."""
    agencies = [make.agency("Northside Police"), make.agency("Northside Health", kind="health")]
    return make.audit(cases=8, agencies=agencies, returned=16)
