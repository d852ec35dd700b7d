"""Operations on an audit that is being planned, called directly."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from surveyapp.foundation.store.db import transaction
from surveyapp.planning import operations
from surveyapp.planning.audit_state_operations import change_dates, mark_reopened
from surveyapp.planning.chaser_rules import ChasersUnusable
from surveyapp.planning.date_rules import DatesOutOfOrder, DateTooFar
from surveyapp.planning.details import AuditDetails, details_digests, stored_details
from surveyapp.planning.errors import AlreadyIssued
from surveyapp.planning.models import Audit
from tests.planning.conftest import ACTING, DETAILS, NOW
from tests.row_maker import FORM, Maker


def test_an_audit_may_be_planned_without_any_day(session: Session) -> None:  # noqa: ARG001 — its app
    with transaction():
        audit = operations.plan_audit(AuditDetails("Later", FORM), **ACTING)
    assert (audit.closes_at, audit.chasers) == (None, [-5, 0, 3, 7])


def test_a_taken_title_is_refused(planned: Audit) -> None:
    with pytest.raises(operations.AuditExists, match="called “Neglect” already"), transaction():
        operations.plan_audit(AuditDetails("NEGLECT", FORM), **ACTING)
    with transaction():
        operations.change_audit(planned, DETAILS, **ACTING)


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (
            (date(2026, 12, 1), date(2026, 11, 30), None),
            "Returns cannot be due before Tuesday 1 December 2026",
        ),
        ((None, date(2026, 12, 18), date(2026, 12, 17)), "cannot close before Friday 18 December 2026"),
        ((date(2026, 12, 1), None, date(2026, 11, 1)), "cannot close before Tuesday 1 December 2026"),
    ],
)
def test_dates_out_of_order_are_refused_by_name(
    session: Session,  # noqa: ARG001 — its app
    dates: tuple[date | None, date | None, date | None],
    said: str,
) -> None:
    issue_on, due_on, close_on = dates
    details = AuditDetails("Neglect", FORM, issue_on=issue_on, due_on=due_on, close_on=close_on)
    with pytest.raises(DatesOutOfOrder, match=said), transaction():
        operations.plan_audit(details, **ACTING)


@pytest.mark.parametrize(
    ("chasers", "escalate_from", "said"),
    [
        ((-5, 0, 0), None, "0 is there twice"),
        ((90,), None, "90 is more than 65 working days"),
        (tuple(range(13)), None, "That is 13 chasers"),
        ((0, 3), 7, "No chaser leaves at 7"),
    ],
)
def test_chasers_that_cannot_be_sent_as_planned_are_refused(
    session: Session,  # noqa: ARG001 — its app
    chasers: tuple[int, ...],
    escalate_from: int | None,
    said: str,
) -> None:
    details = AuditDetails("Neglect", FORM, chasers=chasers, escalate_from=escalate_from)
    with pytest.raises(ChasersUnusable, match=said), transaction():
        operations.plan_audit(details, **ACTING)


def test_an_issued_audit_keeps_its_form_and_its_days(make: Maker) -> None:
    audit = make.audit()
    details = AuditDetails(
        "Renamed", "another_form", issue_on=audit.issue_on, due_on=audit.due_on, close_on=audit.close_on
    )
    with pytest.raises(AlreadyIssued), transaction():
        operations.change_audit(audit, details, **ACTING)


def test_a_concurrent_change_of_other_fields_stays(planned: Audit) -> None:
    seen = details_digests(stored_details(planned))
    with transaction():
        operations.change_audit(planned, replace(DETAILS, aim="Theirs."), seen=seen, **ACTING)
    with transaction():
        operations.change_audit(planned, replace(DETAILS, theme="Mine"), seen=seen, **ACTING)
    assert (planned.aim, planned.theme) == ("Theirs.", "Mine")


def test_a_conflict_in_an_audit_is_reported_and_a_second_press_overwrites(planned: Audit) -> None:
    seen = details_digests(stored_details(planned))
    theirs, mine = replace(DETAILS, aim="Theirs.", theme="Theirs"), replace(DETAILS, aim="Mine.")
    with transaction():
        operations.change_audit(planned, theirs, seen=seen, **ACTING)
    with pytest.raises(operations.AuditDetailsChanged) as caught, transaction():
        operations.change_audit(planned, mine, seen=seen, **ACTING)
    assert caught.value.there == {"aim": "Theirs."}
    with transaction():
        operations.change_audit(planned, mine, seen=caught.value.seen, **ACTING)
    assert (planned.aim, planned.theme) == ("Mine.", "Theirs")


def test_a_day_more_than_five_years_ahead_is_refused(planned: Audit) -> None:
    far = date(2126, 12, 18)
    with pytest.raises(DateTooFar, match="Check the year"), transaction():
        operations.plan_audit(AuditDetails("Far", FORM, due_on=far), **ACTING)
    with pytest.raises(DateTooFar), transaction():
        operations.change_audit(planned, replace(DETAILS, close_on=far), **ACTING)
    with pytest.raises(DateTooFar), transaction():
        change_dates(planned, due_on=date(2026, 12, 18), close_on=far, **ACTING)
    with pytest.raises(DateTooFar), transaction():
        mark_reopened(planned, close_on=far, reason="Health was away", now=NOW)
