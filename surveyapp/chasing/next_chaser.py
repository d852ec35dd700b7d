"""The next day on which chasers are sent, and to how many contacts: the one count of every page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from surveyapp.chasing.chasing_list import ChasingList, ChasingState, list_for_day
from surveyapp.chasing.queries import chasing_state, turns_used
from surveyapp.foundation.calendar.working_days import WorkingCalendar
from surveyapp.planning.chaser_days import next_chaser_day, sending_begins_at
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class NextChaser:
    """The next UK day on which chasers of an audit are sent, and how many contacts would get one."""

    day: date
    contacts: int


def next_chaser(audit: Audit, days: WorkingCalendar, *, now: datetime) -> NextChaser | None:
    """The next chaser of an audit as things stand; None if nothing is outstanding or none is planned.

    `now` is UTC.
    """
    return next_chaser_in(chasing_state(audit, days), now=now)


def next_chaser_in(state: ChasingState, *, now: datetime) -> NextChaser | None:
    """The next chaser by a state that has been read; see `next_chaser`."""
    outstanding = [request for requests in state.outstanding.values() for request in requests]
    if not outstanding:
        return None
    day = next_chaser_day(
        state.audit,
        state.days,
        now=now,
        used=state.turns_used,
        due_days={request.due_on for request in outstanding if request.due_on is not None},
    )
    return NextChaser(day, len(list_for_day(state, day).due)) if day else None


@dataclass(frozen=True)
class NextToSame:
    """The chaser of the next working day, where it goes to contacts who are chased today too."""

    day: date
    same: int
    today: int

    @property
    def words(self) -> str:
        """To whom it goes, after “and goes to”."""
        if self.same == self.today:
            return "the same contact" if self.same == 1 else f"the same {self.same:,} contacts"
        return f"{self.same:,} of the {self.today:,} contacts below"


def next_to_same(state: ChasingState, today: ChasingList, *, now: datetime) -> NextToSame | None:
    """The chaser planned for the next working day, if it goes to any who are chased on the day of `today`.

    None if there is none. `now` is UTC.
    """
    following = state.days.next_working_day(today.slot.day)
    if not any(slot.day == following for slot in state.slots) or sending_begins_at(following) <= now:
        return None
    chased = {chaser_due.grant.id for chaser_due in today.due}
    same = chased & {chaser_due.grant.id for chaser_due in list_for_day(state, following).due}
    return NextToSame(following, len(same), len(chased)) if same else None


def next_chaser_days(
    audits: Sequence[Audit],
    due_days: Mapping[int, Collection[date]],
    days: WorkingCalendar,
    *,
    now: datetime,
) -> dict[int, date | None]:
    """The day of the next chaser of several audits by audit id, in one statement.

    `due_days`: the due days of the outstanding requests of each audit; without any there is no next chaser.
    """
    used = turns_used(audits)
    return {
        audit.id: next_chaser_day(audit, days, now=now, used=used[audit.id], due_days=due_days[audit.id])
        if due_days[audit.id]
        else None
        for audit in audits
    }
