"""What is concluded: findings in order with what they rest on, and when the same is audited again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from surveyapp.concluding.conclusion_rules import (
    ConclusionRefused,
    NotOfThisAudit,
    check_removable,
    checked_text,
    evidence_of_audit,
    move_and_renumber,
    renumber,
)
from surveyapp.concluding.concurrent_edits import (
    check_conclusion_unchanged,
    finding_digest,
    lock_conclusion,
    reload_row,
)
from surveyapp.concluding.models import Finding, FindingQuestion
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.gathering.models import PracticeTheme, Quote
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit


class ReAuditDayPast(ConclusionRefused):
    """A day on which nobody can audit again."""


@dataclass(frozen=True)
class FindingDetails:
    """What a finding says, what it asks of the board, and what it rests on.

    `questions` are ids of the audit's form; `themes` and `quotes` are numbers of the audit's own.
    """

    text: str
    challenge: str = ""
    questions: Collection[str] = ()
    themes: Collection[int] = ()
    quotes: Collection[int] = ()


def add_finding(audit: Audit, details: FindingDetails, *, actor: str, now: datetime) -> Finding:
    """Add a finding after the others; raises NotWritten, and NotOfThisAudit for evidence of another audit."""
    lock_conclusion(audit.id)
    finding = Finding(audit_id=audit.id, position=len(_findings(audit.id)) + 1)
    _write(audit, finding, details)
    session.add(finding)
    session.flush()
    record_event(actor, "added_finding", f"audit {audit.id}", f"finding {finding.id}", now=now)
    return finding


def change_finding(
    finding: Finding, details: FindingDetails, *, seen: str | None = None, actor: str, now: datetime
) -> None:
    """Change what a finding says and rests on; raises as `add_finding` does.

    `seen` is what `finding_digest` was when the page was made; raises EditConflict where it differs now.
    """
    lock_conclusion(finding.audit_id)
    reload_row(finding)
    check_conclusion_unchanged("finding", seen, finding_digest(finding))
    _write(session.get_one(Audit, finding.audit_id), finding, details)
    record_event(actor, "changed_finding", f"audit {finding.audit_id}", f"finding {finding.id}", now=now)


def move_finding(finding: Finding, *, to: int, actor: str, now: datetime) -> None:
    """Give a finding another number, from 1; the others close up. A number beyond the last is the last."""
    lock_conclusion(finding.audit_id)
    move_and_renumber(_findings(finding.audit_id), finding, to)
    record_event(
        actor, "moved_finding", f"audit {finding.audit_id}", f"finding {finding.id} to {to}", now=now
    )


def remove_finding(finding: Finding, *, actor: str, now: datetime) -> None:
    """Remove a finding; the others close up.

    Raises StillNeeded while a recommendation or an action hangs on it.
    """
    audit_id, about = finding.audit_id, f"finding {finding.id}"
    lock_conclusion(audit_id)
    check_removable(finding)
    session.delete(finding)
    session.flush()
    renumber(_findings(audit_id))
    record_event(actor, "removed_finding", f"audit {audit_id}", about, now=now)


def _write(audit: Audit, finding: Finding, details: FindingDetails) -> None:
    finding.text = checked_text(details.text, "what was found")
    finding.challenge = (
        checked_text(details.challenge, "the challenge") if details.challenge.strip() else None
    )
    before = {each.question: each for each in finding.questions}
    # A question that was linked before stays, whatever became of the form's file since.
    unknown = sorted(set(details.questions) - {each.id for each in form_of(audit).questions} - before.keys())
    if unknown:
        raise NotOfThisAudit(f"There is no question “{unknown[0]}” in this audit. Choose from its list.")
    finding.questions = [
        before.get(each) or FindingQuestion(question=each) for each in sorted(set(details.questions))
    ]
    finding.themes = evidence_of_audit(PracticeTheme, audit, details.themes, "theme")
    finding.quotes = evidence_of_audit(Quote, audit, details.quotes, "quote")


def _findings(audit_id: int) -> Sequence[Finding]:
    chosen = select(Finding).where(Finding.audit_id == audit_id)
    return session.scalars(chosen.order_by(Finding.position, Finding.id)).all()


def plan_re_audit(audit: Audit, on: date | None, *, actor: str, now: datetime) -> None:
    """Say on which UK day the same is audited again, None for none; raises WrongReAuditDay for a past one."""
    conclusion = lock_conclusion(audit.id)
    if on is not None and on != conclusion.re_audit_on and on <= local_day(now):
        raise ReAuditDayPast(f"{day_in_words(on)} is not to come: choose a later day, or leave it empty.")
    conclusion.re_audit_on = on
    record_event(actor, "planned_re_audit", f"audit {audit.id}", str(on or "no day"), now=now)
