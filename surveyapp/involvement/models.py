"""The agencies that were asked which children they knew, each through the link of one contact."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.agencies.models import Agency
from surveyapp.foundation.store.db import Base
from surveyapp.issuing.models import Grant


class CheckedAgency(Base):
    """One agency in the involvement check of one audit, and the grant whose link it was sent."""

    __tablename__ = "survey_checked_agency"
    __table_args__ = (UniqueConstraint("audit_id", "agency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("survey_agency.id"), index=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("survey_grant.id"), index=True)
    asked_at: Mapped[datetime]
    # A contact is reminded once at most.
    reminded_at: Mapped[datetime | None]
    agency: Mapped[Agency] = relationship()
    grant: Mapped[Grant] = relationship()
