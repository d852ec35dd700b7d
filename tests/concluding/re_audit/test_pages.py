"""The page on which the next audit is planned."""

import pytest

from surveyapp.concluding.queries import conclusion_of
from surveyapp.planning.models import Audit
from tests.collating.example_answers import text_of
from tests.page_client import PageClient
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker) -> Audit:
    return make.audit(cases=1, agencies=1)


def test_the_day_of_the_next_audit_is_set_and_cleared(client: PageClient, audit: Audit) -> None:
    path = f"/audits/{audit.id}/re-audit"
    page = text_of(client.follow(client.post(path, {"re_audit_on": ["1", "10", "2027"]})).text)
    assert "The next audit is on Friday 1 October 2027." in page
    assert 'value="2027"' in client.get(path).text
    for day, words in (
        (["1", "10", "2025"], "Wednesday 1 October 2025 is not to come: choose a later day"),
        (["31", "2", "2027"], "enter a real day"),
        (["1", "10", "2072"], "Saturday 1 October 2072 is more than five years ahead. Check the year."),
    ):
        assert words in text_of(client.post(path, {"re_audit_on": day}, status=422).text)
    client.post(path, {"re_audit_on": ["", "", ""]})
    conclusion = conclusion_of(audit.id)
    assert conclusion is not None
    assert conclusion.re_audit_on is None
