"""The days of an audit on a page, and at a private address for calendar programs."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.chasing.operations import skip_slot
from surveyapp.concluding.models import Action, Conclusion
from surveyapp.diary.models import CalendarFeed
from surveyapp.diary.queries import audits_with_days, diary_days
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.store.db import transaction
from surveyapp.gathering.models import Workshop
from tests.chasing.conftest import SLOT
from tests.conftest import MONDAY_MORNING
from tests.page_client import PageClient
from tests.row_maker import Maker

RE_AUDIT = date(2027, 11, 1)
REVIEW = date(2027, 4, 12)
Queries = Callable[[int], AbstractContextManager[list[str]]]


def with_all_days(make: Maker, session: Session) -> int:
    """The id of an audit on which every kind of day falls."""
    agency = make.agency("Police", contact="secret.person@police.example")
    audit = make.audit(cases=1, agencies=[agency], title="Neglect, winter")
    session.add_all(
        [
            Workshop(audit_id=audit.id, held_on=date(2027, 2, 10), title="Secret workshop"),
            Action(
                audit_id=audit.id, what="Secret", measure="Secret", owner="Secret", due_on=date(2027, 3, 1)
            ),
            Conclusion(audit_id=audit.id, review_on=REVIEW, re_audit_on=RE_AUDIT),
        ]
    )
    session.commit()
    return audit.id


def address_in(page: str) -> str:
    found = re.search(r"https?://[^<\s]+(/calendar/[a-z2-7]{50})", page)
    assert found is not None
    return found[1]


def test_the_page_shows_every_day_of_an_audit(client: PageClient, make: Maker, session: Session) -> None:
    audit_id = with_all_days(make, session)
    page = " ".join(re.sub(r"<[^>]+>", " ", client.get(f"/audits/{audit_id}/calendar").text).split())
    for words in (
        "Monday 30 November 2026 Requests were issued",
        "Friday 11 December 2026 Chasers are sent",
        "Friday 18 December 2026 Returns are due",
        "Friday 15 January 2027 Returns close",
        "Wednesday 10 February 2027 Workshop",
        "Monday 1 March 2027 An action is due",
        "Monday 12 April 2027 The action plan is reviewed",
        "Monday 1 November 2027 The next audit of this theme",
    ):
        assert words in page


def test_a_calendar_program_reads_the_days_and_nothing_about_people(
    client: PageClient, stranger: PageClient, make: Maker, session: Session
) -> None:
    audit_id = with_all_days(make, session)
    page = client.follow(client.post(f"/audits/{audit_id}/calendar/address")).text
    answer = stranger.get(address_in(page))
    assert answer.content_type == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    summaries = {str(event["SUMMARY"]): event.decoded("DTSTART") for event in events}
    assert summaries["Returns are due: Neglect, winter"] == date(2026, 12, 18)
    assert summaries["The next audit of this theme: Neglect, winter"] == RE_AUDIT
    assert len({str(event["UID"]) for event in events}) == len(events)
    for words in ("Secret", "secret", "Child 1", "Lead", "Police"):
        assert words not in answer.text


def test_a_withdrawn_address_is_not_found_and_a_new_one_is_another(
    client: PageClient, stranger: PageClient, make: Maker, session: Session
) -> None:
    audit_id = make.audit(cases=1, agencies=1).id
    path = f"/audits/{audit_id}/calendar"
    first = address_in(client.follow(client.post(f"{path}/address")).text)
    assert address_in(client.follow(client.post(f"{path}/address")).text) == first
    client.follow(client.post(f"{path}/withdraw"))
    stranger.get(first, status=404)
    second = address_in(client.follow(client.post(f"{path}/address")).text)
    assert second != first
    stranger.get(second)
    for wrong in (f"{second[:-1]}x", second[:-1], "/calendar/x", f"/calendar/{'a' * 50}", f"{second}/more"):
        stranger.get(wrong, status=404)
    feeds = session.scalars(select(CalendarFeed)).all()
    assert all(feed.public_id in second or feed.revoked_at for feed in feeds)


def test_an_event_keeps_its_identity_when_its_day_moves(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)

    def due() -> tuple[str, date]:
        entries = diary_days(audits_with_days(), working_calendar())
        return next((entry.key, entry.day) for entry in entries if entry.short == "due")

    key, day = due()
    audit.due_on = date(2026, 12, 21)
    session.commit()
    assert due() == (key, date(2026, 12, 21))
    assert day == date(2026, 12, 18)


def test_a_skipped_chaser_is_not_in_the_calendar(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    with transaction():
        skip_slot(audit, SLOT, actor="manager", now=MONDAY_MORNING)
    days = [entry.day for entry in diary_days([audit], working_calendar()) if entry.short == "chaser"]
    assert days
    assert SLOT not in days


def test_the_days_of_many_audits_take_five_statements(make: Maker, queries: Queries) -> None:
    audits = [make.audit(cases=1, agencies=1) for _ in range(4)]
    for audit in audits:
        assert audit.due_on
    days = working_calendar()
    with queries(5):
        diary_days(audits, days)
