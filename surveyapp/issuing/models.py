"""Grants, audit requests and delegations: what an agency is asked for, and whose link opens it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText
from surveyapp.planning.models import Audit, Case

# The kinds of email queued about a grant (promises M17). The chasing step words those of CHASING_MAIL.
CHASING_MAIL = ("chaser", "escalation")
# The involvement step words these, which go out before the issue.
CHECK_MAIL = ("involvement_check", "involvement_reminder")
MAIL_ABOUT_A_GRANT = ("request", "passed_on", *CHASING_MAIL, *CHECK_MAIL)


def due_day(audit_due_on: date | None, own: date | None) -> date | None:
    """The UK day by which a request is to be returned: the audit's, or a later one of its `own`.

    The later of the two holds, so that extending an audit shortens nobody's time.
    """
    return max((day for day in (audit_due_on, own) if day), default=None)


def is_overdue(due_on: date | None, *, now: datetime) -> bool:
    """Whether an outstanding request is overdue at `now`: from the day after it is due, UK time."""
    return due_on is not None and local_day(now) > due_on


class Grant(Base):
    """One contact's right to answer requests of one audit with one link."""

    __tablename__ = "survey_grant"
    __table_args__ = (UniqueConstraint("audit_id", "contact_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("survey_contact.id"), index=True)
    # Half of the link. The other half is derived from it, the version and a key outside the database.
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    issued_at: Mapped[datetime]
    # When a person first pressed Start. A visit by a mail scanner is not recorded.
    started_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    audit: Mapped[Audit] = relationship()
    contact: Mapped[Contact] = relationship()
    requests: Mapped[list["AuditRequest"]] = relationship(back_populates="grant", order_by="AuditRequest.id")

    def is_reached_at(self, address: str) -> bool:
        """Whether an email to this address still reaches who holds the grant, whose link is not revoked."""
        return self.revoked_at is None and self.contact.email == address


class AuditRequest(Base):
    """One agency is asked to audit its file on the child of one case."""

    __tablename__ = "survey_audit_request"
    __table_args__ = (
        UniqueConstraint("case_id", "agency_id"),
        Index("ix_survey_audit_request_audit", "audit_id", "withdrawn_at"),
        Index(
            "ix_survey_audit_request_due_later",
            "audit_id",
            "withdrawn_at",
            sqlite_where=text("due_on IS NOT NULL"),
            postgresql_where=text("due_on IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # In the addresses of the contact's pages.
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    # For reading out on the telephone: "7K4-Q2B".
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("survey_case.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("survey_agency.id"), index=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("survey_grant.id"), index=True)
    issued_at: Mapped[datetime]
    # A later day than the audit's, given when the agency asked for more time; None for the audit's own.
    due_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(EncryptedText)
    audit: Mapped[Audit] = relationship()
    case: Mapped[Case] = relationship()
    agency: Mapped[Agency] = relationship()
    grant: Mapped[Grant] = relationship(back_populates="requests")
    # The delegation under way, while a colleague has the request. There is at most one, because the grants
    # are locked before one begins or ends.
    open_delegation: Mapped["Delegation | None"] = relationship(
        primaryjoin=lambda: and_(AuditRequest.id == Delegation.request_id, Delegation.under_way()),
        viewonly=True,
        uselist=False,
    )

    @property
    def due_day(self) -> date | None:
        """The UK day by which this request is to be returned."""
        return due_day(self.audit.due_on, self.due_on)

    def is_asked_at(self, address: str) -> bool:
        """Whether whoever has this address is still asked for the return."""
        return self.withdrawn_at is None and self.grant.is_reached_at(address)

    @property
    def has_more_time(self) -> bool:
        """Whether this request has a later due day than its audit."""
        return self.due_day != self.audit.due_on


class Delegation(Base):
    """One request passed to a colleague, whose grant holds it and whose link opens it meanwhile."""

    __tablename__ = "survey_passed_on"
    __table_args__ = (
        CheckConstraint("finished_at IS NULL OR taken_back_at IS NULL", name="ends_once"),
        Index("ix_survey_passed_on_request", "request_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("survey_audit_request.id"))
    from_grant_id: Mapped[int] = mapped_column(ForeignKey("survey_grant.id"), index=True)
    to_grant_id: Mapped[int] = mapped_column(ForeignKey("survey_grant.id"), index=True)
    # Whether the colleague sends it back to be checked. Otherwise they return it themselves.
    sends_back: Mapped[bool]
    passed_at: Mapped[datetime]
    # When the colleague returned it, or sent it back.
    finished_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    # When staff found the colleague's address right, although it does not look like one of the agency's.
    address_checked_at: Mapped[datetime | None]
    audit_request: Mapped[AuditRequest] = relationship()
    from_grant: Mapped[Grant] = relationship(foreign_keys=[from_grant_id])
    to_grant: Mapped[Grant] = relationship(foreign_keys=[to_grant_id])

    @classmethod
    def under_way(cls) -> ColumnElement[bool]:
        """SQL condition: the colleague still has it."""
        return and_(cls.finished_at.is_(None), cls.taken_back_at.is_(None))

    @property
    def is_under_way(self) -> bool:
        """Whether the colleague still has it."""
        return self.finished_at is None and self.taken_back_at is None

    @property
    def passer(self) -> str:
        """The name of the contact who passed it on."""
        return self.from_grant.contact.name

    @property
    def colleague(self) -> str:
        """The name of the colleague to whom it was passed."""
        return self.to_grant.contact.name
