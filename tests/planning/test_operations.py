"""Planning's rules, called directly."""

import contextvars
import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.edit_conflicts import EditConflict
from surveyapp.planning import operations
from surveyapp.planning.ages import Age
from surveyapp.planning.details import AuditDetails, CaseDetails, details_digests, stored_details
from surveyapp.planning.models import Audit
from surveyapp.planning.queries import TickedCell, planned_grid
from tests.row_maker import FORM, Maker

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
ACTING: dict[str, Any] = {"actor": "staff", "now": NOW}
DETAILS = AuditDetails(
    "Neglect", FORM, issue_on=date(2026, 12, 1), due_on=date(2026, 12, 18), close_on=date(2027, 1, 15)
)


@pytest.fixture
def planned(session: Session) -> Audit:  # noqa: ARG001 — its app
    with transaction():
        return operations.plan_audit(DETAILS, **ACTING)


def test_returns_close_at_five_uk_time_on_the_closing_day(planned: Audit) -> None:
    assert planned.closes_at == datetime(2027, 1, 15, 17, tzinfo=UTC)
    with transaction():
        operations.change_dates(planned, due_on=date(2027, 6, 1), close_on=date(2027, 6, 30), **ACTING)
    assert planned.closes_at == datetime(2027, 6, 30, 16, tzinfo=UTC)


def test_an_audit_may_be_planned_without_any_day(session: Session) -> None:  # noqa: ARG001 — its app
    with transaction():
        audit = operations.plan_audit(AuditDetails("Later", FORM), **ACTING)
    assert (audit.closes_at, audit.chasers) == (None, [-5, 0, 3, 7])


def test_a_title_is_there_once(planned: Audit) -> None:
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
    with pytest.raises(operations.DatesOutOfOrder, match=said), transaction():
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
def test_a_rhythm_that_cannot_be_kept_is_refused(
    session: Session,  # noqa: ARG001 — its app
    chasers: tuple[int, ...],
    escalate_from: int | None,
    said: str,
) -> None:
    details = AuditDetails("Neglect", FORM, chasers=chasers, escalate_from=escalate_from)
    with pytest.raises(operations.ChasersUnusable, match=said), transaction():
        operations.plan_audit(details, **ACTING)


def test_cases_stand_in_the_order_they_were_added(planned: Audit) -> None:
    with transaction():
        operations.add_cases(planned, [CaseDetails("Child 2"), CaseDetails("Child 10")], **ACTING)
        operations.add_cases(planned, [CaseDetails("Child 1", age=Age(unborn=True))], **ACTING)
    assert [(case.pseudonym, case.unborn) for case in planned.cases] == [
        ("Child 2", False),
        ("Child 10", False),
        ("Child 1", True),
    ]


def test_a_pseudonym_is_there_once_and_nothing_of_the_run_is_kept(planned: Audit, session: Session) -> None:
    with transaction():
        operations.add_cases(planned, [CaseDetails("Child 2")], **ACTING)
    with pytest.raises(operations.CaseExists, match="called “child 2” already"), transaction():
        operations.add_cases(planned, [CaseDetails("Child 1"), CaseDetails("child 2")], **ACTING)
    session.expire_all()
    assert [case.pseudonym for case in planned.cases] == ["Child 2"]


def test_a_case_is_corrected_under_its_own_name_and_never_takes_another(
    planned: Audit, session: Session
) -> None:
    with transaction():
        first, _second = operations.add_cases(
            planned, [CaseDetails("Child 1", age=Age(months=40)), CaseDetails("Child 2")], **ACTING
        )
    with transaction():
        operations.change_case(
            first, CaseDetails("CHILD 1", age=Age(unborn=True), needs=("domestic abuse",)), **ACTING
        )
    assert (first.pseudonym, first.age_months, first.unborn) == ("CHILD 1", None, True)
    assert (first.position, first.needs) == (1, ["domestic abuse"])
    with pytest.raises(operations.CaseExists, match="called “Child 2” already"), transaction():
        operations.change_case(first, CaseDetails("child 2"), **ACTING)
    session.expire_all()
    assert [case.pseudonym for case in planned.cases] == ["CHILD 1", "Child 2"]


