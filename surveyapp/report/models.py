"""What the author of a report says and chooses; everything else in it is read from the audit each time."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText


class SavedReport(Base):
    """What holds for an audit's report as a whole; made when somebody first says any of it."""

    __tablename__ = "survey_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), unique=True)
    author: Mapped[str] = mapped_column(String(200), default="")
    # The day on its title page; None: the day it is taken.
    dated_on: Mapped[date | None]
    # From whom the sample was drawn, and by which rules (R2014 2.1.4 to 2.1.6); rules stand a line each.
    population: Mapped[str] = mapped_column(EncryptedText, default="")
    criteria: Mapped[str] = mapped_column(EncryptedText, default="")
    # The laws and guidance the audit rests on, a line each (R2014 6).
    references: Mapped[str] = mapped_column("reference_list", Text, default="")
    # The partnership's own Word template; None: ours. Read only where a document is made.
    template: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    template_name: Mapped[str] = mapped_column(String(200), default="")
    updated_at: Mapped[datetime]


class ReportText(Base):
    """The author's own paragraphs in one section of a report; refreshing the figures leaves them alone."""

    __tablename__ = "survey_report_text"
    __table_args__ = (UniqueConstraint("audit_id", "section"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    # Which section: a name of report_sections.py, "theme-records" or "question-supervision".
    section: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(EncryptedText)
    updated_at: Mapped[datetime]
