"""What an audit concludes: findings with their evidence, recommendations, and the plan that answers them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.agencies.models import Agency
from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText
from surveyapp.gathering.models import PracticeTheme, Quote
from surveyapp.planning.models import Audit

# How far an action has come, in its order.
OPEN, UNDER_WAY, DONE = "open", "under_way", "done"
STATUSES = {OPEN: "Not started", UNDER_WAY: "Under way", DONE: "Done"}


class Conclusion(Base):
    """What holds for an audit's conclusions as a whole; made with the first of them."""

    __tablename__ = "survey_conclusion"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), unique=True)
    # When the same question is to be audited again.
    re_audit_on: Mapped[date | None]
    audit: Mapped[Audit] = relationship()


class Finding(Base):
    """A numbered conclusion with its evidence and its challenge to the board (R2014 5; stories H4, H6)."""

    __tablename__ = "survey_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), index=True)
    # Its number, from 1 without a gap.
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
        """What it is called: Finding 2."""
        return f"Finding {self.position}"


class FindingQuestion(Base):
    """That one finding rests on one question's shares."""

    __tablename__ = "survey_finding_question"

    finding_id: Mapped[int] = mapped_column(ForeignKey("survey_finding.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(80), primary_key=True)


class FindingTheme(Base):
    """That one finding rests on what comments say of one theme."""

    __tablename__ = "survey_finding_theme"

    finding_id: Mapped[int] = mapped_column(ForeignKey("survey_finding.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(
        ForeignKey("survey_practice_theme.id"), primary_key=True, index=True
    )


class FindingQuote(Base):
    """That one finding rests on one quote."""

    __tablename__ = "survey_finding_quote"

    finding_id: Mapped[int] = mapped_column(ForeignKey("survey_finding.id"), primary_key=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("survey_quote.id"), primary_key=True, index=True)


class Recommendation(Base):
    """What follows from the analysis without being a finding (R2014 4.1.11; stories H5, IL11).

    Linked to a finding, or to none: then its evidence was not strong enough for one.
    """

    __tablename__ = "survey_recommendation"
    __table_args__ = (
        CheckConstraint("repeated_from_id IS NULL OR repeated_from_elsewhere = ''", name="repeats_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), index=True)
    # Its number, from 1 without a gap.
    position: Mapped[int]
    text: Mapped[str] = mapped_column(EncryptedText)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("survey_finding.id"))
    # The recommendation of an earlier audit that this one repeats.
    repeated_from_id: Mapped[int | None] = mapped_column(ForeignKey("survey_recommendation.id"), index=True)
    # The audit it repeats one of where that audit is not kept here: its title and year.
    repeated_from_elsewhere: Mapped[str] = mapped_column(String(200), default="")
    audit: Mapped[Audit] = relationship()
    finding: Mapped[Finding | None] = relationship()
    repeated_from: Mapped["Recommendation | None"] = relationship(remote_side="Recommendation.id")

    @property
    def name(self) -> str:
        """What it is called: Recommendation 4."""
        return f"Recommendation {self.position}"


class Action(Base):
    """A step of the response: what, who, by when, and how it will be known to be done (R2014 1.1.7)."""

    __tablename__ = "survey_action"
    __table_args__ = (
        CheckConstraint("status IN ('open','under_way','done')", name="status"),
        CheckConstraint("finding_id IS NULL OR recommendation_id IS NULL", name="answers_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), index=True)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("survey_finding.id"))
    recommendation_id: Mapped[int | None] = mapped_column(ForeignKey("survey_recommendation.id"))
    # The agency whose contacts see it as theirs; None: the partnership's own.
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("survey_agency.id"), index=True)
    what: Mapped[str] = mapped_column(EncryptedText)
    measure: Mapped[str] = mapped_column(EncryptedText)
    owner: Mapped[str] = mapped_column(String(200))
    # Where the owner is reminded; empty: nowhere.
    owner_email: Mapped[str] = mapped_column(String(254), default="")
    due_on: Mapped[date] = mapped_column(index=True)
    # Since when this due day and this address stand: no email goes out for a turn before. None: always.
    due_set_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(10), default="open")
    audit: Mapped[Audit] = relationship()
    finding: Mapped[Finding | None] = relationship()
    recommendation: Mapped[Recommendation | None] = relationship()
    agency: Mapped[Agency | None] = relationship()
    updates: Mapped[list["ActionUpdate"]] = relationship(order_by="ActionUpdate.id")

    @property
    def reference(self) -> str:
        """What emails and pages call it, for good: A12."""
        return f"A{self.id}"

    @property
    def is_done(self) -> bool:
        """Whether it was noted as done."""
        return self.status == DONE

    def is_overdue(self, today: date) -> bool:
        """Whether its day is past on the UK day `today` and it is not done."""
        return not self.is_done and self.due_on < today

    @property
    def status_words(self) -> str:
        """How far it has come, in words."""
        return STATUSES[self.status]

    @property
    def answers_to(self) -> Finding | Recommendation | None:
        """The finding or the recommendation it answers; None for the audit as a whole."""
        return self.finding or self.recommendation


class ActionUpdate(Base):
    """What was said of an action's progress, with its evidence; kept for good."""

    __tablename__ = "survey_action_update"
    __table_args__ = (CheckConstraint("status IN ('open','under_way','done')", name="status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("survey_action.id"), index=True)
    at: Mapped[datetime]
    # Who said so, as the host names them.
    actor: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(10))
    evidence: Mapped[str | None] = mapped_column(EncryptedText)

    @property
    def status_words(self) -> str:
        """How far the action had come then, in words."""
        return STATUSES[self.status]
