"""Approvals by executives: what was approved, by whom and when."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base


class Approval(Base):
    """One approval of an audit’s theme or sample, as it was worded then; the latest one counts."""

    __tablename__ = "survey_approval"
    __table_args__ = (
        CheckConstraint("subject IN ('theme', 'sample')", name="subject"),
        Index("ix_survey_approval_audit", "audit_id", "subject", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    subject: Mapped[str] = mapped_column(String(20))
    # What was approved, by its label on the page.
    content: Mapped[dict[str, str]] = mapped_column(JSON)
    approved_by: Mapped[str] = mapped_column(String(200))
    approved_at: Mapped[datetime]
