"""Leaving one contact out of a chaser, and the personal line of one."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.chasing.choice_operations import GetsNoChaser, leave_out, put_back, write_line
from surveyapp.chasing.emails import CHASER
from surveyapp.chasing.models import ChaserChoice
from surveyapp.chasing.operations import queue_due_chasers
from surveyapp.chasing.queries import chasing_list
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.errors import FieldRefused, NotFound
from surveyapp.foundation.mail.compose import render_email
from surveyapp.foundation.mail.outbox import mail_kinds
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.models import ClosedDay
from surveyapp.planning.models import Audit
from tests.chasing.conftest import SLOT, Queued
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker

SECOND_SLOT = date(2026, 12, 18)
LINE = "Thank you for ringing on Tuesday."


@pytest.fixture
def audit(make: Maker) -> Audit:
    """Two contacts with both cases outstanding."""
    return make.audit(cases=2, agencies=2)


def at(day: date) -> datetime:
    """Nine in the morning of a day in winter, UK time."""
    return MONDAY_MORNING + (day - MONDAY_MORNING.date())


def plan(day: date) -> int:
    with transaction():
        return queue_due_chasers(at(day))


def chased(outbox: Queued) -> list[int]:
    return [mail.subject_id for mail in outbox() if mail.kind == "chaser"]


def why(audit: Audit, on: date) -> list[str]:
    return [not_due.why for not_due in chasing_list(audit, on, working_calendar()).not_due]


def leave(audit: Audit, grant_id: int, on: date = SLOT) -> None:
    with transaction():
        leave_out(audit, grant_id, on=on, actor="manager", now=MONDAY_MORNING)


def write(audit: Audit, grant_id: int, text: str, *, on: date = SLOT, keep: bool = False) -> None:
    with transaction():
        write_line(audit, grant_id, text, keep=keep, on=on, actor="manager", now=MONDAY_MORNING)


def test_a_contact_left_out_gets_none_this_time_and_the_next_one_again(
    audit: Audit, make: Maker, outbox: Queued
) -> None:
    first, second = (grant.id for grant in make.grants(audit))
    leave(audit, first)
    assert why(audit, SLOT) == ["left out this time"]
    assert why(audit, SECOND_SLOT) == []
    plan(SLOT)
    assert chased(outbox) == [second]
    plan(SECOND_SLOT)
    assert chased(outbox) == [second, first, second]


def test_a_contact_who_is_put_back_is_chased(audit: Audit, make: Maker, outbox: Queued) -> None:
    first = make.grants(audit)[0].id
    leave(audit, first)
    with transaction():
        put_back(audit, first, on=SLOT, actor="manager", now=MONDAY_MORNING)
    plan(SLOT)
    assert first in chased(outbox)


def test_a_choice_moves_with_its_slot_and_holds_for_a_slot_caught_up_later(
    audit: Audit, make: Maker, outbox: Queued, session: Session
) -> None:
    first, second = (grant.id for grant in make.grants(audit))
    leave(audit, first)
    session.add(ClosedDay(day=SLOT, reason="Staff day"))
    session.commit()
    moved = SLOT - timedelta(days=1)
    assert why(audit, moved) == ["left out this time"]
    # No worker ran on that day; its slot is caught up on the next working day.
    plan(SLOT + timedelta(days=3))
    assert chased(outbox) == [second]


def test_a_personal_line_stands_first_in_one_email_and_is_sent_once(
    audit: Audit, make: Maker, outbox: Queued
) -> None:
    grant = make.grants(audit)[0]
    write(audit, grant.id, f"  {LINE}\r\nUntil then ")
    plan(SLOT)
    plan(SECOND_SLOT)
    texts = []
    for mail in outbox():
        if mail.subject_id == grant.id:
            email = mail_kinds()["chaser"].worded(mail.subject_id, mail.to_addr, key=mail.dedupe_key)
            assert email is not None
            texts.append(render_email(email))
    assert texts[0].text.startswith(f"Hello Lead 1,\n\n{LINE} Until then\n\nYou have 2 still to return")
    assert f"{LINE} Until then" in texts[0].html
    assert LINE not in texts[1].text
    without_key = CHASER.word(grant.id, grant.contact.email)
    assert without_key is not None
    assert LINE not in render_email(without_key).text


def test_a_line_is_plain_text(audit: Audit, make: Maker, outbox: Queued) -> None:
    grant = make.grants(audit)[0]
    write(audit, grant.id, "**Urgent** <b>now</b>")
    plan(SLOT)
    mail = next(mail for mail in outbox() if mail.subject_id == grant.id)
    email = mail_kinds()["chaser"].worded(grant.id, mail.to_addr, key=mail.dedupe_key)
    assert email is not None
    worded = render_email(email)
    assert "Urgent <b>now</b>\n" in worded.text
    assert "Urgent &lt;b&gt;now&lt;/b&gt;" in worded.html
    assert "<strong>Urgent" not in worded.html


def test_a_line_that_names_somebody_is_kept_only_when_that_is_said(
    audit: Audit, make: Maker, session: Session
) -> None:
    grant_id = make.grants(audit)[0].id
    with pytest.raises(FieldRefused, match="take out “Amir Khan”") as refused:
        write(audit, grant_id, "It was Amir Khan who asked")
    assert refused.value.field == "line"
    write(audit, grant_id, "It was Amir Khan who asked", keep=True)
    assert session.scalars(select(ChaserChoice.line)).all() == ["It was Amir Khan who asked"]
    write(audit, grant_id, "")
    assert session.scalars(select(ChaserChoice)).all() == []


def test_a_line_has_a_limit(audit: Audit, make: Maker) -> None:
    grant_id = make.grants(audit)[0].id
    write(audit, grant_id, "a" * 500)
    with pytest.raises(FieldRefused, match="use 500 characters or fewer"):
        write(audit, grant_id, "a" * 501)


def test_only_a_chaser_still_to_come_can_be_chosen_about(audit: Audit, make: Maker) -> None:
    first, second = (grant.id for grant in make.grants(audit))
    make.returned_all(make.requests(audit)[:1] + make.requests(audit)[1:2])
    with pytest.raises(GetsNoChaser, match="everything returned"):
        leave(audit, first)
    with pytest.raises(GetsNoChaser, match="no chaser is planned for that day"):
        leave(audit, second, SLOT - timedelta(days=1))
    with pytest.raises(GetsNoChaser, match="that day has passed"):
        leave(audit, second, date(2026, 11, 27))
    with pytest.raises(NotFound):
        leave(audit, 99)


def test_a_line_survives_being_left_out_and_put_back(audit: Audit, make: Maker, session: Session) -> None:
    grant_id = make.grants(audit)[0].id
    write(audit, grant_id, LINE)
    leave(audit, grant_id)
    with transaction():
        put_back(audit, grant_id, on=SLOT, actor="manager", now=MONDAY_MORNING)
    choice = session.scalars(select(ChaserChoice)).one()
    assert (choice.line, choice.left_out) == (LINE, False)
