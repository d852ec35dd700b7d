"""Tables of an audit's voices: themes, read comments, quotes, workshops, family talks, longer texts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.agencies.models import Agency
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit, Case

# The judgement of a comment or quote (R2014 3.6.2, 3.6.3). The empty text means neither.
STRENGTH, CONCERN = "strength", "concern"
JUDGEMENTS = {STRENGTH: "Strength", CONCERN: "Concern"}

# Who spoke or wrote the words of a quote (R2014 3.3 to 3.6). Quotes are never counted in shares of returns.
SOURCES = {"auditor": "Auditor", "practitioner": "Practitioner", "parent": "Parent"}

# The state of an offer to talk with a family (R2014 2.4.1).
FAMILY_STATES = {
    "offered": "Offered",
    "agreed": "Agreed, not yet held",
    "declined": "Declined",
    "done": "Held",
}

# The areas that families are asked about (R2014 3.5.2 to 3.5.5).
FAMILY_AREAS = {
    "support": "Support after the plan ended",
    "ended": "Why the plan ended",
    "repeat": "Why there was another plan",
    "impact": "What difference it made",
}

NARRATIVES = {"case_example": "Case example", "practitioner": "A frontline practitioner’s view"}


class PracticeTheme(Base):
    """A theme of practice on an audit's list; comments and quotes are tagged with it."""

    __tablename__ = "survey_practice_theme"
    __table_args__ = (UniqueConstraint("audit_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    # How many comments and quotes were tagged with it, kept when those were removed for good; None before.
    kept_comments: Mapped[int | None]
    kept_quotes: Mapped[int | None]


class ReadComment(Base):
    """A comment that staff have read: strength, concern or neither, and its themes.

    `request_id`, `question` and `item` locate the comment's answer; the text itself is not copied.
    `digest` is a keyed digest of the text as it was read, so that a later correction can be detected.
    """

    __tablename__ = "survey_read_comment"
    __table_args__ = (
        UniqueConstraint("request_id", "question", "item"),
        CheckConstraint("judgement IN ('','strength','concern')", name="judgement"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("survey_audit_request.id"))
    question: Mapped[str] = mapped_column(String(80))
    item: Mapped[str] = mapped_column(String(80), default="")
    digest: Mapped[str] = mapped_column(String(64))
    judgement: Mapped[str] = mapped_column(String(10), default="")
    read_at: Mapped[datetime]
    audit_request: Mapped[AuditRequest] = relationship()
    themes: Mapped[list[PracticeTheme]] = relationship(
        secondary="survey_read_comment_theme", order_by=PracticeTheme.position
    )


class ReadCommentTheme(Base):
    """Links a read comment to a theme."""

    __tablename__ = "survey_read_comment_theme"

    read_comment_id: Mapped[int] = mapped_column(ForeignKey("survey_read_comment.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(
        ForeignKey("survey_practice_theme.id"), primary_key=True, index=True
    )


class Workshop(Base):
    """A workshop after the audit: its day, its scenarios and notes of the discussion (R2014 1.1.6, 2.3.1)."""

    __tablename__ = "survey_workshop"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), index=True)
    held_on: Mapped[date]
    title: Mapped[str] = mapped_column(String(200))
    scenarios: Mapped[str | None] = mapped_column(EncryptedText)
    notes: Mapped[str | None] = mapped_column(EncryptedText)
    # The participants' suggestions are kept apart from the findings (stories G9).
    suggestions: Mapped[str | None] = mapped_column(EncryptedText)
    attendances: Mapped[list["Attendance"]] = relationship(order_by="Attendance.id")


class Attendance(Base):
    """The number of people from one agency who came to a workshop, without their names."""

    __tablename__ = "survey_attendance"
    __table_args__ = (
        UniqueConstraint("workshop_id", "agency_id"),
        CheckConstraint("people > 0", name="people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("survey_workshop.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("survey_agency.id"))
    people: Mapped[int]
    agency: Mapped[Agency] = relationship()


class FamilyContact(Base):
    """A talk offered to a child's family through an agency that knows it (R2014 2.4.1; stories BM17)."""

    __tablename__ = "survey_family_contact"
    __table_args__ = (
        CheckConstraint("state IN ('offered','agreed','declined','done')", name="state"),
        CheckConstraint("(state = 'done') = (held_on IS NOT NULL)", name="held_has_its_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("survey_case.id"), index=True)
    # The agency through which the family was asked.
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("survey_agency.id"))
    state: Mapped[str] = mapped_column(String(10), default="offered")
    caller: Mapped[str] = mapped_column(String(200), default="")
    held_on: Mapped[date | None]
    # Stored only where SURVEY_KEEP_TELEPHONE_NUMBERS is on.
    telephone: Mapped[str | None] = mapped_column(EncryptedText)
    case: Mapped[Case] = relationship()
    agency: Mapped[Agency | None] = relationship()
    notes: Mapped[list["FamilyNote"]] = relationship(order_by="FamilyNote.id")


class FamilyNote(Base):
    """Notes on one area of a talk with a family."""

    __tablename__ = "survey_family_note"
    __table_args__ = (
        UniqueConstraint("family_contact_id", "area"),
        CheckConstraint("area IN ('support','ended','repeat','impact')", name="area"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    family_contact_id: Mapped[int] = mapped_column(ForeignKey("survey_family_contact.id"))
    area: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(EncryptedText)


class Narrative(Base):
    """A longer text of the report: the case example or a practitioner's view (stories G8)."""

    __tablename__ = "survey_narrative"
    __table_args__ = (
        UniqueConstraint("audit_id", "kind"),
        CheckConstraint("kind IN ('case_example','practitioner')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"))
    kind: Mapped[str] = mapped_column(String(15))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("survey_case.id"))
    text: Mapped[str] = mapped_column(EncryptedText)
    case: Mapped[Case | None] = relationship()


class Quote(Base):
    """Words chosen for the report, from a comment, a workshop or a talk with a family (stories G3, IL5).

    `original` is the wording as it was said; `printed` is what readers see, with words taken out or replaced.
    """

    __tablename__ = "survey_quote"
    __table_args__ = (
        CheckConstraint("source IN ('auditor','practitioner','parent')", name="source"),
        CheckConstraint("judgement IN ('','strength','concern')", name="judgement"),
        CheckConstraint(
            "(read_comment_id IS NOT NULL AND workshop_id IS NULL AND family_contact_id IS NULL)"
            " OR (read_comment_id IS NULL AND workshop_id IS NOT NULL AND family_contact_id IS NULL)"
            " OR (read_comment_id IS NULL AND workshop_id IS NULL AND family_contact_id IS NOT NULL)",
            name="comes_from_one_place",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("survey_audit.id"), index=True)
    source: Mapped[str] = mapped_column(String(15))
    judgement: Mapped[str] = mapped_column(String(10), default="")
    # The question in whose section of the report the quote prints; empty if it is for conclusions only.
    question: Mapped[str] = mapped_column(String(80), default="")
    original: Mapped[str] = mapped_column(EncryptedText)
    printed: Mapped[str] = mapped_column(EncryptedText)
    # Whether the kind of agency prints with the quote.
    names_agency_kind: Mapped[bool] = mapped_column(default=False)
    read_comment_id: Mapped[int | None] = mapped_column(ForeignKey("survey_read_comment.id"))
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("survey_workshop.id"))
    family_contact_id: Mapped[int | None] = mapped_column(ForeignKey("survey_family_contact.id"))
    chosen_at: Mapped[datetime]
    audit: Mapped[Audit] = relationship()
    read_comment: Mapped[ReadComment | None] = relationship()
    workshop: Mapped[Workshop | None] = relationship()
    family_contact: Mapped[FamilyContact | None] = relationship()
    themes: Mapped[list[PracticeTheme]] = relationship(
        secondary="survey_quote_theme", order_by=PracticeTheme.position
    )

    @property
    def attribution(self) -> str:
        """The source as printed: “Auditor”, or “Auditor, Health” where the kind of agency prints."""
        source = SOURCES[self.source]
        if not self.names_agency_kind or self.read_comment is None:
            return source
        kind = self.read_comment.audit_request.agency.kind
        return f"{source}, {AGENCY_KINDS.get(kind, kind)}"

    @property
    def origin(self) -> str:
        """Where the quote comes from, for staff: the case and kind of agency, the workshop or the family."""
        if self.read_comment is not None:
            audit_request = self.read_comment.audit_request
            kind = audit_request.agency.kind
            return f"{audit_request.case.pseudonym}, {AGENCY_KINDS.get(kind, kind)}"
        if self.workshop is not None:
            return self.workshop.title
        return f"Family of {self.family_contact.case.pseudonym}" if self.family_contact else ""


class QuoteTheme(Base):
    """Links a quote to a theme."""

    __tablename__ = "survey_quote_theme"

    quote_id: Mapped[int] = mapped_column(ForeignKey("survey_quote.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(
        ForeignKey("survey_practice_theme.id"), primary_key=True, index=True
    )
