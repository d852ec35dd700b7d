"""Every page and file of an audit works without a return, and without a single case."""

import pytest

from tests.page_client import PageClient
from tests.row_maker import Maker

PAGES = (
    "",
    "/voices",
    "/comments",
    "/themes",
    "/quotes",
    "/families",
    "/conclusions",
    "/actions",
    "/before-the-meeting",
    "/report",
    "/report/release",
    "/brief",
    "/collation",
)
FILES = (
    "/report.docx",
    "/report.pdf",
    "/brief/brief.pdf",
    "/brief/brief.pptx",
    "/brief/page.png",
    "/collation/export.xlsx",
    "/collation/export.csv",
    "/collation/export.json",
    "/collation/export.returns.pdf",
    "/collation/export.zip",
)


@pytest.mark.slow
@pytest.mark.parametrize("cases", [0, 2])
def test_no_page_fails_in_an_audit_without_returns(client: PageClient, make: Maker, cases: int) -> None:
    audit = make.audit(cases=cases, agencies=1)
    for page in PAGES:
        assert "<h1" in client.get(f"/audits/{audit.id}{page}").text
    for file in FILES:
        with client.get(f"/audits/{audit.id}{file}") as answer:
            assert answer.data
