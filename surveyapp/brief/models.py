"""What is kept of a learning brief: what people wrote, which resources it shows, its answers and releases."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.checks.flag_answers import FlagAnswer
from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText
from surveyapp.planning.models import Audit


class LibraryResource(Base):
    """A tool, policy, training or review that briefs link to, kept once for all of them (stories I10)."""

    __tablename__ = "survey_library_resource"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    what: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(500))


class SavedBrief(Base):
    """What people wrote into an audit's brief; what the audit says by itself is worked out, never kept."""

    __tablename__ = "survey_brief"
    __table_args__ = (CheckConstraint("discussed IS NULL OR discussed >= 0", name="discussed"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), unique=True)
    # Goes up by one with each save; a page that saw an older one is told.
    version: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime]
    audited_on: Mapped[date | None]
    discussed: Mapped[int | None]
    shows_splits: Mapped[bool] = mapped_column(default=False)
    question: Mapped[str] = mapped_column(String(80), default="")
    # Every text that people wrote, as JSON.
    texts: Mapped[str] = mapped_column(EncryptedText)
    audit: Mapped[Audit] = relationship()
    shown: Mapped[list["BriefResource"]] = relationship(
        order_by="BriefResource.position", cascade="all, delete-orphan"
    )


class BriefResource(Base):
    """That one brief shows one resource, and in which place."""

    __tablename__ = "survey_brief_resource"

    brief_id: Mapped[int] = mapped_column(ForeignKey("survey_brief.id"), primary_key=True)
    resource_id: Mapped[int] = mapped_column(
        ForeignKey("survey_library_resource.id"), primary_key=True, index=True
    )
    position: Mapped[int]
    resource: Mapped[LibraryResource] = relationship()


class BriefKeptFlag(FlagAnswer, Base):
    """One finding of the checks that an approver chose to keep in a brief."""

    __tablename__ = "survey_brief_kept_flag"
    __table_args__ = (UniqueConstraint("brief_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brief_id: Mapped[int] = mapped_column(ForeignKey("survey_brief.id"))


class BriefRelease(Base):
    """One brief as it was approved: the public version, which later changes leave as it is."""

    __tablename__ = "survey_brief_release"
    __table_args__ = (Index("ix_survey_brief_release_brief", "brief_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brief_id: Mapped[int] = mapped_column(ForeignKey("survey_brief.id"))
    # Which version of the brief it was made of.
    version: Mapped[int]
    approver: Mapped[str] = mapped_column(String(200))
    released_at: Mapped[datetime]
    # The whole page as JSON.
    page: Mapped[str] = mapped_column(EncryptedText)
    brief: Mapped[SavedBrief] = relationship()
