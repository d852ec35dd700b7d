"""What an agency is asked for, and the right to answer it that one link carries."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText
from surveyapp.planning.models import Audit, Case

# What is queued about a grant and goes to its contact or their agency (promises M17); chasing words its own.
CHASING_MAIL = ("chaser", "escalation")
MAIL_ABOUT_A_GRANT = ("request", "passed_on", *CHASING_MAIL)


def due_day(audit_due_on: date | None, own: date | None) -> date | None:
    """The UK day by which one request is to be returned: the audit's, or a later one that it was given.

    The later of the two holds, so that extending an audit takes time from nobody.
    """
    return max((each for each in (audit_due_on, own) if each), default=None)


def is_overdue(due_on: date | None, *, now: datetime) -> bool:
    """Whether what is outstanding is late at `now`: from the day after the day it is due, UK time."""
    return due_on is not None and local_day(now) > due_on


class Grant(Base):
    """One contact's right to answer requests of one audit, carried by one link."""

    __tablename__ = "survey_grant"
    __table_args__ = (UniqueConstraint("audit_id", "contact_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("survey_contact.id"), index=True)
    # Half of the link; the other half is derived from it, the version and a key that is not here.
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    issued_at: Mapped[datetime]
    # When a person first pressed Start; a scanner's visit is never noted.
    started_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    audit: Mapped[Audit] = relationship()
    contact: Mapped[Contact] = relationship()
    requests: Mapped[list["AuditRequest"]] = relationship(back_populates="grant", order_by="AuditRequest.id")


class AuditRequest(Base):
    """One case and one agency: the agency is asked to audit its file on that child."""

    __tablename__ = "survey_audit_request"
    __table_args__ = (
        UniqueConstraint("case_id", "agency_id"),
        Index("ix_survey_audit_request_audit", "audit_id", "withdrawn_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Stands in the addresses of a contact's pages.
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    # What a person reads out on the telephone: "7K4-Q2B".
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("survey_case.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("survey_agency.id"), index=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("survey_grant.id"), index=True)
    issued_at: Mapped[datetime]
    # A later day than the audit's, given because the agency asked for time; None: the audit's.
    due_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(EncryptedText)
    audit: Mapped[Audit] = relationship()
    case: Mapped[Case] = relationship()
    agency: Mapped[Agency] = relationship()
    grant: Mapped[Grant] = relationship(back_populates="requests")
    # The pass under way, while a colleague has it. Grants are locked before one begins or ends, so there is
    # one at most.
    open_delegation: Mapped["Delegation | None"] = relationship(
        primaryjoin=lambda: and_(AuditRequest.id == Delegation.request_id, Delegation.under_way()),
        viewonly=True,
        uselist=False,
    )

    @property
    def due_day(self) -> date | None:
        """The day by which this request is to be returned, whoever asks."""
        return due_day(self.audit.due_on, self.due_on)

    @property
    def has_more_time(self) -> bool:
        """Whether it was given a later day than the rest of its audit."""
        return self.due_day != self.audit.due_on


class Delegation(Base):
    """One request handed to a colleague: while it is theirs, their grant holds it and their link opens it."""

    __tablename__ = "survey_passed_on"
    __table_args__ = (
        CheckConstraint("finished_at IS NULL OR taken_back_at IS NULL", name="ends_once"),
        Index("ix_survey_passed_on_request", "request_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("survey_audit_request.id"))
    from_grant_id: Mapped[int] = mapped_column(ForeignKey("survey_grant.id"), index=True)
    to_grant_id: Mapped[int] = mapped_column(ForeignKey("survey_grant.id"), index=True)
    # Whether the colleague sends it back to be checked; otherwise they return it themselves.
    sends_back: Mapped[bool]
    passed_at: Mapped[datetime]
    # When the colleague returned it, or sent it back.
    finished_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    audit_request: Mapped[AuditRequest] = relationship()
    from_grant: Mapped[Grant] = relationship(foreign_keys=[from_grant_id])
    to_grant: Mapped[Grant] = relationship(foreign_keys=[to_grant_id])

    @classmethod
    def under_way(cls) -> ColumnElement[bool]:
        """Whether the colleague has it still, in SQL."""
        return and_(cls.finished_at.is_(None), cls.taken_back_at.is_(None))

    @property
    def is_under_way(self) -> bool:
        """Whether the colleague has it still."""
        return self.finished_at is None and self.taken_back_at is None

    @property
    def passer(self) -> str:
        """The name of the contact who passed it on."""
        return self.from_grant.contact.name

    @property
    def colleague(self) -> str:
        """The name of the colleague to whom it was passed."""
        return self.to_grant.contact.name
