"""The progress of each return."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select

from surveyapp.answering.models import Answer, Return, Revision
from surveyapp.answering.returns.queries import AUTOSAVE, _holds_form_answers
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.defining.shown_questions import answered_and_asked
from surveyapp.foundation.store.db import session
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Involvement


def references_by_request(requests: Sequence[AuditRequest]) -> dict[int, str]:
    """The agency's own reference for its file, by request id, in one statement.

    Only for audits that ask for a code: without one nobody sees a reference (stories 4.4).
    """
    ids = [audit_request.id for audit_request in requests if audit_request.audit.asks_for_code]
    if not ids:
        return {}
    rows = session.execute(
        select(AuditRequest.id, Involvement.own_reference)
        .join(
            Involvement,
            and_(
                Involvement.case_id == AuditRequest.case_id, Involvement.agency_id == AuditRequest.agency_id
            ),
        )
        .where(AuditRequest.id.in_(ids), Involvement.own_reference.is_not(None))
    )
    return {request_id: reference for request_id, reference in rows if reference}


@dataclass(frozen=True)
class ReturnProgress:
    """The progress of one request: its return, the number of questions answered, when it was last saved.

    `saved_at` is UTC. `has_unreturned_changes`: it is returned, and changes saved since are not.
    """

    audit_request: AuditRequest
    audit_return: Return | None
    answered: int
    questions: int
    saved_at: datetime | None
    has_unreturned_changes: bool = False

    @property
    def has_returned(self) -> bool:
        """Whether it counts as returned, by a nil return or otherwise."""
        return self.audit_return is not None and self.audit_return.has_returned

    def has_started_since(self, moment: datetime) -> bool:
        """Whether anything has been saved since a moment (UTC), such as when it was delegated."""
        return self.saved_at is not None and self.saved_at >= moment


def return_progress(requests: Sequence[AuditRequest]) -> list[ReturnProgress]:
    """The progress of each of these requests, in their order; four statements for any number."""
    ids = [audit_request.id for audit_request in requests]
    returns = {
        audit_return.request_id: audit_return
        for audit_return in session.scalars(
            select(Return).where(Return.request_id.in_(ids)).order_by(Return.id)
        )
    }
    drafts = _drafts([audit_return.id for audit_return in returns.values() if not audit_return.has_returned])
    changed_ids = _with_unreturned_changes(
        [audit_return.id for audit_return in returns.values() if audit_return.has_returned]
    )
    progress = []
    for audit_request in requests:
        audit_return = returns.get(audit_request.id)
        answers, saved_at = drafts.get(audit_return.id, ((), None)) if audit_return else ((), None)
        answered, asked = answered_and_asked(audit_request.audit.form, audit_request.agency.kind, answers)
        has_changes = audit_return is not None and audit_return.id in changed_ids
        progress.append(
            ReturnProgress(
                audit_request, audit_return, answered, asked, saved_at, has_unreturned_changes=has_changes
            )
        )
    return progress


def _with_unreturned_changes(return_ids: Sequence[int]) -> set[int]:
    """Which of these returns, all of them returned, have changes saved since; never a nil return."""
    if not return_ids:
        return set()
    has_later_save = exists().where(
        Revision.return_id == Return.id,
        Revision.kind == "save",
        Revision.id > Return.current_revision_id,
    )
    changed = select(Return.id).where(Return.id.in_(return_ids), Return.nil_reason == "", has_later_save)
    return set(session.scalars(changed))


def _drafts(return_ids: Sequence[int]) -> dict[int, tuple[tuple[GivenAnswer, ...], datetime]]:
    """Answers with which the forms of these returns open and when they were saved; no text is decrypted."""
    newest = (
        select(func.max(Revision.id))
        .where(Revision.return_id.in_(return_ids), or_(_holds_form_answers(), Revision.kind == AUTOSAVE))
        .group_by(Revision.return_id)
    )
    rows = session.execute(
        select(Revision.return_id, Revision.created_at, Answer.question, Answer.item, Answer.option)
        .outerjoin(Answer, Answer.revision_id == Revision.id)
        .where(Revision.id.in_(newest))
        .order_by(Revision.return_id, Answer.id)
    )
    drafts: dict[int, tuple[tuple[GivenAnswer, ...], datetime]] = {}
    for return_id, saved_at, question, item, option in rows:
        earlier_answers, _at = drafts.get(return_id, ((), saved_at))
        more = (GivenAnswer(question, item or "", option or ""),) if question is not None else ()
        drafts[return_id] = ((*earlier_answers, *more), saved_at)
    return drafts
