"""The programme of a year, and the approval of a theme by an executive who is signed in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.foundation.store.models import Outbox
from surveyapp.planning.models import Audit
from surveyapp.standalone.models import Staff
from tests.page_client import MANAGER, PageClient, seen_digest
from tests.row_maker import FORM, Maker


def becomes_executive(session: Session) -> None:
    """Make the manager who is signed in an executive too."""
    session.scalars(select(Staff).where(Staff.email == MANAGER)).one().roles = "business_manager executive"
    session.commit()


def test_the_years_audits_are_on_one_page(client: PageClient, make: Maker, session: Session) -> None:
    neglect = make.audit(title="Neglect", cases=2)
    neglect.theme_reason, neglect.emphasis = "One plan in three", "qualitative"
    neglect.terms_of_reference = "The sizes are 8 and 20-25 cases."
    make.audit(title="Not dated", issued=False).issue_on = None
    make.audit(title="Long ago").issue_on = date(2024, 3, 1)
    session.commit()
    page = client.get("/programme").text
    assert page.index("Neglect") < page.index("Not dated")
    assert "Programme 2026" in page
    for words in (
        "Programme 2026",
        "One plan in three",
        "Qualitative",
        "Not decided",
        "Not yet",
        "No day yet",
    ):
        assert words in page
    assert "There are 2 cases; the terms of reference say 8 and 20-25." in page
    assert "Long ago" not in page
    assert "/programme?year=2024" in page
    page = client.get("/programme?year=2024").text
    assert "Long ago" in page
    assert "Neglect" not in page
    assert "/programme?year=2026" in page
    assert "Programme 2026" in client.get("/programme?year=99999").text


def test_the_programme_takes_as_many_statements_for_many_audits_as_for_one(
    client: PageClient, make: Maker, queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    make.audit(cases=1, agencies=1)
    client.get("/programme")
    with queries(20) as one:
        client.get("/programme")
    agency = make.agency()
    for _ in range(12):
        make.audit(cases=2, agencies=[agency])
    with queries(len(one)):
        client.get("/programme")


def test_an_executive_approves_the_theme_and_changes_are_shown(
    client: PageClient, make: Maker, session: Session
) -> None:
    audit = make.audit(title="Neglect", issued=False)
    there = f"/audits/{audit.id}/theme"
    page = client.get(there).text
    assert "Not approved yet" in page
    assert "Approve this theme" not in page
    client.post(there, {"seen": ""}, status=403)
    becomes_executive(session)
    page = client.get(there).text
    assert "Approve this theme" in page
    page = client.follow(client.post(there, {"seen": seen_digest(page)})).text
    assert "on Monday 30 November 2026" in page
    assert "Approve this theme" not in page
    audit.theme = "Neglect of babies"
    session.commit()
    page = client.get(there).text
    assert "Changed since it was approved" in page
    assert "Repeat plans" in page
    assert "Neglect of babies" in page
    assert "Changed since" in client.get("/programme").text
    seen = seen_digest(page)
    audit.theme = "Neglect of toddlers"
    session.commit()
    assert "has changed since this page was opened" in client.post(there, {"seen": seen}, status=409).text
    page = client.follow(client.post(there, {"seen": seen_digest(client.get(there).text)})).text
    assert "Earlier approvals" in page


def test_an_audit_with_its_mandate_is_in_the_programme_and_nothing_is_sent(
    client: PageClient, outbox: Callable[[], list[Outbox]]
) -> None:
    planned = {
        "title": "Repeat plans",
        "form_id": FORM,
        "theme": "Repeat child protection plans",
        "emphasis": "quantitative",
        "audit_lead": "Valerie Smith",
        "authority": "The board’s mandate of August 2013.",
        "terms_of_reference": "The sizes are 8 and 20-25 cases.",
        "issue_on": ["7", "12", "2026"],
        "due_on": ["18", "12", "2026"],
        "close_on": ["15", "1", "2027"],
        "chasers": "-5, 0",
    }
    there = client.post("/audits/new", planned).headers["Location"].removesuffix("/cases")
    page = client.get(f"{there}/set-up").text
    for words in ("The board’s mandate of August 2013.", "Valerie Smith", "Friday 15 January 2027"):
        assert words in page
    client.post(f"{there}/cases/several", {"first": "Child 1", "last": "Child 15"})
    note = "There are 15 cases; the terms of reference say 8 and 20-25."
    for listed in ("/programme", f"{there}/set-up", f"{there}/cases"):
        assert note in client.get(listed).text, listed
    assert "Repeat child protection plans" in client.get("/programme").text
    assert "Repeat plans" in client.get("/audits").text
    assert outbox() == []


def test_the_reason_emphasis_period_and_lead_are_typed_with_the_other_details(
    client: PageClient, session: Session
) -> None:
    typed = {
        "title": "Neglect",
        "form_id": FORM,
        "chasers": "",
        "theme_reason": "One plan in three is for neglect.",
        "emphasis": "qualitative",
        "period_reviewed": "January 2025 to December 2026",
        "audit_lead": "Valerie Smith",
    }
    client.post("/audits/new", typed)
    page = client.get("/audits/1/set-up").text
    for words in ("One plan in three is for neglect.", "Qualitative", "January 2025 to", "Valerie Smith"):
        assert words in page
    audit = session.scalars(select(Audit)).one()
    assert audit.emphasis == "qualitative"
    there = f"/audits/{audit.id}/edit"
    client.post(there, {**typed, "emphasis": "loud"}, status=422)
    client.post(there, {**typed, "emphasis": ""})
    session.expire_all()
    assert audit.emphasis == ""
