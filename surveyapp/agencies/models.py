"""Agencies, and the contacts who answer for them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.foundation.store.db import Base

# The roles that staff choose from when they add a contact.
CONTACT_ROLES = {"lead": "Agency audit lead", "deputy": "Deputy", "escalation": "Escalation contact"}
# A colleague is added by a contact who passes a case on, and answers for that case only.
ALL_CONTACT_ROLES = {**CONTACT_ROLES, "colleague": "Colleague, for cases passed to them"}


class HasRole(Protocol):
    """A person with a role at an agency: a stored contact, or one that a file would store."""

    @property
    def role(self) -> str:
        """The role, one of ALL_CONTACT_ROLES."""


Person = TypeVar("Person", bound=HasRole)


def person_to_ask(people: Iterable[Person]) -> Person | None:
    """Who is asked, of the people who have not left, oldest first: the first lead, else the first deputy."""
    return _first_with_role(people, "lead", "deputy")


def person_to_copy(people: Iterable[Person]) -> Person | None:
    """Who gets a copy on escalation, of the people who have not left, oldest first."""
    return _first_with_role(people, "escalation")


def _first_with_role(people: Iterable[Person], *roles: str) -> Person | None:
    candidates = [person for person in people if person.role in roles]
    return min(candidates, key=lambda person: roles.index(person.role), default=None)


class Agency(Base):
    """An organisation that may be involved in cases."""

    __tablename__ = "survey_agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    # When staff took the agency off the directory's list and out of new grids.
    set_aside_at: Mapped[datetime | None]
    contacts: Mapped[list["Contact"]] = relationship(back_populates="agency", order_by="Contact.id")

    @property
    def answering_contact(self) -> "Contact | None":
        """The contact who answers for this agency, by `person_to_ask`; None if it has none."""
        return person_to_ask(contact for contact in self.contacts if contact.left_at is None)

    @property
    def escalation_contact(self) -> "Contact | None":
        """The contact who gets a copy when an audit escalates; None if the agency has none."""
        return person_to_copy(contact for contact in self.contacts if contact.left_at is None)


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
