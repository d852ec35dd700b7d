"""Queries for what came back: the marks that wait for a person, and those of single emails."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import contains_eager

from surveyapp.foundation.bounces.models import Bounce
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import Outbox

MOST_SHOWN = 50


def _waits() -> ColumnElement[bool]:
    """SQL condition: a report of non-delivery that nobody has settled, of an email that counts as sent."""
    is_sent = Outbox.state.in_(("sent", "doubtful"))
    return and_(Bounce.kind == "bounce", Bounce.settled_at.is_(None), is_sent)


def count_unsettled() -> Select[int]:
    """A query for how many reports of non-delivery wait for a person."""
    return select(func.count()).select_from(Bounce).join(Bounce.mail).where(_waits())


def unsettled_bounces() -> list[Bounce]:
    """The reports that wait for a person, the latest first, at most MOST_SHOWN."""
    waiting = select(Bounce).join(Bounce.mail).options(contains_eager(Bounce.mail)).where(_waits())
    return list(session.scalars(waiting.order_by(Bounce.id.desc()).limit(MOST_SHOWN)))


def bounces_of(mail_ids: Collection[int]) -> dict[int, list[Bounce]]:
    """What came back about these emails, by email, oldest first."""
    found: dict[int, list[Bounce]] = {}
    if mail_ids:
        marks = select(Bounce).where(Bounce.mail_id.in_(mail_ids)).order_by(Bounce.id)
        for bounce in session.scalars(marks):
            found.setdefault(bounce.mail_id, []).append(bounce)
    return found
