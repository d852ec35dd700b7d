"""The slots that have been chased, so that each is chased once."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base


class ChasedSlot(Base):
    """A slot that has been chased, or skipped because dates moved.

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
