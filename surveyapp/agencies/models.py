"""Agencies, and the contacts who answer for them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.foundation.store.db import Base

# The kinds of agency that the sources name (R2014 2.1.9; stories C2, C3), in the order of a grid.
AGENCY_KINDS = {
    "social_care": "Children’s social care",
    "health": "Health",
    "gp": "GP practice",
    "police": "Police",
    "school": "School or education",
    "early_help": "Early help",
    "nursery": "Nursery",
    "voluntary": "Voluntary sector",
    "youth": "Youth justice",
    "other": "Other",
}

# What staff choose from when they add a contact.
CONTACT_ROLES = {"lead": "Agency audit lead", "deputy": "Deputy", "escalation": "Escalation contact"}
# A colleague is added by a contact who passes a case to them, and is asked for that case alone.
ALL_CONTACT_ROLES = {**CONTACT_ROLES, "colleague": "Colleague, for cases passed to them"}


class Agency(Base):
    """An organisation that may have known a child."""

    __tablename__ = "survey_agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    contacts: Mapped[list["Contact"]] = relationship(back_populates="agency", order_by="Contact.id")

    @property
    def answering_contact(self) -> "Contact | None":
        """Who is asked for this agency: its audit lead, or its deputy where there is no lead."""
        here = [contact for contact in self.contacts if contact.left_at is None]
        by_role = {role: [contact for contact in here if contact.role == role] for role in ("lead", "deputy")}
        return next(iter(by_role["lead"] + by_role["deputy"]), None)

    @property
    def escalation_contact(self) -> "Contact | None":
        """Who gets a copy when an audit escalates, where the agency named someone."""
        return next(
            (each for each in self.contacts if each.role == "escalation" and each.left_at is None), None
        )


class Contact(Base):
    """The person at an agency who answers; no account, only an address."""

    __tablename__ = "survey_contact"
    __table_args__ = (
        UniqueConstraint("agency_id", "email"),
        CheckConstraint("role IN ('lead','deputy','escalation','colleague')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("survey_agency.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    telephone: Mapped[str] = mapped_column(String(40), default="")
    role: Mapped[str] = mapped_column(String(20), default="lead")
    left_at: Mapped[datetime | None]
    agency: Mapped[Agency] = relationship(back_populates="contacts")
