"""Counts that end after a while and that all processes share, kept in PostgreSQL in commits of their own."""

from datetime import datetime, timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.dialects.postgresql import insert

from surveyapp.foundation.store.db import engine, session
from surveyapp.foundation.store.models import SharedCount


def add_to_count(digest: str, amount: int, *, lasts: timedelta, now: datetime) -> int:
    """Add to a count and return it; it begins again at `amount` once it has ended. `now` is UTC.

    It is committed at once, on a connection of its own: it counts whatever becomes of the try.
    """
    ends_at = now + lasts
    has_ended = SharedCount.ends_at <= now
    added = insert(SharedCount).values(digest=digest, count=amount, ends_at=ends_at)
    added = added.on_conflict_do_update(
        index_elements=["digest"],
        set_={
            "count": case((has_ended, amount), else_=SharedCount.count + amount),
            "ends_at": case((has_ended, ends_at), else_=SharedCount.ends_at),
        },
    )
    with engine().begin() as connection:
        return connection.execute(added.returning(SharedCount.count)).scalar_one()


def count_now(digest: str, *, now: datetime) -> int:
    """A count; 0 if there is none or it has ended. `now` is UTC."""
    chosen = select(SharedCount.count).where(SharedCount.digest == digest, SharedCount.ends_at > now)
    with engine().begin() as connection:
        return connection.execute(chosen).scalar_one_or_none() or 0


def forget_count(digest: str) -> None:
    """Have a count begin again."""
    with engine().begin() as connection:
        connection.execute(delete(SharedCount).where(SharedCount.digest == digest))


def delete_ended_counts(now: datetime) -> None:
    """Delete every count that has ended, in the current transaction. The worker runs it; `now` is UTC."""
    session.execute(delete(SharedCount).where(SharedCount.ends_at <= now))


def forget_counts() -> None:
    """Have every count begin again."""
    with engine().begin() as connection:
        connection.execute(delete(SharedCount))
