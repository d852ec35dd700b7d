"""The slots that have been chased, so that each is chased once, and choices about one contact's chaser."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText


class ChasedSlot(Base):
    """A slot that has been chased, or skipped because dates moved or staff chose to.

    Identified by its distance in working days from the due day, since a closed day entered later changes the
    slot's day.
    """

    __tablename__ = "survey_chased_slot"
    __table_args__ = (UniqueConstraint("audit_id", "due_on", "working_days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    due_on: Mapped[date]
    working_days: Mapped[int]
    # The UK day for which it was planned, and when it was chased or skipped.
    day: Mapped[date]
    planned_at: Mapped[datetime]


class ChaserChoice(Base):
    """What staff chose for one contact's chaser in one slot: none this time, or a personal line in it."""

    __tablename__ = "survey_chaser_choice"
    __table_args__ = (
        UniqueConstraint("grant_id", "slot_key"),
        CheckConstraint("left_out OR line IS NOT NULL", name="says_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("survey_grant.id"))
    # One of the slot's own keys (`Slot.keys`), so that a closed day entered later moves the choice with it.
    slot_key: Mapped[str] = mapped_column(String(40))
    left_out: Mapped[bool] = mapped_column(default=False)
    line: Mapped[str | None] = mapped_column(EncryptedText)
    # The UK day of the chaser that carries the line; None until that chaser is queued.
    chased_on: Mapped[date | None]
    chosen_at: Mapped[datetime]
