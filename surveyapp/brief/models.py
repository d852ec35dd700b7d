"""The tables of learning briefs: their text, resources, answers to flags and releases."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.checks.flag_answers import FlagAnswer
from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText
from surveyapp.planning.models import Audit


class LibraryResource(Base):
    """A tool, policy, training or review in the library that all briefs share (stories I10)."""

    __tablename__ = "survey_library_resource"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    what: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(500))


class SavedBrief(Base):
    """The text that people wrote into an audit's brief; facts of the audit are worked out and not stored."""

    __tablename__ = "survey_brief"
    __table_args__ = (CheckConstraint("discussed IS NULL OR discussed >= 0", name="discussed"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), unique=True)
    # Raised by one with each save, to detect edits from a page that showed an older version.
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
    """A resource that a brief shows, and its position among them."""

    __tablename__ = "survey_brief_resource"

    brief_id: Mapped[int] = mapped_column(ForeignKey("survey_brief.id"), primary_key=True)
    resource_id: Mapped[int] = mapped_column(
        ForeignKey("survey_library_resource.id"), primary_key=True, index=True
    )
    position: Mapped[int]
    resource: Mapped[LibraryResource] = relationship()


class BriefKeptFlag(FlagAnswer, Base):
    """An approver's answer to a flag in a brief."""

    __tablename__ = "survey_brief_kept_flag"
    __table_args__ = (UniqueConstraint("brief_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brief_id: Mapped[int] = mapped_column(ForeignKey("survey_brief.id"))


class BriefRelease(Base):
    """A brief as it was approved: the public version, which later changes do not affect."""

    __tablename__ = "survey_brief_release"
    __table_args__ = (Index("ix_survey_brief_release_brief", "brief_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brief_id: Mapped[int] = mapped_column(ForeignKey("survey_brief.id"))
    # The version of the brief that was approved.
    version: Mapped[int]
    approver: Mapped[str] = mapped_column(String(200))
    released_at: Mapped[datetime]
    # The whole page as JSON.
    page: Mapped[str] = mapped_column(EncryptedText)
    brief: Mapped[SavedBrief] = relationship()
