"""The approvers’ answers to the flags of a report, and its releases."""

from base64 import b64decode, b64encode
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.checks.flag_answers import FlagAnswer
from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText


class ReportKeptFlag(FlagAnswer, Base):
    """One flag of the checks that an approver chose to keep in a report."""

    __tablename__ = "survey_report_kept_flag"
    __table_args__ = (UniqueConstraint("audit_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))


class ReportRelease(Base):
    """The public version of a report as it was approved; later changes do not affect it."""

    __tablename__ = "survey_report_release"
    __table_args__ = (Index("ix_survey_report_release_audit", "audit_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    approver: Mapped[str] = mapped_column(String(200))
    released_at: Mapped[datetime]
    # The digest of its contents, which shows whether the report has changed since.
    content: Mapped[str] = mapped_column(String(64))
    # The released PDF in base64, encrypted like the quotes in it; loaded only for a download.
    pdf_as_text: Mapped[str] = mapped_column("pdf", EncryptedText, deferred=True)

    @property
    def pdf(self) -> bytes:
        """The released PDF."""
        return b64decode(self.pdf_as_text)

    @pdf.setter
    def pdf(self, pdf: bytes) -> None:
        self.pdf_as_text = b64encode(pdf).decode()
