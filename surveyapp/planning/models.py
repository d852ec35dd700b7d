"""An audit: its theme and dates, its cases, and which agency knew which child."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    column,
    exists,
    false,
    select,
    table,
    text,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from surveyapp.agencies.models import Agency
from surveyapp.defining.definition import AuditForm
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText

# Working days from the due date (stories 4.1; a choice of this project, editable for each audit).
DEFAULT_CHASERS = (-5, 0, 3, 7)

# Whether an audit counts or reads: the programme alternates between the two (stories A3). Empty: not said.
EMPHASES = {
    "": "Not decided",
    "quantitative": "Quantitative",
    "qualitative": "Qualitative",
    "both": "Both",
}

# The two tables below as plain SQL, for a column of Audit that is defined before their classes.
_CASE = table("survey_case", column("id"), column("audit_id"))
_INVOLVEMENT = table("survey_involvement", column("case_id"), column("own_reference"))


class Audit(Base):
    """One round on one theme."""

    __tablename__ = "survey_audit"
    __table_args__ = (
        CheckConstraint("issue_on <= due_on AND due_on <= close_on", name="dates_in_order"),
        CheckConstraint("emphasis IN ('', 'quantitative', 'qualitative', 'both')", name="emphasis"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200), unique=True)
    theme: Mapped[str] = mapped_column(String(200), default="")
    # Why this theme: the priorities and the performance data behind it (stories A4).
    theme_reason: Mapped[str] = mapped_column(Text, default="")
    emphasis: Mapped[str] = mapped_column(String(20), default="")
    # The time of practice that is looked at, and who leads the audit, for the report (stories A9, A10).
    period_reviewed: Mapped[str] = mapped_column(String(200), default="")
    audit_lead: Mapped[str] = mapped_column(String(200), default="")
    terms_of_reference: Mapped[str] = mapped_column(Text, default="")
    aim: Mapped[str] = mapped_column(Text, default="")
    # Why the partnership asks and on what basis, for every contact. Empty: the text of the settings.
    authority: Mapped[str] = mapped_column(Text, default="")
    # Which secure message tells the contacts which child "Child 3" is (stories 4.4).
    key_message: Mapped[str] = mapped_column(Text, default="")
    form_id: Mapped[str] = mapped_column(String(80))
    # The form as frozen at issue; empty before that, when the form is read from its file.
    form_definition: Mapped[str] = mapped_column(Text, default="")
    issue_on: Mapped[date | None]
    due_on: Mapped[date | None]
    close_on: Mapped[date | None]
    chasers: Mapped[list[int]] = mapped_column(JSON, default=lambda: list(DEFAULT_CHASERS))
    # The offset of the slot from which the escalation contact gets a copy; None: never.
    escalate_from: Mapped[int | None]
    # Whether contacts give a code from their mailbox before they see answers or references. None: as soon
    # as the audit holds any agency's own reference.
    ask_for_code: Mapped[bool | None]
    # When, and by whom, it was planned that the worker issues the audit on its day. None: a person issues it.
    issue_planned_at: Mapped[datetime | None]
    issue_planned_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
    issued_at: Mapped[datetime | None]
    # The moment after which no answer is taken: the closing hour of the closing day, unless closed by hand.
    closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    # When the first agency was asked which children it knew, before the issue, and by when it is to answer.
    involvement_asked_at: Mapped[datetime | None]
    involvement_answer_by: Mapped[date | None]
    # Whether its children, agencies and answers are invented: no email about it goes to anybody.
    is_example: Mapped[bool] = mapped_column(default=False, server_default=false())
    # When staff took the audit off the lists; nothing of it is deleted.
    set_aside_at: Mapped[datetime | None]
    # Why returns were reopened, one line each time. No event holds it, since it may mention a child.
    reopened_reason: Mapped[str | None] = mapped_column(EncryptedText)
    # When its answers and everything that names a child to an agency began to be removed for good, and the
    # counts kept of them: cases, agencies, and those of its tally. None before that.
    answers_removed_at: Mapped[datetime | None]
    kept_counts: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime]
    # Whether the audit holds any agency's own reference; loaded only when it is used.
    holds_references: Mapped[bool] = column_property(
        exists(
            select(1)
            .select_from(_INVOLVEMENT.join(_CASE, _CASE.c.id == _INVOLVEMENT.c.case_id))
            .where(_CASE.c.audit_id == id, _INVOLVEMENT.c.own_reference.is_not(None))  # noqa: A003 — the column
        ),
        deferred=True,
    )
    cases: Mapped[list["Case"]] = relationship(back_populates="audit", order_by="Case.position, Case.id")

    @property
    def form(self) -> AuditForm:
        """The form with which this audit was issued; an audit that is not issued has none."""
        return AuditForm.from_json(self.form_definition)

    @property
    def is_issued(self) -> bool:
        """Whether any request has been issued."""
        return self.issued_at is not None

    @property
    def asked_on(self) -> date | None:
        """The UK day on which the audit was issued; before that the day planned for it, if there is one."""
        return local_day(self.issued_at) if self.issued_at else self.issue_on

    @property
    def issues_by_itself(self) -> bool:
        """Whether the worker issues the audit when its day has come."""
        return self.issue_planned_at is not None and self.issue_on is not None and not self.is_issued

    @property
    def asks_for_code(self) -> bool:
        """Whether contacts give a code from their mailbox before they see answers or references."""
        return self.holds_references if self.ask_for_code is None else self.ask_for_code

    @property
    def answers_end_at(self) -> datetime | None:
        """The moment (UTC) from which no answer counts: the closing hour, or an earlier close by hand.

        Pages and emails give this moment, and not that of the worker, which closes the audit later.
        """
        return min((moment for moment in (self.closes_at, self.closed_at) if moment), default=None)

    def is_closed(self, now: datetime) -> bool:
        """Whether returns are closed at `now` (an aware datetime), by hand or by the closing hour."""
        return self.closed_at is not None or (self.closes_at is not None and now >= self.closes_at)


class Case(Base):
    """One child's case, by pseudonym: there is no field for a name, a birth date or an address."""

    __tablename__ = "survey_case"
    __table_args__ = (
        UniqueConstraint("audit_id", "pseudonym"),
        CheckConstraint("age_months IS NULL OR age_months BETWEEN 0 AND 300", name="age"),
        CheckConstraint("NOT (unborn AND age_months IS NOT NULL)", name="unborn_has_no_age"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), index=True)
    position: Mapped[int]
    pseudonym: Mapped[str] = mapped_column(String(60))
    age_months: Mapped[int | None]
    unborn: Mapped[bool] = mapped_column(default=False)
    gender: Mapped[str] = mapped_column(String(40), default="")
    category: Mapped[str] = mapped_column(String(80), default="")
    plan: Mapped[str] = mapped_column(String(80), default="")
    sibling_group: Mapped[str] = mapped_column(String(40), default="")
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)
    audit: Mapped[Audit] = relationship(back_populates="cases")
    involvements: Mapped[list["Involvement"]] = relationship(back_populates="case", order_by="Involvement.id")


