import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.answering.delegation.operations import delegate_to_colleague
from surveyapp.chasing.models import ChasedSlot
from surveyapp.chasing.operations import chase_now
from surveyapp.chasing.queries import ChasingList, chasers_of, chasing_list, last_day_chased, slot_lines
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

SLOT = date(2026, 12, 11)
NO_SLOT = date(2026, 12, 10)


def reasons(found: ChasingList) -> dict[str, str]:
    return {each.contact.email: each.why for each in found.not_due}


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Two cases; the police have returned one, health both."""
    police = make.agency("Police", contact="p@police.example")
    health = make.agency("Health", kind="health", contact="h@nhs.example")
    audit = make.audit(cases=2, agencies=[police, health])
    for audit_request in make.requests(audit)[1:]:
        make.returned(audit_request)
    return audit


def test_who_has_something_outstanding_is_due_and_who_returned_everything_is_not(audit: Audit) -> None:
    found = chasing_list(audit, SLOT, working_calendar())
    assert [(each.contact.email, each.cases) for each in found.due] == [("p@police.example", ("Child 1",))]
    assert reasons(found) == {"h@nhs.example": "everything returned"}


def test_the_list_for_scripts_keeps_its_shape(audit: Audit) -> None:
    assert chasing_list(audit, SLOT, working_calendar()).as_json() == {
        "audit": audit.id,
        "on": "2026-12-11",
        "slot": True,
        "due": [
            {
                "contact": audit_contact(audit),
                "email": "p@police.example",
                "cases": ["Child 1"],
                "copy_to": None,
            }
        ],
        "not_due": [{"contact": "Lead 2", "why": "everything returned"}],
    }


def test_the_list_for_scripts_names_who_gets_a_copy(audit: Audit, make: Maker, session: Session) -> None:
    audit.escalate_from = -5
    police = make.grants(audit)[0].contact.agency
    police.contacts.append(Contact(name="Chief", email="chief@police.example", role="escalation"))
    session.commit()
    written = json.dumps(chasing_list(audit, SLOT, working_calendar()).as_json())
    assert '"copy_to": "chief@police.example"' in written


def audit_contact(audit: Audit) -> str:
    return chasing_list(audit, SLOT, working_calendar()).due[0].contact.name


def test_nobody_is_due_on_a_day_without_a_slot_unless_somebody_presses(audit: Audit) -> None:
    found = chasing_list(audit, NO_SLOT, working_calendar())
    assert (found.due, found.as_json()["slot"]) == ((), False)
    assert reasons(found)["p@police.example"] == "no chaser is planned for that day"
    assert len(chasing_list(audit, NO_SLOT, working_calendar(), by_hand=True).due) == 1


def test_nobody_is_due_on_a_day_off_or_once_returns_are_closed(audit: Audit) -> None:
    saturday, after_close = date(2026, 12, 12), date(2027, 1, 18)
    assert (
        reasons(chasing_list(audit, saturday, working_calendar(), by_hand=True))["p@police.example"]
        == "not a working day"
    )
    assert (
        reasons(chasing_list(audit, after_close, working_calendar(), by_hand=True))["p@police.example"]
        == "returns are closed"
    )


def test_a_contact_whose_address_was_refused_is_not_chased_and_is_shown_why(
    make: Maker, audit: Audit, session: Session
) -> None:
    grant = make.grants(audit)[0]
    mail = Outbox(dedupe_key="request:1", kind="request", subject_id=grant.id, to_addr=grant.contact.email)
    mail.state, mail.on_doubt, mail.message_id, mail.date_header = "failed", "resend", "m", ""
    mail.not_before = mail.created_at = MONDAY_MORNING
    session.add(mail)
    session.commit()
    found = chasing_list(audit, SLOT, working_calendar())
    assert found.due == ()
    assert reasons(found)["p@police.example"] == "address refused: correct it first"


def test_a_contact_who_left_or_of_whom_nothing_is_asked_is_not_due(
    make: Maker, audit: Audit, session: Session
) -> None:
    grant = make.grants(audit)[0]
    grant.contact.left_at = MONDAY_MORNING
    session.commit()
    assert reasons(chasing_list(audit, SLOT, working_calendar()))["p@police.example"] == "has left the agency"
    for audit_request in grant.requests:
        audit_request.withdrawn_at = MONDAY_MORNING
    session.commit()
    assert (
        reasons(chasing_list(audit, SLOT, working_calendar()))["p@police.example"]
        == "nothing is asked of them any more"
    )


def test_who_has_been_chased_today_is_not_due_again_today(audit: Audit) -> None:
    with transaction():
        chase_now(audit, actor="manager", now=MONDAY_MORNING)
    found = chasing_list(audit, date(2026, 11, 30), working_calendar(), by_hand=True)
    assert reasons(found)["p@police.example"] == "has a chaser of that day already"


def test_the_calendar_shows_planned_slots_and_days_chased_by_hand(audit: Audit) -> None:
    with transaction():
        chase_now(audit, actor="manager", now=MONDAY_MORNING)
    lines = slot_lines(audit, working_calendar(), now=MONDAY_MORNING)
    assert [(line.day, line.offset, line.queued, line.due) for line in lines] == [
        (date(2026, 11, 30), None, 1, 0),
        (date(2026, 12, 11), -5, 0, 1),
        (date(2026, 12, 18), 0, 0, 1),
        (date(2026, 12, 23), 3, 0, 1),
        (date(2026, 12, 31), 7, 0, 1),
    ]


def test_days_ahead_are_counted_although_todays_slot_has_been_chased(audit: Audit) -> None:
    before_the_hour = datetime(2026, 12, 11, 7, tzinfo=UTC)
    with transaction():
        chase_now(audit, actor="manager", now=before_the_hour)
    lines = slot_lines(audit, working_calendar(), now=before_the_hour)
    assert [(line.day, line.queued, line.due) for line in lines[:3]] == [
        (SLOT, 1, 0),
        (date(2026, 12, 18), 0, 1),
        (date(2026, 12, 23), 0, 1),
    ]


def test_what_was_sent_on_a_day_is_told_with_copies_and_of_that_day_only(
    audit: Audit, make: Maker, session: Session
) -> None:
    audit.escalate_from = -20
    police = make.grants(audit)[0].contact.agency
    police.contacts.append(Contact(name="Chief", email="chief@police.example", role="escalation"))
    make.audit(cases=1, agencies=[police])
    session.commit()
    with transaction():
        chase_now(audit, actor="manager", now=MONDAY_MORNING)
    lead = make.grants(audit)[0].contact.name
    found = chasers_of(audit, date(2026, 11, 30))
    assert {(each.contact, each.agency, each.kind, each.state) for each in found} == {
        (lead, "Police", "chaser", "queued"),
        (lead, "Police", "escalation", "queued"),
    }
    assert {each.at for each in found} == {MONDAY_MORNING}
    assert chasers_of(audit, SLOT) == []


def test_nobody_is_named_for_a_copy_of_their_own_chaser(audit: Audit, make: Maker, session: Session) -> None:
    audit.escalate_from = -5
    lead = make.grants(audit)[0].contact
    lead.role = "escalation"
    session.commit()
    (due,) = chasing_list(audit, SLOT, working_calendar()).due
    assert (due.contact, due.agency.escalation_contact, due.escalates) == (lead, lead, True)
    assert due.copy_to is None


def test_a_link_that_was_revoked_stands_in_no_list(audit: Audit, make: Maker, session: Session) -> None:
    make.grants(audit)[0].revoked_at = MONDAY_MORNING
    session.commit()
    found = chasing_list(audit, SLOT, working_calendar())
    assert found.due == ()
    assert list(reasons(found)) == ["h@nhs.example"]


def test_who_passed_on_what_was_withdrawn_since_is_asked_for_nothing(
    audit: Audit, make: Maker, session: Session
) -> None:
    first, second = (each for each in make.requests(audit) if each.agency.name == "Police")
    with transaction():
        delegate_to_colleague(
            first, name="Pat Lowe", email="pat@police.example", sends_back=False, now=MONDAY_MORNING
        )
    second.withdrawn_at = MONDAY_MORNING
    session.commit()
    why = "has passed everything to a colleague"
    assert reasons(chasing_list(audit, SLOT, working_calendar()))["p@police.example"] == why
    first.withdrawn_at = MONDAY_MORNING
    session.commit()
    why = "nothing is asked of them any more"
    assert reasons(chasing_list(audit, SLOT, working_calendar()))["p@police.example"] == why


def test_what_was_sent_of_another_audit_is_not_told_of_this_one(audit: Audit, make: Maker) -> None:
    other = make.audit(cases=1, agencies=1)
    with transaction():
        chase_now(other, actor="manager", now=MONDAY_MORNING)
    assert len(chasers_of(other, date(2026, 11, 30))) == 1
    assert chasers_of(audit, date(2026, 11, 30)) == []


def test_a_slot_is_past_from_the_minute_in_which_its_chasers_leave(audit: Audit) -> None:
    hour = datetime(2026, 12, 11, 8, 30, tzinfo=UTC)

    def past(now: datetime) -> list[bool]:
        return [line.is_past for line in slot_lines(audit, working_calendar(), now=now)[:2]]

    assert past(hour - timedelta(seconds=1)) == [False, False]
    assert past(hour) == [True, False]


def test_the_last_day_chased_is_the_latest_of_all_that_have_had_their_turn(
    audit: Audit, session: Session
) -> None:
    assert last_day_chased(audit) is None
    for offset, day in ((0, date(2026, 12, 18)), (3, date(2026, 12, 23)), (-5, SLOT)):
        turn = ChasedSlot(
            audit_id=audit.id,
            due_on=date(2026, 12, 18),
            working_days=offset,
            day=day,
            planned_at=MONDAY_MORNING,
        )
        session.add(turn)
        session.flush()
    assert last_day_chased(audit) == date(2026, 12, 23)
