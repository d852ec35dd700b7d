"""What came back about our emails, and the state of the mailbox in which it is looked for."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText
from surveyapp.foundation.store.models import Outbox


class Bounce(Base):
    """A report that one of our emails was not delivered, or an automatic reply to it.

    A report can be forged by whoever has read the email, so it is only a mark: nothing stops because of it
    until a person has settled it. One email has at most one of each kind.
    """

    __tablename__ = "survey_bounce"
    __table_args__ = (
        CheckConstraint("kind IN ('bounce','away')", name="kind"),
        CheckConstraint("settled_as IN ('','not_delivered','arrived')", name="settled_as"),
        UniqueConstraint("mail_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("survey_outbox.id"))
    kind: Mapped[str] = mapped_column(String(10))
    # The status of the report, such as 5.1.1; empty for an automatic reply.
    status: Mapped[str] = mapped_column(String(20), default="")
    # What the report or the reply says, shortened: it may name people.
    said: Mapped[str] = mapped_column(EncryptedText)
    read_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_as: Mapped[str] = mapped_column(String(20), default="")
    mail: Mapped[Outbox] = relationship()


class BounceMailbox(Base):
    """A single row: how far the mailbox has been read, which worker reads it, and why it waits."""

    __tablename__ = "survey_bounce_mailbox"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lease_owner: Mapped[str] = mapped_column(String(40), default="")
    lease_until: Mapped[datetime | None]
    # The messages of a mailbox are numbered upwards, until its server gives it another validity.
    validity: Mapped[int] = mapped_column(BigInteger, default=0)
    last_number: Mapped[int] = mapped_column(BigInteger, default=0)
    read_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    paused_until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
