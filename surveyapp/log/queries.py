"""Which events the log shows: narrowed by person, audit, request, kind and days, the latest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    UnaryExpression,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from surveyapp.agencies.models import Contact
from surveyapp.archive.event_log import is_about_audit
from surveyapp.foundation.clock import utc_moment
from surveyapp.foundation.store.db import UtcDateTime, session
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.former_names import names_today
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.log.event_kinds import ACCOUNTS, actions_of
from surveyapp.planning.models import Audit
from surveyapp.tracking.event_sentences import OTHER_ACTORS, is_about

EVENTS_ON_A_PAGE = 50


@dataclass(frozen=True)
class LogFilter:
    """Which events are wanted; None or an empty text leaves that open.

    `person` is a name or part of one; `kind` a group of kinds or an action; `since` and `until` are UK days,
    both included.
    """

    person: str = ""
    audit_id: int | None = None
    audit_request: AuditRequest | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def narrows(self) -> bool:
        """Whether it leaves out any event."""
        return self != LogFilter()


@dataclass(frozen=True)
class LogPage:
    """One page of events, the latest first; how many there are on all pages, and whether more are earlier."""

    events: tuple[Event, ...]
    total: int
    has_earlier: bool


def log_page(wanted: LogFilter, people: Sequence[str], *, with_accounts: bool, before: int = 0) -> LogPage:
    """One page of the events that are wanted: those before the event of this id, or the latest.

    `people` are the names that events keep for staff; `with_accounts` adds signing in and accounts.
    Takes four statements at most, whatever the number of events.
    """
    matches = _matches(wanted, people, with_accounts=with_accounts)
    total = session.scalar(select(func.count()).select_from(Event).where(*matches)) or 0
    last = session.get(Event, before) if before else None
    if last is not None:
        matches.append(_is_before(last))
    latest = select(Event).where(*matches).order_by(*_latest_first())
    events = session.scalars(latest.limit(EVENTS_ON_A_PAGE + 1)).all()
    return LogPage(tuple(events[:EVENTS_ON_A_PAGE]), total, len(events) > EVENTS_ON_A_PAGE)


def events_in_parts(
    wanted: LogFilter, people: Sequence[str], *, with_accounts: bool, at_a_time: int
) -> Iterator[Sequence[Event]]:
    """Every event that is wanted, the latest first, in parts of `at_a_time`, one statement for each."""
    matches, latest_first = _matches(wanted, people, with_accounts=with_accounts), _latest_first()
    events = session.scalars(select(Event).where(*matches).order_by(*latest_first).limit(at_a_time)).all()
    while events:
        yield events
        earlier = select(Event).where(*matches, _is_before(events[-1])).order_by(*latest_first)
        events = session.scalars(earlier.limit(at_a_time)).all()


def _latest_first() -> tuple[UnaryExpression[Any], ...]:
    return Event.at.desc(), Event.id.desc()


def _is_before(event: Event) -> ColumnElement[bool]:
    return tuple_(Event.at, Event.id) < tuple_(literal(event.at, UtcDateTime()), literal(event.id))


def people_in_log() -> list[str]:
    """Every name under which staff or the program acted, as events keep it. One statement, on an index."""
    names = select(Event.actor).where(Event.actor.not_like("grant %")).distinct().order_by(Event.actor)
    return list(session.scalars(names))


def audits_by_title() -> list[tuple[int, str]]:
    """Every audit, latest first: the choices of the page."""
    rows = session.execute(select(Audit.id, Audit.title).order_by(Audit.id.desc()))
    return [(row[0], row[1]) for row in rows]


def _matches(wanted: LogFilter, people: Sequence[str], *, with_accounts: bool) -> list[ColumnElement[bool]]:
    matches: list[ColumnElement[bool]] = []
    if not with_accounts:
        matches.append(Event.action.not_in(ACCOUNTS.kinds) & Event.object.not_like("staff %"))
    if wanted.kind:
        matches.append(Event.action.in_(actions_of(wanted.kind)))
    if wanted.since is not None:
        matches.append(Event.at >= utc_moment(wanted.since, time.min))
    if wanted.until is not None:
        matches.append(Event.at < utc_moment(wanted.until + timedelta(days=1), time.min))
    if wanted.person:
        matches.append(_is_by(wanted.person, people, with_accounts=with_accounts))
    if wanted.audit_id is not None:
        matches.append(is_about_audit(wanted.audit_id))
    if wanted.audit_request is not None:
        matches.append(is_about(wanted.audit_request))
    return matches


def _is_by(name: str, people: Sequence[str], *, with_accounts: bool) -> ColumnElement[bool]:
    """Of rows of Event, those by people whose name, today or then, has this text in it, and about accounts.

    Names of staff are compared here, since SQLite knows capitals of ASCII only.
    """
    wanted = name.casefold()
    today = {actor: OTHER_ACTORS.get(actor, known) for actor, known in names_today(people).items()}
    # Whoever finds somebody by an earlier name finds what they have done since as well.
    found = {
        known for actor, known in today.items() if wanted in actor.casefold() or wanted in known.casefold()
    }
    actors = [actor for actor, known in today.items() if known in found]
    grants = (
        select(literal("grant ") + cast(Grant.id, String))
        .join(Contact, Contact.id == Grant.contact_id)
        .where(Contact.name.icontains(name, autoescape=True))
    )
    acted = or_(Event.actor.in_(actors), Event.actor.in_(grants))
    if not with_accounts:
        return acted
    accounts = {actor for actor in actors if actor not in OTHER_ACTORS} | {name}
    named = or_(*(Event.detail.icontains(account, autoescape=True) for account in sorted(accounts)))
    return or_(acted, and_(Event.action.in_(ACCOUNTS.kinds), named))
