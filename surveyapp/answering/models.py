"""Tables of answering: returns with their revisions and answers, concerns, enquiries and codes."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.foundation.store.db import Base
from surveyapp.foundation.store.encrypted_text import EncryptedText
from surveyapp.issuing.models import AuditRequest

# Why an agency has nothing to audit (stories AL5), with the words from which the contact chooses.
NIL_REASONS = {
    "not_known": "This child is not known to us",
    "relative_only": "We know only a parent, brother or sister",
    "closed_before": "We had closed our file before the period under review",
    "file_missing": "Our file is not available",
    "moved": "The child has moved: another agency holds the file",
}

# How answers reached the member of staff who keyed them in (stories BM16), in words.
RECEIVED_BY = {"telephone": "by telephone", "paper": "from paper"}
# Why staff ask a contact to correct a return (stories BM13), in words that can stand in an email.
REOPENING_REASONS = {
    "missing": "Some answers are missing",
    "unclear": "An answer is not clear to us",
    "contradiction": "Two answers do not fit together",
    "other_file": "It may be about another child’s file",
    "asked_by_agency": "You asked us to",
}


class Return(Base):
    """The return of one request; created when somebody first saves, or when a late return is allowed."""

    __tablename__ = "survey_return"
    __table_args__ = (
        CheckConstraint("nil_reason = '' OR returned_at IS NOT NULL", name="nil_is_returned"),
        CheckConstraint("(reopened_at IS NULL) = (reopening_reason = '')", name="reopened_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("survey_audit_request.id"), unique=True)
    # Goes up by one each time another revision counts; a page that showed an older version gets a clash.
    version: Mapped[int] = mapped_column(default=0)
    current_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("survey_revision.id", use_alter=True, name="fk_survey_return_current_revision_id"),
        index=True,
    )
    returned_at: Mapped[datetime | None]
    # When it was first returned; a later correction does not make it late.
    first_returned_at: Mapped[datetime | None]
    nil_reason: Mapped[str] = mapped_column(String(20), default="")
    is_late: Mapped[bool] = mapped_column(default=False)
    late_allowed_at: Mapped[datetime | None]
    # Since when staff have it open for correction, why, and what they wrote to the contact about it; until it
    # is returned again.
    reopened_at: Mapped[datetime | None]
    reopening_reason: Mapped[str] = mapped_column(String(20), default="")
    reopening_note: Mapped[str | None] = mapped_column(EncryptedText)
    # Keyed digests of wordings that look like personal details and that the contact chose to keep.
    kept_wordings: Mapped[list[str]] = mapped_column(JSON, default=list)
    audit_request: Mapped[AuditRequest] = relationship()
    current_revision: Mapped["Revision | None"] = relationship(
        foreign_keys=[current_revision_id], post_update=True
    )

    @property
    def has_returned(self) -> bool:
        """Whether this counts as returned, by a nil return or otherwise."""
        return self.returned_at is not None

    @property
    def waits_for_correction(self) -> bool:
        """Whether staff opened it again and nobody has returned it since; the earlier version counts."""
        return self.reopened_at is not None

    @property
    def counts_after_close(self) -> bool:
        """Whether answers count although returns are closed: staff allowed it, or asked for a correction."""
        return self.late_allowed_at is not None or self.waits_for_correction


class Revision(Base):
    """What one press of Save or Return sent, or an autosave. All but autosaves are stored for good."""

    __tablename__ = "survey_revision"
    __table_args__ = (
        CheckConstraint("kind IN ('autosave','save','submit','nil','clash','late')", name="kind"),
        CheckConstraint("received_by IN ('','telephone','paper')", name="received_by"),
        CheckConstraint("(keyed_by = '') = (received_by = '')", name="keyed_in"),
        Index("ix_survey_revision_return", "return_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("survey_return.id"))
    # Sent by the page, so that pressing twice counts once.
    submission_id: Mapped[str] = mapped_column(String(40), unique=True)
    seen_version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    grant_id: Mapped[int] = mapped_column(ForeignKey("survey_grant.id"), index=True)
    created_at: Mapped[datetime]
    # The member of staff who keyed it in on behalf of the contact, and one of RECEIVED_BY; empty if the
    # contact sent it.
    keyed_by: Mapped[str] = mapped_column(String(200), default="")
    received_by: Mapped[str] = mapped_column(String(10), default="")
    # Of an autosave: since when it has had a ticked concern of which the partnership is still to be told.
    concern_since: Mapped[datetime | None] = mapped_column(index=True)
    # Shows that its answers are those that were stored (`surveyapp/answering/revision_seals.py`).
    seal: Mapped[str] = mapped_column(String(64), default="")
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.id")


class Answer(Base):
    """One answer: choices in clear, so that SQL can count them; text encrypted."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        UniqueConstraint("revision_id", "question", "item", "option"),
        Index("ix_survey_answer_counted", "question", "item", "option"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("survey_revision.id"))
    question: Mapped[str] = mapped_column(String(80))
    item: Mapped[str] = mapped_column(String(80), default="")
    option: Mapped[str] = mapped_column(String(80), default="")
    text: Mapped[str | None] = mapped_column(EncryptedText)