class Involvement(Base):
    """One ticked cell of the grid: this agency knew this child, so it is asked about the case."""

    __tablename__ = "survey_involvement"
    __table_args__ = (
        UniqueConstraint("case_id", "agency_id"),
        # Each page of a contact checks whether the audit holds any reference; most audits hold none.
        Index(
            "ix_survey_involvement_own_reference",
            "case_id",
            postgresql_where=text("own_reference IS NOT NULL"),
            sqlite_where=text("own_reference IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("survey_case.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("survey_agency.id"), index=True)
    # This agency's own reference for its file on the child. Contacts see it after a code; no email holds it.
    own_reference: Mapped[str | None] = mapped_column(EncryptedText)
    case: Mapped[Case] = relationship(back_populates="involvements")
    agency: Mapped[Agency] = relationship()


class ChosenAgency(Base):
    """An agency that staff chose for an audit, so that the grid has a column for it."""

    __tablename__ = "survey_chosen_agency"
    __table_args__ = (UniqueConstraint("audit_id", "agency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("survey_agency.id"), index=True)


class GridChange(Base):
    """The cells that one save of the grid ticked and cleared, so that staff can undo it before issue."""

    __tablename__ = "survey_grid_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), index=True)
    changed_at: Mapped[datetime]
    # Who saved it, as events name them.
    actor: Mapped[str] = mapped_column(String(200))
    # The agency whose answers to the involvement check made the change; None if staff ticked.
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("survey_agency.id"), index=True)
    # Cells as [case id, agency id].
    added: Mapped[list[list[int]]] = mapped_column(JSON)
    removed: Mapped[list[list[int]]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]
    agency: Mapped[Agency | None] = relationship()

    @property
    def by(self) -> str:
        """Who made the change, for pages: the member of staff, or the agency that answered."""
        return self.agency.name if self.agency else self.actor


class InvolvementAnswer(Base):
    """What an agency said in the involvement check about one case; a tick without one was made by hand."""

    __tablename__ = "survey_involvement_answer"
    __table_args__ = (
        UniqueConstraint("case_id", "agency_id"),
        CheckConstraint("answer IN ('known','not_known','relative_only')", name="answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("survey_case.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("survey_agency.id"), index=True)
    answer: Mapped[str] = mapped_column(String(20))
    answered_at: Mapped[datetime]
