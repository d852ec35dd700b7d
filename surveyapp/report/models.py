"""The author’s own part of a report; everything else is read from the audit for each download."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText


class SavedReport(Base):
    """The author’s details of an audit’s report; the row is added when the first of them is saved."""

    __tablename__ = "survey_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), unique=True)
    author: Mapped[str] = mapped_column(String(200), default="")
    # The day on the title page; None: the day of the download.
    dated_on: Mapped[date | None]
    # The population and the rules of selection, one on each line (R2014 2.1.4 to 2.1.6).
    population: Mapped[str] = mapped_column(EncryptedText, default="")
    criteria: Mapped[str] = mapped_column(EncryptedText, default="")
    # Laws and guidance, one on each line (R2014 6).
    references: Mapped[str] = mapped_column("reference_list", Text, default="")
    # The partnership’s own Word template; None: the default. Loaded only when a document is made.
    template: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    template_name: Mapped[str] = mapped_column(String(200), default="")
    updated_at: Mapped[datetime]


class ReportText(Base):
    """The author’s own text in one section of a report; fresh figures never change it."""

    __tablename__ = "survey_report_text"
    __table_args__ = (UniqueConstraint("audit_id", "section"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    # The key of the section: one of SECTIONS_BY_KEY, or one such as "theme-records" or "question-voice".
    section: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(EncryptedText)
    updated_at: Mapped[datetime]
