"""Which slots have had their turn, so that each has one, whoever asks and however often."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base


class ChasedSlot(Base):
    """A slot that was chased, or let go because the dates had moved; by its place from the due date.

    A closed day entered later moves the day of a slot: its place tells that it has had its turn.
    """

    __tablename__ = "survey_chased_slot"
    __table_args__ = (UniqueConstraint("audit_id", "due_on", "working_days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    due_on: Mapped[date]
    working_days: Mapped[int]
    # The day it was planned for, and when its turn came.
    day: Mapped[date]
    planned_at: Mapped[datetime]
