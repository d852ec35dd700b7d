"""Operations on current practice concerns: raised and taken back by answers; staff write the outcome."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import select

from surveyapp.answering.concerns.emails import CONCERN, CONCERN_TAKEN_BACK
from surveyapp.answering.concerns.queries import concern_of_request, emails_about, is_believed_open
from surveyapp.answering.models import Concern
from surveyapp.defining.concern import is_raised, told_whom_and_when
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.foundation.errors import Refused
from surveyapp.foundation.mail.outbox import MailKind, cancel_emails, queue_email
from surveyapp.foundation.settings import settings
from surveyapp.foundation.signals import announce, concern_raised
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.edit_conflicts import NO_ROW, check_unchanged, row_digest
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.row_locks import lock_row
from surveyapp.issuing.models import AuditRequest

LONGEST_OUTCOME = 2_000


def answers_raise_concern(audit_request: AuditRequest, answers: Iterable[GivenAnswer]) -> bool:
    """Whether these answers to a request raise a concern, by the box or by an option of the form."""
    return is_raised(audit_request.audit.form.questions_for(audit_request.agency.kind), answers)


def update_concern(  # noqa: PLR0913 — what was pressed, and on what
    audit_request: AuditRequest,
    answers: tuple[GivenAnswer, ...],
    *,
    grant_id: int,
    actor: str = "",
    counts: bool,
    kept: Callable[[], Iterable[tuple[GivenAnswer, ...]]],
    now: datetime,
) -> bool:
    """Create, update or take back the request's concern to match these answers; True if it is newly raised.

    The caller has locked the request (promises 3.1). Answers that do not count (a clash, a late text) may
    raise a concern, since it cannot wait, but never change or take one back. `kept` gives the texts that
    other pages keep without having saved them: while one of them has the tick, no concern is taken back.
    `actor` is the member of staff who keyed the answers in; empty for the contact. `now` is UTC.
    """
    raised = answers_raise_concern(audit_request, answers)
    concern = concern_of_request(audit_request.id)
    is_open = concern is not None and concern.is_open
    if not counts and (is_open or not raised):
        return False
    if not raised:
        if (
            concern is not None
            and is_open
            and not any(answers_raise_concern(audit_request, text) for text in kept())
        ):
            take_back_concern(concern, grant_id=grant_id, actor=actor, now=now)
        return False
    if concern is None or not is_open:
        raise_concern(audit_request, answers, grant_id=grant_id, actor=actor, now=now)
        return True
    concern.told_whom, concern.told_when = (text or None for text in told_whom_and_when(answers))
    return False


def raise_concern(
    audit_request: AuditRequest,
    answers: Iterable[GivenAnswer],
    *,
    grant_id: int,
    actor: str = "",
    now: datetime,
) -> None:
    """Raise the concern in these answers, and queue the email that tells the partnership. `now` is UTC.

    The caller has locked the request and made sure that it has no open concern.
    """
    concern = concern_of_request(audit_request.id)
    if concern is None:
        concern = Concern(request_id=audit_request.id, raised_at=now)
        session.add(concern)
    concern.raised_at, concern.taken_back_at = now, None
    concern.told_whom, concern.told_when = (text or None for text in told_whom_and_when(answers))
    session.flush()
    _queue(CONCERN, concern, grant_id=grant_id, now=now)
    record_event(actor or f"grant {grant_id}", "raised_concern", f"request {audit_request.id}", now=now)
    announce(concern_raised, audit_id=audit_request.audit_id, request_id=audit_request.id)


def fill_in_details(concern: Concern, answers: Iterable[GivenAnswer]) -> None:
    """Add to an open concern whom they told and when, where it does not say so yet."""
    whom, when = told_whom_and_when(answers)
    concern.told_whom = concern.told_whom or whom or None
    concern.told_when = concern.told_when or when or None


def take_back_concern(concern: Concern, *, grant_id: int, actor: str = "", now: datetime) -> None:
    """Take a concern back: an email that has not left is cancelled, and otherwise another one says so.

    The caller has locked the request. `now` is UTC.
    """
    concern.taken_back_at = now
    cancel_emails((CONCERN.name,), concern.id, now=now, why="The concern was taken back.")
    if is_believed_open(concern.id):
        _queue(CONCERN_TAKEN_BACK, concern, grant_id=grant_id, now=now)
    record_event(actor or f"grant {grant_id}", "took_back_concern", f"request {concern.request_id}", now=now)


def _queue(kind: MailKind, concern: Concern, *, grant_id: int, now: datetime) -> None:
    # Numbered, since a concern may be raised and taken back several times, and each is one email.
    number = emails_about(kind.name, concern.id) + 1
    key, source = f"{kind.name}:{concern.id}:number-{number}", f"grant {grant_id}"
    queue_email(kind.name, concern.id, to=settings().contact_email, key=key, now=now, source=source)


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
