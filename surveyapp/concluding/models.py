"""Tables of concluding: findings with their evidence, recommendations, actions and updates."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.agencies.models import Agency
from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText
from surveyapp.gathering.models import PracticeTheme, Quote
from surveyapp.planning.models import Audit

# The statuses of an action, in order.
OPEN, UNDER_WAY, DONE = "open", "under_way", "done"
STATUSES = {OPEN: "Not started", UNDER_WAY: "Under way", DONE: "Done"}


class Conclusion(Base):
    """One row for an audit's conclusions as a whole, created with the first of them."""

    __tablename__ = "survey_conclusion"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), unique=True)
    # The day on which the same question will be audited again.
    re_audit_on: Mapped[date | None]
    # The day on which the executive next reviews the action plan.
    review_on: Mapped[date | None]
    audit: Mapped[Audit] = relationship()


class Finding(Base):
    """A numbered conclusion with its evidence and its challenge to the board (R2014 5; stories H4, H6)."""

    __tablename__ = "survey_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), index=True)
    # The number, from 1 without a gap.
    position: Mapped[int]
    text: Mapped[str] = mapped_column(EncryptedText)
    challenge: Mapped[str | None] = mapped_column(EncryptedText)
    audit: Mapped[Audit] = relationship()
    questions: Mapped[list["FindingQuestion"]] = relationship(
        order_by="FindingQuestion.question", cascade="all, delete-orphan"
    )
    themes: Mapped[list[PracticeTheme]] = relationship(
        secondary="survey_finding_theme", order_by=PracticeTheme.position
    )
    quotes: Mapped[list[Quote]] = relationship(secondary="survey_finding_quote", order_by=Quote.id)

    @property
    def name(self) -> str:
        """The name with its number: Finding 2."""
        return f"Finding {self.position}"


class FindingQuestion(Base):
    """Links a finding to a question whose figures are its evidence."""

    __tablename__ = "survey_finding_question"

    finding_id: Mapped[int] = mapped_column(ForeignKey("survey_finding.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(80), primary_key=True)


class FindingTheme(Base):
    """Links a finding to a theme whose comments are its evidence."""

    __tablename__ = "survey_finding_theme"

    finding_id: Mapped[int] = mapped_column(ForeignKey("survey_finding.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(
        ForeignKey("survey_practice_theme.id"), primary_key=True, index=True
    )


class FindingQuote(Base):
    """Links a finding to a quote that is its evidence."""

    __tablename__ = "survey_finding_quote"

    finding_id: Mapped[int] = mapped_column(ForeignKey("survey_finding.id"), primary_key=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("survey_quote.id"), primary_key=True, index=True)


class Recommendation(Base):
    """What the analysis recommends (R2014 4.1.11; stories H5, IL11).

    It follows from a finding, or from none where the evidence was not strong enough for one.
    """

    __tablename__ = "survey_recommendation"
    __table_args__ = (
        CheckConstraint("repeated_from_id IS NULL OR repeated_from_elsewhere = ''", name="repeats_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), index=True)
    # The number, from 1 without a gap.
    position: Mapped[int]
    text: Mapped[str] = mapped_column(EncryptedText)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("survey_finding.id"))
    # The recommendation of an earlier audit that this one repeats.
    repeated_from_id: Mapped[int | None] = mapped_column(ForeignKey("survey_recommendation.id"), index=True)
    # Title and year of the earlier audit, where that audit is not kept here.
    repeated_from_elsewhere: Mapped[str] = mapped_column(String(200), default="")
    audit: Mapped[Audit] = relationship()
    finding: Mapped[Finding | None] = relationship()
    repeated_from: Mapped["Recommendation | None"] = relationship(remote_side="Recommendation.id")

    @property
    def name(self) -> str:
        """The name with its number: Recommendation 4."""
        return f"Recommendation {self.position}"


class Action(Base):
    """A step of the response plan: what, who, by when, and how it will be known to be done (R2014 1.1.7)."""

    __tablename__ = "survey_action"
    __table_args__ = (
        CheckConstraint("status IN ('open','under_way','done')", name="status"),
        CheckConstraint("finding_id IS NULL OR recommendation_id IS NULL", name="answers_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), index=True)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("survey_finding.id"))
    recommendation_id: Mapped[int | None] = mapped_column(ForeignKey("survey_recommendation.id"))
    # The agency whose contacts see it as their own; None for the partnership's own.
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("survey_agency.id"), index=True)
    what: Mapped[str] = mapped_column(EncryptedText)
    measure: Mapped[str] = mapped_column(EncryptedText)
    owner: Mapped[str] = mapped_column(String(200))
    # Where emails about the action go; none are sent where it is empty.
    owner_email: Mapped[str] = mapped_column(String(254), default="")
    due_on: Mapped[date] = mapped_column(index=True)
    # When the due day or the address was last set: no email is sent for an earlier day. None: no limit.
    due_set_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(10), default="open")
    audit: Mapped[Audit] = relationship()
    finding: Mapped[Finding | None] = relationship()
    recommendation: Mapped[Recommendation | None] = relationship()
    agency: Mapped[Agency | None] = relationship()
    updates: Mapped[list["ActionUpdate"]] = relationship(order_by="ActionUpdate.id")

    @property
    def reference(self) -> str:
        """The permanent reference on pages and in emails: A12."""
        return f"A{self.id}"

    @property
    def is_done(self) -> bool:
        """Whether its status is done."""
        return self.status == DONE

    def is_overdue(self, today: date) -> bool:
        """Whether it is not done and its due day is before the UK day `today`."""
        return not self.is_done and self.due_on < today

    @property
    def status_words(self) -> str:
        """The status in words."""
        return STATUSES[self.status]

    @property
    def answers_to(self) -> Finding | Recommendation | None:
        """The finding or recommendation that it answers; None for the audit as a whole."""
        return self.finding or self.recommendation


class ActionUpdate(Base):
    """An update on an action's progress, with its evidence; never changed or removed."""

    __tablename__ = "survey_action_update"
    __table_args__ = (CheckConstraint("status IN ('open','under_way','done')", name="status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("survey_action.id"), index=True)
    at: Mapped[datetime]
    # Who wrote it, as the host names them.
    actor: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(10))
    evidence: Mapped[str | None] = mapped_column(EncryptedText)

    @property
    def status_words(self) -> str:
        """The status at the time, in words."""
        return STATUSES[self.status]
