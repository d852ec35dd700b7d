"""The release of a report: its review, answers to flags, approval by an executive, the public version."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from surveyapp.checks.audit_facts import audit_facts
from surveyapp.checks.flag_answers import (
    FlagWithAnswer,
    flags_with_answers,
    keep_flags,
    unanswered_count,
)
from surveyapp.checks.proposals.models import REPORT, ReleaseProposal
from surveyapp.checks.proposals.operations import approve_proposal, check_releasable, propose
from surveyapp.checks.proposals.queries import latest_proposal
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import document_day
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit
from surveyapp.report.checks import report_flags
from surveyapp.report.parts import Report
from surveyapp.report.pdf import report_as_pdf
from surveyapp.report.release.digest import is_released_as, release_digest
from surveyapp.report.release.models import ReportKeptFlag, ReportRelease
from surveyapp.report.report import report_of

DRAFT = "Draft of the public version, not approved."


@dataclass(frozen=True)
class ReportReview:
    """The public version of a report under review, its flags, its latest release and its latest proposal."""

    audit: Audit
    report: Report
    findings: tuple[FlagWithAnswer[ReportKeptFlag], ...]
    release: ReportRelease | None
    proposal: ReleaseProposal | None

    @property
    def waiting(self) -> int:
        """The number of flags without an answer."""
        return unanswered_count(self.findings)

    @property
    def content(self) -> str:
        """A digest of all that a reader sees in the report, except the time at which it was read."""
        return release_digest(self.report)

    @property
    def can_be_released(self) -> bool:
        """Whether there is something to release, and nothing that has to be answered first."""
        return bool(self.report.returns) and not self.waiting and not self.is_released

    @property
    def is_released(self) -> bool:
        """Whether the latest release has exactly the contents of the report now."""
        release = self.release
        return release is not None and is_released_as(
            self.report, content=release.content, released_at=release.released_at
        )


def report_review(audit_id: int, *, now: datetime) -> ReportReview:
    """Review an audit’s report before release. Raises NoResultFound for an unknown audit."""
    audit = session.get_one(Audit, audit_id)
    # The checks read the public version, since that is what is released.
    report = report_of(audit_id, now=now, public=True)
    answers = select(ReportKeptFlag).where(ReportKeptFlag.audit_id == audit_id)
    findings = flags_with_answers(
        report_flags(report, audit_facts(audit)), session.scalars(answers.order_by(ReportKeptFlag.id))
    )
    return ReportReview(audit, report, findings, latest_release(audit_id), latest_proposal(audit_id, REPORT))


def latest_release(audit_id: int) -> ReportRelease | None:
    """The latest release of an audit's report, without its file; None before the first."""
    releases = select(ReportRelease).where(ReportRelease.audit_id == audit_id)
    return session.scalars(releases.order_by(ReportRelease.id.desc()).limit(1)).one_or_none()


def released_report(audit_id: int) -> bytes:
    """The PDF of the latest public version. Raises NotFound before the first release."""
    release = latest_release(audit_id)
    if release is None:
        raise NotFound("This audit’s report has not been released.", way_on="It is released from its page.")
    return release.pdf


def keep_report_flags(audit_id: int, reasons: Mapping[str, str], *, actor: str, now: datetime) -> int:
    """Save somebody’s reasons for keeping flags in a report, and return the number of flags answered."""

    def new(mark: str) -> ReportKeptFlag:
        return ReportKeptFlag(audit_id=audit_id, mark=mark)

    count = keep_flags(report_review(audit_id, now=now).findings, reasons, new=new, actor=actor, now=now)
    if count:
        record_event(actor, "kept_in_report", f"audit {audit_id}", counted(count, "finding"), now=now)
    return count


def take_back_report_answer(audit_id: int, mark: str, *, actor: str, now: datetime) -> bool:
    """Delete the answer to one flag, so that it waits again; False if there is none."""
    answers = select(ReportKeptFlag).where(ReportKeptFlag.audit_id == audit_id, ReportKeptFlag.mark == mark)
    answer = session.scalars(answers).one_or_none()
    if answer is None:
        return False
    session.delete(answer)
    record_event(actor, "took_back_in_report", f"audit {audit_id}", now=now)
    return True


def propose_report(audit_id: int, *, seen: str, actor: str, now: datetime) -> ReleaseProposal:
    """Ask executives to approve a report for release.

    `seen` is the `content` that the page showed. Raises EditConflict if the report has changed since,
    FlagsUnanswered while a flag has no answer, and Refused if approval has been asked for already, if the
    report is released as it is, or if no return with answers has come in.
    """
    review = _releasable(audit_id, seen, now=now)
    return propose(audit_id, REPORT, content=review.content, actor=actor, now=now)


def release_report(
    audit_id: int, *, seen: str, roles: Collection[str], actor: str, now: datetime
) -> ReportRelease:
    """Approve a report: its public version is released as it is now, with the executive’s name and the day.

    `seen` is the `content` that the executive looked at; `roles` are theirs. Raises EditConflict if the
    report has changed since, FlagsUnanswered while a flag has no answer, NotAnExecutive, NothingProposed if
    nobody asked for approval, and Refused if no return with answers has come in.
    """
    review = _releasable(audit_id, seen, now=now)
    approve_proposal(audit_id, REPORT, content=review.content, roles=roles, actor=actor, now=now)
    release = ReportRelease(
        audit_id=audit_id,
        approver=actor,
        released_at=now,
        content=review.content,
        pdf=report_as_pdf(approved_report(review.report, actor, now=now)),
    )
    session.add(release)
    record_event(actor, "released_report", f"audit {audit_id}", now=now)
    return release


def _releasable(audit_id: int, seen: str, *, now: datetime) -> ReportReview:
    """Lock the audit and review its report, as the page showed it. Raises what `propose_report` does."""
    session.get_one(Audit, audit_id, with_for_update=True)
    review = report_review(audit_id, now=now)
    check_releasable(
        REPORT,
        review,
        seen=seen,
        has_returns=bool(review.report.returns),
        way_on="Look through it again, then press again.",
    )
    return review


def draft_public_report(audit_id: int, *, now: datetime) -> bytes:
    """The PDF of the public version before approval. Raises NoResultFound for an unknown audit."""
    return report_as_pdf(replace(report_of(audit_id, now=now, public=True), approved=DRAFT))


def approved_report(report: Report, approver: str, *, now: datetime) -> Report:
    """The report with the approver’s name and the day of approval (a UK day)."""
    day = document_day(local_day(now))
    return replace(report, approved=f"Approved for publication by {approver} on {day}.")
