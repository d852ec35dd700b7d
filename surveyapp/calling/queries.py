"""Queries for calls: those with each contact, and the promises that pause their chasers."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import Select, Subquery, func, select

from surveyapp.calling.models import Call, Promise
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import Grant
from surveyapp.planning.models import Audit


def promises_in(audit: Audit) -> dict[int, Promise]:
    """The last promise of each contact of an audit, by grant id. A later call without a day leaves it."""
    calls = _promises().join(Grant, Grant.id == Call.grant_id).where(Grant.audit_id == audit.id)
    # Of several calls with one contact, the last stays in the dictionary.
    return {
        grant_id: Promise(promised_on, made_on=local_day(noted_at))
        for grant_id, promised_on, noted_at in session.execute(calls.order_by(Call.id))
    }


def promise_of(grant: Grant) -> Promise | None:
    """The last promise of one contact in one audit; None if they have promised nothing."""
    calls = _promises().where(Call.grant_id == grant.id).order_by(Call.id.desc()).limit(1)
    row = session.execute(calls).one_or_none()
    return Promise(row[1], made_on=local_day(row[2])) if row else None


def last_promises() -> Subquery:
    """Subquery: the last promise of each contact: `grant_id`, `promised_on` and `noted_at`."""
    newest = select(func.max(Call.id)).where(Call.promised_on.is_not(None), Call.taken_back_at.is_(None))
    columns = select(Call.grant_id, Call.promised_on, Call.noted_at)
    return columns.where(Call.id.in_(newest.group_by(Call.grant_id))).subquery("promised")


def last_calls_in(audit: Audit) -> dict[int, Call]:
    """The last call with each contact of an audit that was not taken back, by grant id."""
    newest = select(func.max(Call.id)).where(Call.taken_back_at.is_(None)).group_by(Call.grant_id)
    calls = select(Call).join(Grant, Grant.id == Call.grant_id)
    rows = session.scalars(calls.where(Grant.audit_id == audit.id, Call.id.in_(newest)))
    return {call.grant_id: call for call in rows}


def _promises() -> Select[Any]:
    """Select the grant, the day promised and the time of each promise, but for notes that were taken back."""
    calls: Any = select(Call.grant_id, Call.promised_on, Call.noted_at)
    return cast("Select[Any]", calls.where(Call.promised_on.is_not(None), Call.taken_back_at.is_(None)))


def calls_by_grant(grant_ids: Collection[int]) -> dict[int, list[Call]]:
    """The calls noted about these grants and not taken back, by grant id, the latest first."""
    calls = select(Call).where(Call.grant_id.in_(grant_ids), Call.taken_back_at.is_(None))
    by_grant: defaultdict[int, list[Call]] = defaultdict(list)
    for call in session.scalars(calls.order_by(Call.id.desc())):
        by_grant[call.grant_id].append(call)
    return dict(by_grant)


def call_of(grant: Grant, call_id: int) -> Call:
    """One call about a grant. Raises NotFound if there is none."""
    call = session.scalar(select(Call).where(Call.id == call_id, Call.grant_id == grant.id))
    if call is None:
        raise NotFound
    return call