def test_the_grid_is_what_was_ticked_last(make: Maker) -> None:
    audit = make.audit(cases=3, agencies=2, issued=False)
    first, second = planned_grid(audit).agencies
    wanted = {TickedCell(audit.cases[0].id, first.id), TickedCell(audit.cases[1].id, second.id)}
    with transaction():
        after = operations.tick_cells(audit, wanted, **ACTING)
    assert str(after) == "2 cases, 2 agencies, 2 requests"
    assert planned_grid(audit).ticked == wanted
    assert [case.pseudonym for case in after.unasked_cases] == ["Child 3"]


def test_what_was_issued_stays_ticked_and_more_may_be_added(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1)
    other = make.agency("New Agency")
    asked = planned_grid(audit).ticked
    gone = min(asked)
    with pytest.raises(operations.AlreadyIssued, match="about Child 1") as refusal, transaction():
        operations.tick_cells(audit, asked - {gone}, **ACTING)
    assert "withdraw it there" in refusal.value.way_on
    with transaction():
        after = operations.tick_cells(audit, asked | {TickedCell(audit.cases[0].id, other.id)}, **ACTING)
    assert str(after) == "2 cases, 2 agencies, 3 requests"


def test_a_cell_of_another_audit_is_refused(make: Maker) -> None:
    audit, other = make.audit(issued=False), make.audit(issued=False)
    with pytest.raises(EditConflict, match="is there no longer"), transaction():
        operations.tick_cells(
            audit, {TickedCell(other.cases[0].id, planned_grid(audit).agencies[0].id)}, **ACTING
        )


def test_nothing_is_planned_once_returns_are_closed(make: Maker) -> None:
    audit = make.audit()
    with transaction():
        operations.mark_closed(audit, now=NOW)
    with pytest.raises(operations.ReturnsClosed, match="Returns closed on"), transaction():
        operations.add_cases(audit, [CaseDetails("Child 9")], **ACTING)


def test_a_case_goes_with_its_ticks_until_it_is_issued(make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, issued=False)
    with transaction():
        operations.remove_case(audit.cases[0], **ACTING)
    session.expire_all()
    assert [case.pseudonym for case in audit.cases] == ["Child 2"]
    assert len(planned_grid(audit).ticked) == 2
    issued = make.audit(cases=1)
    with (
        pytest.raises(operations.AlreadyIssued, match="Agencies have been asked about Child 1"),
        transaction(),
    ):
        operations.remove_case(issued.cases[0], **ACTING)


def test_an_issued_audit_keeps_its_form_and_its_days(make: Maker) -> None:
    audit = make.audit()
    details = AuditDetails(
        "Renamed", "another_form", issue_on=audit.issue_on, due_on=audit.due_on, close_on=audit.close_on
    )
    with pytest.raises(operations.AlreadyIssued), transaction():
        operations.change_audit(audit, details, **ACTING)


def test_issuing_again_freezes_no_other_form(planned: Audit) -> None:
    with transaction():
        operations.mark_issued(planned, definition_json="{}", now=NOW)
        operations.mark_issued(planned, definition_json="other", now=datetime(2027, 1, 1, tzinfo=UTC))
    assert (planned.issued_at, planned.form_definition) == (NOW, "{}")


