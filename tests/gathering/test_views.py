"""The overview of an audit's voices."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from sqlalchemy.orm import Session

from surveyapp.gathering.models import FamilyContact, Narrative, Workshop
from surveyapp.planning.models import Audit
from tests.collating.example_answers import text_of
from tests.gathering.test_queries import quote, read_all
from tests.page_client import PageClient
from tests.row_maker import Maker

Queries = Callable[[int], AbstractContextManager[list[str]]]


def test_an_audit_without_returns_has_an_overview(client: PageClient, make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    home = client.get(f"/audits/{audit.id}").text
    assert f'href="/audits/{audit.id}/voices"' in home
    page = text_of(client.get(f"/audits/{audit.id}/voices").text)
    for words in (
        "No return has a comment yet.",
        "No quote has been chosen yet.",
        "No workshop has been written down.",
        "No family was offered a talk.",
        "Case example Not written",
        "No auditor raised a current practice concern.",
    ):
        assert words in page


def test_the_overview_shows_everything_gathered(
    client: PageClient, commented_audit: Audit, session: Session, queries: Queries
) -> None:
    read_all(commented_audit)
    workshop = Workshop(audit_id=commented_audit.id, title="Learning event", held_on=date(2026, 12, 1))
    family = FamilyContact(case_id=commented_audit.cases[0].id, state="declined")
    case_example = Narrative(
        audit_id=commented_audit.id,
        kind="case_example",
        case_id=commented_audit.cases[1].id,
        text="A child came back onto a plan.",
    )
    session.add_all([workshop, family, case_example])
    session.commit()
    quote(session, commented_audit, "practitioner", workshop_id=workshop.id)
    quote(session, commented_audit, "parent", family_contact_id=family.id)
    with queries(13):
        page = client.get(f"/audits/{commented_audit.id}/voices").text
    text = text_of(page)
    for words in (
        "4 of 4 comments read (100%)",
        "2 quotes: practitioner 1, parent 1.",
        "Learning event , Tuesday 1 December 2026",
        "1 family was offered a talk by telephone: 1 declined.",
        "A child came back onto a plan. (Child 2)",
    ):
        assert words in text
    assert f'href="/audits/{commented_audit.id}/concerns"' in page


def test_the_overview_links_to_unread_comments(client: PageClient, commented_audit: Audit) -> None:
    page = client.get(f"/audits/{commented_audit.id}/voices").text
    assert f'/audits/{commented_audit.id}/comments?shown=unread#read"' in page
