"""Proposals to release a report or a brief: who asked for approval, and how it ended."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText

REPORT, BRIEF = "report", "brief"


class ReleaseProposal(Base):
    """One request for an executive’s approval of an audit’s report or brief; the latest one counts."""

    __tablename__ = "survey_release_proposal"
    __table_args__ = (
        CheckConstraint("document IN ('report', 'brief')", name="document"),
        CheckConstraint("outcome IN ('approved', 'sent_back', 'withdrawn')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
        Index("ix_survey_release_proposal_audit", "audit_id", "document", "id"),
        Index(
            "uq_survey_release_proposal_waiting",
            "audit_id",
            "document",
            unique=True,
            postgresql_where=text("settled_at IS NULL"),
            sqlite_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    document: Mapped[str] = mapped_column(String(20))
    # The digest of what was proposed, which shows whether it has changed since.
    content: Mapped[str] = mapped_column(String(64))
    proposed_by: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[datetime]
    # None while it waits for an executive.
    outcome: Mapped[str | None] = mapped_column(String(20))
    settled_by: Mapped[str | None] = mapped_column(String(200))
    settled_at: Mapped[datetime | None]
    # Why it was sent back; empty otherwise.
    reason: Mapped[str] = mapped_column(EncryptedText, default="")

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for an executive."""
        return self.outcome is None

    @property
    def is_sent_back(self) -> bool:
        """Whether an executive has sent it back."""
        return self.outcome == "sent_back"

    @property
    def is_by_one_person(self) -> bool:
        """Whether whoever asked for the approval gave it too."""
        return self.outcome == "approved" and self.settled_by == self.proposed_by
