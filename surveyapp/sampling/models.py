"""A sample and the list it is drawn from: no name, birth date, number or address has a column here."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText


class Sampling(Base):
    """How an audit’s sample is chosen: the list that was read, the rules, the size and the seed."""

    __tablename__ = "survey_sampling"
    __table_args__ = (CheckConstraint("size BETWEEN 1 AND 500", name="size"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id", ondelete="CASCADE"), unique=True)
    # The UK day of the list, on which ages are computed (stories A10).
    listed_on: Mapped[date]
    # A keyed digest of the file, by which the key is made only from the same file.
    file_digest: Mapped[str] = mapped_column(String(64))
    # The head of each column that was taken, by the column’s name, and the heads of those that were not.
    heads: Mapped[dict[str, str]] = mapped_column(JSON)
    left_out: Mapped[list[str]] = mapped_column(JSON)
    read_by: Mapped[str] = mapped_column(String(200))
    read_at: Mapped[datetime]
    criteria: Mapped[dict[str, Any]] = mapped_column(JSON)
    size: Mapped[int]
    seed: Mapped[int]
    # Who made the sample the audit’s cases, with whom and when (stories B7); None: nobody yet.
    selected_by: Mapped[str] = mapped_column(String(200), default="")
    consulted: Mapped[str] = mapped_column(String(200), default="")
    selected_at: Mapped[datetime | None]


class SamplingChild(Base):
    """One child on the list, by a number that says nothing of its row in the file."""

    __tablename__ = "survey_sampling_child"
    __table_args__ = (
        UniqueConstraint("sampling_id", "number"),
        CheckConstraint("age_months IS NULL OR age_months BETWEEN 0 AND 300", name="age"),
        CheckConstraint("NOT (unborn AND age_months IS NOT NULL)", name="unborn_has_no_age"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sampling_id: Mapped[int] = mapped_column(ForeignKey("survey_sampling.id", ondelete="CASCADE"))
    number: Mapped[int]
    age_months: Mapped[int | None]
    unborn: Mapped[bool] = mapped_column(default=False)
    gender: Mapped[str] = mapped_column(String(40), default="")
    category: Mapped[str] = mapped_column(String(80), default="")
    plan: Mapped[str] = mapped_column(String(80), default="")
    began_on: Mapped[date | None]
    interval_months: Mapped[int | None]
    plans: Mapped[int | None]
    sibling_group: Mapped[str] = mapped_column(String(10), default="")
    is_chosen: Mapped[bool] = mapped_column(default=False)
    # Why staff left the child out by hand; the reasons of the rules are worked out.
    left_out_reason: Mapped[str | None] = mapped_column(EncryptedText)
    left_out_by: Mapped[str] = mapped_column(String(200), default="")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("survey_case.id", ondelete="SET NULL"), index=True)


class ExportHead(Base):
    """What staff said a column of their export is, by its head: next year’s export needs no saying."""

    __tablename__ = "survey_export_head"

    head_key: Mapped[str] = mapped_column(String(120), primary_key=True)
    column_name: Mapped[str] = mapped_column(String(40))
