"""The calls that staff have noted, and what a contact promised in one."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText


@dataclass(frozen=True)
class Promise:
    """A contact said on the UK day `made_on` that all they have outstanding comes by the UK day `by`."""

    by: date
    made_on: date

    def pauses(self, on: date) -> bool:
        """Whether the contact is not chased on a UK day: up to and including the day promised."""
        return on <= self.by


class Call(Base):
    """One call with a contact about what they hold in one audit: what was said, by whom it was noted."""

    __tablename__ = "survey_call"
    __table_args__ = (Index("ix_survey_call_grant", "grant_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("survey_grant.id"))
    # Sent by the page, so that pressing twice notes one call.
    press_id: Mapped[str] = mapped_column(String(40), unique=True)
    said: Mapped[str] = mapped_column(EncryptedText)
    # The day by which the contact promised what they have outstanding; None if nothing was promised.
    promised_on: Mapped[date | None]
    noted_by: Mapped[str] = mapped_column(String(200))
    noted_at: Mapped[datetime]
    # When somebody took the note back, because it was a mistake; its promise holds no longer.
    taken_back_at: Mapped[datetime | None]
