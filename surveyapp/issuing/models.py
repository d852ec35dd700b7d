"""What an agency is asked for, and the right to answer it that one link carries."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.crypto import EncryptedText
from surveyapp.foundation.db import Base
from surveyapp.planning.models import Audit, Case

# What is queued about a grant and goes to its contact or their agency (PROMISES M17); chasing words its own.
CHASING_MAIL = ("chaser", "escalation")
MAIL_ABOUT_A_GRANT = ("request", *CHASING_MAIL)


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
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(EncryptedText)
    audit: Mapped[Audit] = relationship()
    case: Mapped[Case] = relationship()
    agency: Mapped[Agency] = relationship()
    grant: Mapped[Grant] = relationship(back_populates="requests")
