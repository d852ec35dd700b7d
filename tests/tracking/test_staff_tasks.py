"""What needs staff today: each kind is counted while it waits, and goes when it is settled."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from surveyapp.answering.models import Enquiry
from surveyapp.concluding.models import DONE, Action
from surveyapp.extension import TASK_KINDS
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.web.actor import STAFF_ROLES
from surveyapp.involvement.operations import answer_check, answers_digest, ask_agencies
from surveyapp.involvement.queries import checked_agencies
from surveyapp.issuing.operations import issue_requests
from surveyapp.permissions import roles_for
from surveyapp.planning.models import Audit
from surveyapp.tracking.staff_tasks import StaffTasks, staff_tasks_today
from tests.accounts import staff_row
from tests.conftest import MONDAY_MORNING
from tests.involvement.conftest import ACTING
from tests.page_client import PageClient
from tests.row_maker import Maker
from tests.tracking.conftest import Post

Queries = Callable[[int], AbstractContextManager[list[str]]]


def today(
    *,
    audit: Audit | None = None,
    roles: Collection[str] = ("business_manager",),
    now: datetime = MONDAY_MORNING,
) -> StaffTasks:
    return staff_tasks_today(TASK_KINDS, roles=roles, audit=audit, now=now)


def words(tasks: StaffTasks) -> list[str]:
    """The lines in short: how many of what."""
    return [f"{line.count} {line.kind.one}" for line in tasks.lines]


def test_refused_addresses_and_messages_in_doubt_are_counted(make: Maker, post: Post) -> None:
    audit = make.audit(cases=2, agencies=2)
    assert not today().any
    first, second = make.grants(audit)
    post(first, "failed")
    post(second, "doubtful", kind="chaser")
    assert words(today()) == ["1 address refused or bounced", "1 message not certain"]
    assert words(today(audit=audit)) == words(today())


def test_a_refused_address_needs_nobody_once_the_audit_is_closed(
    make: Maker, post: Post, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1)
    post(make.grants(audit)[0], "failed")
    audit.closed_at = MONDAY_MORNING
    session.commit()
    assert not today().any


CHECK = "email of an involvement check refused or bounced"


def checks_undelivered() -> int:
    return today().count(CHECK)


def test_an_undelivered_involvement_check_waits_until_another_email_goes_or_the_audit_is_issued(
    make: Maker, session: Session
) -> None:
    agencies = [make.agency("Police", contact="lead@police.example"), make.agency("Health", kind="health")]
    audit = make.audit(cases=2, agencies=agencies, issued=False)
    with transaction():
        ask_agencies(audit, answer_by=None, **ACTING)
    assert not checks_undelivered()
    check = session.scalars(select(Outbox).where(Outbox.to_addr == "lead@police.example")).one()
    check.state = "failed"
    session.commit()
    assert checks_undelivered() == 1
    assert today(audit=audit).count(CHECK) == 1
    contact = agencies[0].contacts[0]
    contact.email = "corrected@police.example"
    session.commit()
    assert checks_undelivered() == 1
    with transaction():
        assert ask_agencies(audit, answer_by=None, **ACTING) == 1
    assert not checks_undelivered()
    session.scalars(select(Outbox).order_by(Outbox.id.desc())).all()[0].state = "failed"
    session.commit()
    assert checks_undelivered() == 1
    with transaction():
        issue_requests(audit, **ACTING)
    assert not checks_undelivered()


def test_an_undelivered_involvement_check_needs_nobody_once_its_agency_has_answered(
    make: Maker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    with transaction():
        ask_agencies(audit, answer_by=None, **ACTING)
    session.scalars(select(Outbox)).one().state = "failed"
    [checked] = checked_agencies(audit)
    with transaction():
        answers = {audit.cases[0].id: "known"}
        answer_check(checked, answers, seen=answers_digest({}), now=MONDAY_MORNING)
    assert not checks_undelivered()


def test_only_those_who_can_settle_it_have_what_needs_somebody_looked_up(
    app: Flask, session: Session, make: Maker, post: Post, queries: Queries
) -> None:
    post(make.grants(make.audit(cases=1, agencies=1))[0], "failed")
    for role in STAFF_ROLES:
        staff = staff_row(f"One {role}", email=f"{role}@partnership.example", roles=role)
        session.add(staff)
        session.commit()
        browser = PageClient(app)
        browser.sign_in_as(staff)
        browser.get("/audits")
        with queries(14) as statements:
            page = browser.get("/audits").text
        settles = role in roles_for("survey.tracking.show_audit")
        assert ("Needs you today" in page) is settles
        looked_up = [statement for statement in statements if "waiting_tasks" in statement]
        assert any("survey_enquiry" in statement for statement in looked_up) is settles, role


def test_a_corrected_address_waits_until_an_email_goes_to_it(
    make: Maker, post: Post, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1)
    grant = make.grants(audit)[0]
    post(grant)
    assert not today().any
    grant.contact.email = "corrected@police.example"
    session.commit()
    assert words(today()) == ["1 corrected address that nobody wrote to yet"]
    post(grant)
    assert not today().any


def test_a_contact_who_has_left_waits_while_requests_are_theirs(make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=1, returned=1)
    make.grants(audit)[0].contact.left_at = MONDAY_MORNING
    session.commit()
    assert words(today()) == ["1 contact has left and still holds requests"]
    make.returned(make.requests(audit)[1])
    assert not today().any


def test_a_draft_waits_from_three_days_before_its_own_due_day(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1, due_on=date(2026, 12, 4))
    request = make.requests(audit)[0]
    make.draft(request)
    assert not today().any
    near = MONDAY_MORNING + timedelta(days=1)
    assert words(today(now=near)) == ["1 draft near its due day"]
    request.due_on = date(2026, 12, 11)
    session.commit()
    assert not today(now=near).any


def test_an_audit_waits_from_its_issue_day_until_it_is_issued(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1, issued=False)
    assert words(today()) == ["1 audit to issue: its day has come"]
    assert not today(now=MONDAY_MORNING - timedelta(days=1)).any
    audit.issue_planned_at = MONDAY_MORNING - timedelta(days=7)
    session.commit()
    the_day_before = MONDAY_MORNING - timedelta(days=1)
    assert words(today(now=the_day_before)) == ["1 audit issues by itself by tomorrow"]
    assert not today(now=MONDAY_MORNING - timedelta(days=2)).any


def test_an_overdue_action_waits_until_it_is_done(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    due_on = date(2026, 11, 30)
    action = Action(audit_id=audit.id, what="Train", measure="Trained", owner="Pat", due_on=due_on)
    session.add(action)
    session.commit()
    assert not today().any
    assert words(today(now=MONDAY_MORNING + timedelta(days=1))) == ["1 overdue action"]
    action.status = DONE
    session.commit()
    assert not today(now=MONDAY_MORNING + timedelta(days=1)).any


def test_each_line_leads_to_its_page_and_one_audit_lists_only_its_own(
    client: PageClient, make: Maker, post: Post
) -> None:
    mine, other = (make.audit(cases=1, agencies=1, title=title) for title in ("Mine", "Other"))
    post(make.grants(mine)[0], "failed")
    post(make.grants(other)[0], "failed")
    programme, page = client.get("/audits").text, client.get(f"/audits/{mine.id}").text
    for audit in (mine, other):
        assert f'<a class="govuk-link" href="/audits/{audit.id}/outstanding">1 address refused' in programme
    assert f'href="/audits/{mine.id}/outstanding">1 address refused or bounced</a>' in page
    assert f"/audits/{other.id}" not in page


@pytest.mark.parametrize("kind", TASK_KINDS, ids=lambda kind: kind.one)
def test_the_page_of_every_kind_exists(client: PageClient, kind: object) -> None:
    assert getattr(kind, "endpoint", "") in client.app.view_functions


@pytest.mark.parametrize("number", [1, 300])
def test_any_number_of_audits_takes_two_statements(
    make: Maker, post: Post, session: Session, queries: Queries, number: int
) -> None:
    audit = make.audit(cases=1, agencies=1)
    request = make.requests(audit)[0]
    values = {"issued_at": MONDAY_MORNING, "due_on": date(2026, 12, 1), "close_on": date(2026, 12, 31)}
    spare = {"form_id": audit.form_id, "created_at": MONDAY_MORNING, "chasers": [], **values}
    session.execute(insert(Audit), [{**spare, "title": f"Audit number {each}"} for each in range(number)])
    asked = {"kind": "question", "text": "When?", "asked_at": MONDAY_MORNING, "submission_id": "x"}
    session.add(Enquiry(request_id=request.id, grant_id=request.grant_id, **asked))
    session.commit()
    post(make.grants(audit)[0], "failed")
    with queries(3):
        tasks = today()
    assert words(tasks) == ["1 address refused or bounced", "1 question or request for more time"]
