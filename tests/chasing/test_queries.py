from datetime import date

from sqlalchemy.orm import Session

from surveyapp.answering.delegation.operations import delegate_to_colleague
from surveyapp.chasing.chasing_list import ChasingList
from surveyapp.chasing.operations import chase_now
from surveyapp.chasing.queries import chasing_list
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import Outbox
from surveyapp.planning.models import Audit
from tests.chasing.conftest import SLOT
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

NO_SLOT = date(2026, 12, 10)


def reasons(found: ChasingList) -> dict[str, str]:
    return {not_due.contact.email: not_due.why for not_due in found.not_due}


def test_contacts_with_something_outstanding_are_due_and_others_are_not(audit: Audit) -> None:
    found = chasing_list(audit, SLOT, working_calendar())
    assert [(chaser_due.contact.email, chaser_due.cases) for chaser_due in found.due] == [
        ("p@police.example", ("Child 1",))
    ]
    assert reasons(found) == {"h@nhs.example": "everything returned"}


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


def test_a_contact_who_has_left_or_has_no_request_is_not_due(
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


def test_a_contact_chased_today_is_not_due_again_today(audit: Audit) -> None:
    with transaction():
        chase_now(audit, actor="manager", now=MONDAY_MORNING)
    found = chasing_list(audit, date(2026, 11, 30), working_calendar(), by_hand=True)
    assert reasons(found)["p@police.example"] == "has a chaser of that day already"


def test_a_revoked_link_is_in_neither_list(audit: Audit, make: Maker, session: Session) -> None:
    make.grants(audit)[0].revoked_at = MONDAY_MORNING
    session.commit()
    found = chasing_list(audit, SLOT, working_calendar())
    assert found.due == ()
    assert list(reasons(found)) == ["h@nhs.example"]


def test_nothing_is_asked_of_a_contact_whose_delegated_request_was_withdrawn(
    audit: Audit, make: Maker, session: Session
) -> None:
    first, second = (
        audit_request for audit_request in make.requests(audit) if audit_request.agency.name == "Police"
    )
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