class Concern(Base):
    """A current practice concern: when it was raised, whom they told, its outcome (stories E4, AL9)."""

    __tablename__ = "survey_concern"
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (outcome_at IS NULL)", name="outcome_has_its_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("survey_audit_request.id"), unique=True)
    raised_at: Mapped[datetime]
    # When the box was unticked; the row stays, to explain the email that was sent.
    taken_back_at: Mapped[datetime | None]
    told_whom: Mapped[str | None] = mapped_column(EncryptedText)
    told_when: Mapped[str | None] = mapped_column(EncryptedText)
    outcome: Mapped[str | None] = mapped_column(EncryptedText)
    # Whether the case was referred for immediate action (R2014 2.1.10); None until staff record it.
    was_referred: Mapped[bool | None]
    outcome_at: Mapped[datetime | None]
    audit_request: Mapped[AuditRequest] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether it has not been taken back."""
        return self.taken_back_at is None


class Enquiry(Base):
    """A question to the partnership, or a request for more time, about one request (stories AL12)."""

    __tablename__ = "survey_enquiry"
    __table_args__ = (
        CheckConstraint("kind IN ('question','more_time','given')", name="kind"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_its_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("survey_audit_request.id"), index=True)
    # The enquiry about another case with which this one was asked in one press; None for the first, or for
    # one alone. They are one question to the partnership, answered once.
    asked_with_id: Mapped[int | None] = mapped_column(ForeignKey("survey_enquiry.id"), index=True)
    # Sent by the page, so that pressing twice counts once.
    submission_id: Mapped[str] = mapped_column(String(40), unique=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("survey_grant.id"))
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(EncryptedText)
    # The day by which the contact could return it, if they ask for more time.
    wanted_on: Mapped[date | None]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(EncryptedText)
    # The due day that was given; the request's own due day is set to it.
    due_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    audit_request: Mapped[AuditRequest] = relationship()
    # The enquiries about other cases that were asked with this one.
    others: Mapped[list["Enquiry"]] = relationship(order_by="Enquiry.id")

    @property
    def cases(self) -> list[str]:
        """The pseudonyms of the cases that this enquiry, and any asked with it, are about."""
        return [each.audit_request.case.pseudonym for each in (self, *self.others)]


class Code(Base):
    """One code sent to a mailbox. Its digits are derived from the random id, never stored (promises 3.6)."""

    __tablename__ = "survey_code"
    __table_args__ = (Index("ix_survey_code_grant", "grant_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("survey_grant.id"))
    random_id: Mapped[str] = mapped_column(String(24), unique=True)
    # The browser that asked for the code, which is valid only there.
    browser_id: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class WantedLink(Base):
    """An address at which somebody asked for their link again, until the worker has looked it up.

    The page stores every address in the same way, so that its time says nothing about who is on record.
    """

    __tablename__ = "survey_wanted_link"

    # In small letters.
    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    asked_at: Mapped[datetime]
