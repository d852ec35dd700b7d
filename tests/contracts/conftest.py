"""The pages that a member of staff can reach in the demonstration, fetched once for all contracts."""

import pytest
from flask import Flask

from tests.conftest import MONDAY_MORNING
from tests.contracts.crawled_pages import CrawledPage, crawl
from tests.page_client import PageClient
from tests.shared_app import in_app_context


@pytest.fixture(scope="session")
def crawled(demonstration: Flask) -> dict[str, CrawledPage]:
    """One page of each address of staff that the demonstration’s links lead to, by endpoint."""
    with in_app_context(demonstration, now=MONDAY_MORNING):
        manager = PageClient(demonstration)
        manager.sign_in()
        return crawl(demonstration, manager)
