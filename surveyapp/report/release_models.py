"""What is kept of a report's way out: what an approver chose to keep, and what was released."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.checks.flag_answers import FlagAnswer
from surveyapp.foundation.store.db import Base


class ReportKeptFlag(FlagAnswer, Base):
    """One finding of the checks that an approver chose to keep in a report."""

    __tablename__ = "survey_report_kept_flag"
    __table_args__ = (UniqueConstraint("audit_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))


class ReportRelease(Base):
    """One report as it was approved: the public version, which later changes leave as it is."""

    __tablename__ = "survey_report_release"
    __table_args__ = (Index("ix_survey_report_release_audit", "audit_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    approver: Mapped[str] = mapped_column(String(200))
    released_at: Mapped[datetime]
    # A digest of all it says, so that a later change shows.
    content: Mapped[str] = mapped_column(String(64))
    # The PDF as it was released: it is public, and read only where it is taken.
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
