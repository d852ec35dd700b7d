"""A copy of the form of 2014, as the business manager makes it."""

import pytest

from tests.page_client import PageClient

COPIED_FROM = "repeat_child_protection_plans_2014"


@pytest.fixture
def copy(client: PageClient) -> str:
    """The id of a copy of the form of 2014."""
    answer = client.post(f"/forms/{COPIED_FROM}/copy", {"title": "Repeat plans 2026", "source": "Ours"})
    return str(answer.headers["Location"].split("/")[2])
