"""The form of an approver needs a name."""

import pytest

from surveyapp.planning.models import Audit
from tests.brief.written_brief import TYPED, approval, page_of
from tests.page_client import PageClient


@pytest.mark.slow
@pytest.mark.parametrize("blank", ["", "   ", "\u200b", " - "])
def test_a_name_without_letters_cannot_approve(client: PageClient, audit: Audit, blank: str) -> None:
    client.post(page_of(audit), TYPED)
    page = client.post(page_of(audit, "/findings"), approval(client, audit, blank), status=422).text
    assert "Enter your name and role" in page
    client.get(page_of(audit, "/released.pdf"), status=404)
