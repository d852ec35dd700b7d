"""A request to answer, and a contact who has opened its form."""

import pytest

from surveyapp.issuing.models import AuditRequest, Grant
from tests.answering.conftest import Person
from tests.row_maker import Maker


@pytest.fixture
def audit_request(make: Maker) -> AuditRequest:
    """The first of two requests to one agency."""
    return make.requests(make.audit(cases=2, agencies=1))[0]


@pytest.fixture
def grant(make: Maker) -> Grant:
    """The grant of an agency that is asked about two cases."""
    return make.grants(make.audit(cases=2, agencies=1))[0]


@pytest.fixture
def first(grant: Grant) -> AuditRequest:
    """The request about the first case."""
    return grant.requests[0]


@pytest.fixture
def form(person: Person, grant: Grant, first: AuditRequest) -> Person:
    """A contact who has opened the form."""
    person.starts(grant)
    person.opens(first)
    return person
