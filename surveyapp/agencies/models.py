"""Agencies, and the contacts who answer for them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.foundation.store.db import Base

# The kinds of agency in the sources (R2014 2.1.9; stories C2, C3), in the order of the tracking grid.
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

# The roles that staff choose from when they add a contact.
CONTACT_ROLES = {"lead": "Agency audit lead", "deputy": "Deputy", "escalation": "Escalation contact"}
# A colleague is added by a contact who passes a case on, and answers for that case only.
ALL_CONTACT_ROLES = {**CONTACT_ROLES, "colleague": "Colleague, for cases passed to them"}


class Agency(Base):
    """An organisation that may be involved in cases."""

    __tablename__ = "survey_agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    contacts: Mapped[list["Contact"]] = relationship(back_populates="agency", order_by="Contact.id")

    @property
    def answering_contact(self) -> "Contact | None":
        """The contact who answers for this agency: its audit lead, else its deputy, else None."""
        current_contacts = [contact for contact in self.contacts if contact.left_at is None]
        leads = [contact for contact in current_contacts if contact.role == "lead"]
        deputies = [contact for contact in current_contacts if contact.role == "deputy"]
        return next(iter(leads + deputies), None)

    @property
    def escalation_contact(self) -> "Contact | None":
        """The contact who gets a copy when an audit escalates; None if the agency has none."""
        escalation_contacts = (
            contact for contact in self.contacts if contact.role == "escalation" and contact.left_at is None
        )
        return next(escalation_contacts, None)


class Contact(Base):
    """A person at an agency who answers; they have an email address and no account."""

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
    # Of a colleague who never opened a link and was removed: no list shows them, and they have left. Passing
    # a case to the same address brings them back.
    removed_at: Mapped[datetime | None]
    agency: Mapped[Agency] = relationship(back_populates="contacts")
