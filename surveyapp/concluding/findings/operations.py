"""Adds, changes, moves and removes findings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from surveyapp.concluding.conclusion_rules import (
    NotOfThisAudit,
    check_removable,
    checked_text,
    evidence_of_audit,
)
from surveyapp.concluding.edit_conflicts import (
    check_conclusion_unchanged,
    finding_digest,
    lock_conclusion,
    reload_row,
)
from surveyapp.concluding.models import Finding, FindingQuestion
from surveyapp.concluding.numbering import move_and_renumber, renumber
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.gathering.models import PracticeTheme, Quote
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class FindingDetails:
    """A finding with its challenge to the board and its evidence.

    `questions` are question ids of the audit's form; `themes` and `quotes` are ids of rows of the same audit.
    """

    text: str
    challenge: str = ""
    questions: Collection[str] = ()
    themes: Collection[int] = ()
    quotes: Collection[int] = ()


def add_finding(audit: Audit, details: FindingDetails, *, actor: str, now: datetime) -> Finding:
    """Add a finding after the others.

    Raises TextMissingOrTooLong, and NotOfThisAudit for evidence of another audit.
    """
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
    """Change a finding's text, challenge and evidence; raises what `add_finding` raises.

    `seen` is the `finding_digest` that the page showed; raises EditConflict if it differs now.
    """
    lock_conclusion(finding.audit_id)
    reload_row(finding)
    check_conclusion_unchanged("finding", seen, finding_digest(finding))
    _write(session.get_one(Audit, finding.audit_id), finding, details)
    record_event(actor, "changed_finding", f"audit {finding.audit_id}", f"finding {finding.id}", now=now)


def move_finding(finding: Finding, *, to: int, actor: str, now: datetime) -> None:
    """Give a finding another number, from 1, and renumber the others; beyond the last, it is last."""
    lock_conclusion(finding.audit_id)
    move_and_renumber(_findings(finding.audit_id), finding, to)
    record_event(
        actor, "moved_finding", f"audit {finding.audit_id}", f"finding {finding.id} to {to}", now=now
    )


def remove_finding(finding: Finding, *, actor: str, now: datetime) -> None:
    """Remove a finding and renumber the others.

    Raises StillNeeded while a recommendation or an action depends on it.
    """
    audit_id, detail = finding.audit_id, f"finding {finding.id}"
    lock_conclusion(audit_id)
    check_removable(finding)
    session.delete(finding)
    session.flush()
    renumber(_findings(audit_id))
    record_event(actor, "removed_finding", f"audit {audit_id}", detail, now=now)


def _write(audit: Audit, finding: Finding, details: FindingDetails) -> None:
    finding.text = checked_text(details.text, "what was found")
    finding.challenge = (
        checked_text(details.challenge, "the challenge") if details.challenge.strip() else None
    )
    linked = {link.question: link for link in finding.questions}
    # A question that is already linked may stay, even if it has since left the form.
    unknown = sorted(
        set(details.questions) - {question.id for question in form_of(audit).questions} - linked.keys()
    )
    if unknown:
        raise NotOfThisAudit(f"There is no question “{unknown[0]}” in this audit. Choose from its list.")
    finding.questions = [
        linked.get(question_id) or FindingQuestion(question=question_id)
        for question_id in sorted(set(details.questions))
    ]
    finding.themes = evidence_of_audit(PracticeTheme, audit, details.themes, "theme")
    finding.quotes = evidence_of_audit(Quote, audit, details.quotes, "quote")


def _findings(audit_id: int) -> Sequence[Finding]:
    query = select(Finding).where(Finding.audit_id == audit_id)
    return session.scalars(query.order_by(Finding.position, Finding.id)).all()
