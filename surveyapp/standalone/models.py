"""Accounts of staff who sign in to the standalone app."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base


class Staff(Base):
    """One member of staff: name, email address, password hash and role.

    Events and pages show the name, which is therefore nobody else’s: `name_key` says what the same name is.
    """

    __tablename__ = "survey_staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20), default="business_manager")
    # Increases when the password changes or the person signs out, which ends every earlier session.
    session_epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    # Read by Flask-Login.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """The id stored in the cookie: the account's id and its session epoch."""
        return f"{self.id}:{self.session_epoch}"
