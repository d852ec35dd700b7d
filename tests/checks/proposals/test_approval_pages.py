"""Asking for approval, sending back and approving, on the pages of the report and the brief alike."""

import pytest
from sqlalchemy.orm import Session

from surveyapp.planning.models import Audit
from surveyapp.report.release.models import ReportRelease
from tests.brief.written_brief import TYPED
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.releases import EXECUTIVE, approves, asks, content_of, releases
from tests.row_maker import Maker


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Eight cases with two agencies, all returned, with nothing that the checks flag."""
    agencies = [make.agency("Northside Police"), make.agency("Northside Health", kind="health")]
    audit = make.audit(cases=8, agencies=agencies, title="Repeat plans")
    make.returned_all(make.requests(audit))
    return audit


@pytest.fixture(params=["report", "brief"])
def document(request: pytest.FixtureRequest, client: PageClient, audit: Audit) -> str:
    """The name of a document that is ready to be proposed."""
    client.post(f"/audits/{audit.id}/brief", {**TYPED, "question": ""})
    name: str = request.param
    return name


def test_the_executive_is_told_reads_and_sends_back_and_the_manager_asks_again(
    client: PageClient, audit: Audit, document: str
) -> None:
    address = f"/audits/{audit.id}/{document}/release"
    executive = client.colleague(EXECUTIVE, "executive")
    page = executive.get(address).text
    assert "Nobody has asked for your approval yet." in page
    assert "Approve and release" not in page
    page = client.get(address).text
    assert "Approve and release" not in page
    assert "If nobody has that role yet, an administrator gives it to somebody." in page
    asks(client, address)
    page = executive.get("/audits").text
    assert f"1 {document} waits for your approval: <span data-typed>Repeat plans</span>" in page
    assert f'href="{address}"' in page
    page = executive.get(address).text
    assert "<span data-typed>Mary Manager</span> asked for approval on" in page
    assert "Approve and release" in page
    assert "Do not ask any more" not in page
    missing = executive.post(f"{address}/send-back", {"reason": " "}, status=422).text
    assert "Say what is to be changed" in missing
    executive.post(f"{address}/send-back", {"reason": "The second page\nsays too much."})
    page = client.get("/audits").text
    assert f"1 {document} was sent back" in page
    page = client.get(address).text
    assert "Sent back by Joan Ellery on" in page
    assert "says too much." in page
    again = executive.post(f"{address}/approve", {"content": content_of(page)}, status=409).text
    assert "Nobody is asking for approval" in again
    asks(client, address)
    assert "Sent back by" not in client.get(address).text
    client.post(f"{address}/withdraw")
    assert "Nobody has asked for your approval yet." in executive.get(address).text
    asks(client, address)
    approves(client, address)
    page = executive.get(address).text
    assert "Released: approved by <span data-typed>Joan Ellery</span>" in page
    assert "Ask for approval" not in client.get(address).text


def test_only_an_executive_presses_approve(client: PageClient, audit: Audit, document: str) -> None:
    address = f"/audits/{audit.id}/{document}/release"
    asks(client, address)
    seen = {"content": content_of(client.colleague(EXECUTIVE, "executive").get(address).text)}
    lead = client.colleague("Lea Ford", "audit_lead")
    for browser in (client, lead):
        for act in ("approve", "send-back"):
            browser.post(f"{address}/{act}", {**seen, "approver": "Joan Ellery", "reason": "No."}, status=403)
    client.get(f"/audits/{audit.id}/{document}/released.pdf", status=404)


def test_one_person_with_both_roles_releases_at_once_and_the_page_says_so(
    client: PageClient, audit: Audit, document: str
) -> None:
    address = f"/audits/{audit.id}/{document}/release"
    both = client.colleague("Bo Finch", "business_manager executive")
    page = both.get(address).text
    assert "Or ask another executive to approve it." in page
    both.post(f"{address}/approve", {"content": content_of(page)})
    page = both.get(address).text
    assert "Released: approved by <span data-typed>Bo Finch</span>" in page
    assert "The same person asked for the approval and gave it." in page


def test_a_release_by_a_typed_name_stays_as_it_was(
    client: PageClient, audit: Audit, session: Session
) -> None:
    address = f"/audits/{audit.id}/report/release"
    releases(client, address)
    release = session.query(ReportRelease).one()
    release.approver = "Ann Lee, business manager"
    for proposal in session.execute(ReportRelease.metadata.tables["survey_release_proposal"].select()).all():
        assert proposal.settled_at == MONDAY_MORNING
    session.execute(ReportRelease.metadata.tables["survey_release_proposal"].delete())
    session.commit()
    page = client.get(address).text
    assert "Released: approved by <span data-typed>Ann Lee, business manager</span>" in page
    assert "The same person" not in page
    client.get(f"/audits/{audit.id}/report/released.pdf")