def test_closing_by_hand_and_reopening(make: Maker) -> None:
    audit = make.audit()
    with transaction():
        operations.mark_closed(audit, now=NOW)
    assert (audit.closed_at, audit.closes_at, audit.is_closed(NOW)) == (NOW, NOW, True)
    with pytest.raises(operations.DatesOutOfOrder), transaction():
        operations.mark_reopened(audit, close_on=date(2026, 12, 1), reason="Health was away", now=NOW)
    with transaction():
        operations.mark_reopened(audit, close_on=date(2027, 2, 1), reason="Health was away", now=NOW)
    assert not audit.is_closed(NOW)
    later = datetime(2027, 3, 1, tzinfo=UTC)
    with pytest.raises(operations.DatesOutOfOrder, match="has passed"), transaction():
        operations.mark_reopened(audit, close_on=date(2027, 2, 28), reason="Health was away", now=later)


def test_what_another_has_ticked_meanwhile_stays(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=2, issued=False)
    seen = planned_grid(audit).ticked
    first, second, *rest = sorted(seen)
    with transaction():
        operations.tick_cells(audit, seen - {first}, seen=seen, **ACTING)
    with transaction():
        operations.tick_cells(audit, seen - {second}, seen=seen, **ACTING)
    assert sorted(planned_grid(audit).ticked) == rest
    with transaction():
        operations.tick_cells(audit, seen, seen=frozenset(rest), **ACTING)
    assert planned_grid(audit).ticked == seen


def test_what_another_has_changed_of_an_audit_meanwhile_stays(planned: Audit) -> None:
    seen = details_digests(stored_details(planned))
    with transaction():
        operations.change_audit(planned, replace(DETAILS, aim="Theirs."), seen=seen, **ACTING)
    with transaction():
        operations.change_audit(planned, replace(DETAILS, theme="Mine"), seen=seen, **ACTING)
    assert (planned.aim, planned.theme) == ("Theirs.", "Mine")


def test_two_who_change_the_same_of_an_audit_are_told_and_the_second_press_counts(planned: Audit) -> None:
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


def test_a_year_mistyped_by_a_century_is_refused(planned: Audit) -> None:
    far = date(2126, 12, 18)
    with pytest.raises(operations.DateTooFar, match="Check the year"), transaction():
        operations.plan_audit(AuditDetails("Far", FORM, due_on=far), **ACTING)
    with pytest.raises(operations.DateTooFar), transaction():
        operations.change_audit(planned, replace(DETAILS, close_on=far), **ACTING)
    with pytest.raises(operations.DateTooFar), transaction():
        operations.change_dates(planned, due_on=date(2026, 12, 18), close_on=far, **ACTING)
    with pytest.raises(operations.DateTooFar), transaction():
        operations.mark_reopened(planned, close_on=far, reason="Health was away", now=NOW)


def both_at_once(app: Flask, act: Callable[[], object]) -> list[str]:
    """Press the same twice at the same moment; the refusals."""
    refusals: list[str] = []
    start = threading.Barrier(2)

    def press() -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    act()
            except Refused as error:
                refusals.append(type(error).__name__)
            app.extensions["sqlalchemy"].session.remove()

    threads = [threading.Thread(target=contextvars.Context().run, args=(press,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals


def test_pressed_twice_at_once_an_audit_a_case_and_a_tick_are_there_once(
    app: Flask, make: Maker, session: Session
) -> None:
    audit_id = make.audit(cases=1, agencies=2, issued=False).id
    audit = session.get_one(Audit, audit_id)
    all_ticked = planned_grid(audit).ticked
    with transaction():
        operations.tick_cells(audit, (), **ACTING)
    for _ in range(3):
        twice = AuditDetails(f"Twice {secrets.token_hex(3)}", FORM)
        refusals = both_at_once(app, partial(operations.plan_audit, twice, **ACTING))
        assert refusals in (["AuditExists"], ["SameMoment"])

    def add() -> None:
        operations.add_cases(session.get_one(Audit, audit_id), [CaseDetails("Child 2")], **ACTING)

    def tick() -> None:
        operations.tick_cells(session.get_one(Audit, audit_id), all_ticked, **ACTING)

    assert both_at_once(app, add) == ["CaseExists"]
    assert both_at_once(app, tick) == []
    assert planned_grid(session.get_one(Audit, audit_id)).ticked == all_ticked
