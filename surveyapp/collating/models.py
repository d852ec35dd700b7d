"""Tables of collating: the figures frozen at each close or kept for good, and the benchmark of an audit."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.foundation.store.db import Base
from surveyapp.foundation.words.shares import Share
from surveyapp.planning.models import Audit


class FrozenFigures(Base):
    """An audit's figures at one close of its returns; closing again after a reopening adds another row."""

    __tablename__ = "survey_frozen_figures"
    __table_args__ = (UniqueConstraint("audit_id", "closed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    closed_at: Mapped[datetime]
    # When the figures were counted: at the close, or a little later where the worker had to catch up.
    counted_at: Mapped[datetime]
    # In the shape of `survey collate --json`.
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    audit: Mapped[Audit] = relationship()


class KeptFigures(Base):
    """An audit’s figures as they stood when its answers were removed for good."""

    __tablename__ = "survey_kept_figures"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), unique=True)
    kept_at: Mapped[datetime]
    # How many cases the returns with answers were about, which the figures do not say.
    cases: Mapped[int]
    # In the shape of `survey collate --json`.
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)


class Benchmark(Base):
    """Other places' figures to compare an audit with, and their source (R2014 2.6.2)."""

    __tablename__ = "survey_benchmark"
    __table_args__ = (
        CheckConstraint("(own_count IS NULL) = (own_of IS NULL)", name="own_figure_whole"),
        CheckConstraint(
            "own_of IS NULL OR (own_of > 0 AND own_count BETWEEN 0 AND own_of)", name="own_figure"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), unique=True)
    measure: Mapped[str] = mapped_column(String(200))
    period: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(String(300))
    # Percentages stay as the source prints them: 20.0 is not 20.
    national_average: Mapped[str] = mapped_column(String(10), default="")
    own_count: Mapped[int | None]
    own_of: Mapped[int | None]
    rows: Mapped[list[list[str]]] = mapped_column(JSON)
    audit: Mapped[Audit] = relationship()

    @property
    def own(self) -> Share | None:
        """The partnership's own figure; None if it was not entered."""
        if self.own_count is None or self.own_of is None:
            return None
        return Share(self.own_count, self.own_of, "plans")

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The rows as pairs of name and figure."""
        return [(name, figure) for name, figure in self.rows]
