"""Tables that every step uses: the outbox, the worker's state, closed days and finished browsers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base

# Every state of an email, with its words on pages and in commands.
MAIL_STATE_WORDS = {
    "queued": "Waiting to be sent",
    "sending": "Being sent",
    "sent": "Sent",
    "failed": "Not delivered",
    "doubtful": "Not certain",
    "cancelled": "Cancelled",
    "expired": "Not sent in time",
}
MAIL_STATES = tuple(MAIL_STATE_WORDS)


class Outbox(Base):
    """One email to one address: its kind, its subject's id and its state; never its words or its link."""

    __tablename__ = "survey_outbox"
    __table_args__ = (
        CheckConstraint(
            "state IN ('queued','sending','sent','failed','doubtful','cancelled','expired')", name="state"
        ),
        CheckConstraint("on_doubt IN ('hold','resend')", name="on_doubt"),
        Index("ix_survey_outbox_due", "state", "not_before"),
        Index("ix_survey_outbox_subject", "kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    to_addr: Mapped[str] = mapped_column(String(254))
    # Who caused it, such as "grant 12"; empty for staff and the worker. The emails of one source take turns
    # with those of the others.
    source: Mapped[str] = mapped_column(String(40), default="")
    # When a worker last began to send it.
    claimed_at: Mapped[datetime | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(20), default="queued")
    on_doubt: Mapped[str] = mapped_column(String(10))
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    date_header: Mapped[str] = mapped_column(String(60))
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str] = mapped_column(String(40), default="")
    lease_until: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None] = mapped_column(index=True)
    last_code: Mapped[int | None]
    last_text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    @property
    def at(self) -> datetime:
        """When the email reached its present state: when it was handed over, finished or queued."""
        return self.handed_over_at or self.finished_at or self.created_at


class Switches(Base):
    """A single row that holds the state shared by all workers."""

    __tablename__ = "survey_switches"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    last_tick_at: Mapped[datetime | None]
    tick_owner: Mapped[str] = mapped_column(String(40), default="")
    tick_until: Mapped[datetime | None]
    mail_paused_until: Mapped[datetime | None]
    # A pause that only a person ends: a refused password, the stop button.
    mail_held: Mapped[bool] = mapped_column(default=False)
    mail_reason: Mapped[str] = mapped_column(String(500), default="")
    mail_failing_since: Mapped[datetime | None]
    mail_failures: Mapped[int] = mapped_column(default=0)
    # When the backup was made (UTC) from which this database was restored, until a person confirms that mail,
    # chasing and closing may go on; otherwise None.
    restored_backup_at: Mapped[datetime | None]


class ClosedDay(Base):
    """A day without chasers, besides weekends and bank holidays."""

    __tablename__ = "survey_closed_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(200), default="")


class FinishedBrowser(Base):
    """A browser in which a contact has pressed “Finish on this computer”: its cookie opens nothing."""

    __tablename__ = "survey_finished_browser"
    __table_args__ = (Index("ix_survey_finished_browser_at", "finished_at"),)

    # The random id in the cookie, and in every copy of it.
    browser_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    finished_at: Mapped[datetime]


class SharedCount(Base):
    """A count that all processes share until it ends, such as of tries to sign in from one network address.

    Only a keyed digest says what is counted, so that the table holds neither addresses nor names.
    """

    __tablename__ = "survey_shared_count"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)
