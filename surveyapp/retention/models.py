"""The days on which an audit's data are purged, their changes, holds, and the certificates of purges."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText
from surveyapp.planning.models import Audit
from surveyapp.retention.dates import PurgeDays

# What a purge removes: drafts never returned, returns and keys, or all that is left of an audit.
DRAFTS, RETURNS, EVERYTHING = "drafts", "returns", "everything"


class RetentionDates(Base):
    """The days on which the data of one audit are purged; set at its close, and again at a later one."""

    __tablename__ = "survey_retention"
    __table_args__ = (
        CheckConstraint("drafts_on <= returns_on AND returns_on <= figures_on", name="in_order"),
        CheckConstraint("(deletion_on IS NULL) = (deletion_asked_by = '')", name="deletion_has_its_name"),
        CheckConstraint("(deletion_on IS NULL) = (deletion_asked_at IS NULL)", name="deletion_has_its_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), unique=True)
    # The close from which the days are counted, and when the report was received: its first release.
    closed_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    drafts_on: Mapped[date]
    returns_on: Mapped[date]
    figures_on: Mapped[date]
    # Whether a person chose the days: neither another close nor the report's release moves them then.
    by_hand: Mapped[bool] = mapped_column(default=False)
    drafts_purged_at: Mapped[datetime | None]
    # The day on which all of a deleted audit is purged, unless it is brought back before. It was set aside at
    # `deletion_asked_at`; if the audit has another moment, it was brought back since.
    deletion_on: Mapped[date | None]
    deletion_asked_at: Mapped[datetime | None]
    deletion_asked_by: Mapped[str] = mapped_column(String(200), default="")
    audit: Mapped[Audit] = relationship()

    @property
    def days(self) -> PurgeDays:
        """The three days."""
        return PurgeDays(self.drafts_on, self.returns_on, self.figures_on)


class RetentionChange(Base):
    """A change of the days by a person, with the days before it and the reason."""

    __tablename__ = "survey_retention_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), index=True)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(EncryptedText)
    drafts_on: Mapped[date]
    returns_on: Mapped[date]
    figures_on: Mapped[date]


class Hold(Base):
    """An instruction not to destroy anything of an audit, with its reason; it stops every purge."""

    __tablename__ = "survey_hold"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by = '')", name="end_has_its_name"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="end_has_its_reason"),
        Index(
            "uq_survey_hold_open",
            "audit_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
        Index("ix_survey_hold_audit", "audit_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    reason: Mapped[str] = mapped_column(EncryptedText)
    set_by: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(200), default="")
    end_reason: Mapped[str | None] = mapped_column(EncryptedText)

    @property
    def is_open(self) -> bool:
        """Whether it still holds."""
        return self.ended_at is None


class PurgeCertificate(Base):
    """The record of one purge: what it removed and what stayed, in counts, why, by whom and when.

    It outlives the audit, so `audit_id` and `title` are not a reference. It names no child and no contact.
    """

    __tablename__ = "survey_purge_certificate"
    __table_args__ = (
        CheckConstraint("kind IN ('drafts','returns','everything')", name="kind"),
        CheckConstraint("finished_at IS NULL OR finished_at >= began_at", name="ends_after_it_begins"),
        CheckConstraint("cleaned_at IS NULL OR finished_at IS NOT NULL", name="cleaned_once_finished"),
        Index("ix_survey_purge_certificate_audit", "audit_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    # The day on which it was due; None if a person purged before it.
    due_on: Mapped[date | None]
    # Who purged: a member of staff, "worker" on the day, or "command".
    purged_by: Mapped[str] = mapped_column(String(200))
    began_at: Mapped[datetime]
    # When the last row was gone, and when the file of the database held nothing of them any more.
    finished_at: Mapped[datetime | None]
    cleaned_at: Mapped[datetime | None]
    # How many rows of each table were removed, and how many were kept.
    removed: Mapped[dict[str, int]] = mapped_column(JSON)
    kept: Mapped[dict[str, int]] = mapped_column(JSON)

    @property
    def number(self) -> str:
        """The number by which people refer to it: P12."""
        return f"P{self.id}"
