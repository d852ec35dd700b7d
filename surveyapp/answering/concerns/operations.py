"""Operations on current practice concerns: raised and taken back by answers; staff write the outcome."""

from datetime import datetime

from sqlalchemy import select

from surveyapp.answering.concerns.emails import CONCERN
from surveyapp.answering.models import Concern
from surveyapp.defining.concern import is_raised, told_whom_and_when
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.settings import settings
from surveyapp.foundation.signals import announce, concern_raised
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import NO_ROW, check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row
from surveyapp.issuing.models import AuditRequest

LONGEST_OUTCOME = 2_000


def update_concern(  # noqa: PLR0913 — what was pressed, and on what
    audit_request: AuditRequest,
    answers: tuple[GivenAnswer, ...],
    *,
    grant_id: int,
    counts: bool,
    press: int,
    now: datetime,
) -> bool:
    """Create, update or take back the request's concern to match these answers; True if it is newly raised.

    The caller has locked the request (promises 3.1). Answers that do not count (a clash, a late text) may
    raise a concern, since it cannot wait, but never change or take one back. `press` is the revision's id:
    each raising sends one email. `now` is UTC.
    """
    raised = is_raised(audit_request.audit.form.questions_for(audit_request.agency.kind), answers)
    concern = session.scalar(select(Concern).where(Concern.request_id == audit_request.id))
    is_open = concern is not None and concern.taken_back_at is None
    if not counts and (is_open or not raised):
        return False
    if not raised:
        if concern is not None and is_open:
            concern.taken_back_at = now
            record_event(f"grant {grant_id}", "took_back_concern", f"request {audit_request.id}", now=now)
        return False
    if concern is None:
        concern = Concern(request_id=audit_request.id, raised_at=now)
        session.add(concern)
    concern.told_whom, concern.told_when = (text or None for text in told_whom_and_when(answers))
    if is_open:
        return False
    concern.raised_at, concern.taken_back_at = now, None
    session.flush()
    contact_email, key = settings().contact_email, f"concern:{concern.id}:{press}"
    queue_email(CONCERN.name, concern.id, to=contact_email, key=key, now=now)
    record_event(f"grant {grant_id}", "raised_concern", f"request {audit_request.id}", now=now)
    announce(concern_raised, audit_id=audit_request.audit_id, request_id=audit_request.id)
    return True


def write_outcome(  # noqa: PLR0913 — what was written, by whom, having seen what
    concern: Concern, outcome: str, *, was_referred: bool, seen: str, actor: str, now: datetime
) -> None:
    """Write the outcome of a concern, and whether the case was referred for immediate action.

    `seen` is the `outcome_digest` at the time the page was shown. Raises EditConflict if somebody has written
    an outcome since, Refused for an empty or too long text.
    """
    text = outcome.strip()
    if not text or len(text) > LONGEST_OUTCOME:
        raise Refused(f"Write what came of it, in {LONGEST_OUTCOME:,} characters or fewer.")
    concern = lock_row(select(Concern).where(Concern.id == concern.id))
    check_unchanged(
        seen,
        outcome_digest(concern),
        message="Someone else wrote an outcome after you opened this page.",
        way_on="Theirs is above yours. Press Save again to put yours in its place.",
    )
    concern.outcome, concern.was_referred, concern.outcome_at = text, was_referred, now
    record_event(actor, "wrote_concern_outcome", f"request {concern.request_id}", now=now)


def outcome_digest(concern: Concern) -> str:
    """A digest of a concern's outcome, to detect concurrent edits; `NO_ROW` if none has been written."""
    if concern.outcome_at is None:
        return NO_ROW
    return row_digest(
        outcome=concern.outcome, was_referred=concern.was_referred, outcome_at=concern.outcome_at
    )
