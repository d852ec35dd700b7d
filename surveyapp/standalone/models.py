"""The accounts of the people of the partnership who sign in to the standalone app."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base

STAFF_ROLES = ("business_manager", "audit_lead", "executive", "administrator")


class Staff(Base):
    """One person of the partnership: address, hashed password, role."""

    __tablename__ = "survey_staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20), default="business_manager")
    # Goes up when the password changes: sessions that began before end at once.
    session_epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    # What Flask-Login asks of whoever is signed in.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the cookie keeps of this person: the account, and how often its password had changed."""
        return f"{self.id}:{self.session_epoch}"
