"""Purges: begun by the worker on their day or by a person, done in batches, finished after any interruption.

A purge begins in one transaction: the figures are kept, the certificate is written, every link is withdrawn,
and from its commit on no page, export or query shows what it removes. The rows then go in batches; the worker
goes on with a purge that was interrupted.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update

from surveyapp.collating.queries import agencies_asked
from surveyapp.collating.then_and_now.operations import keep_figures
from surveyapp.foundation.errors import FieldRefused, Refused
from surveyapp.foundation.mail.circuit_breaker import switches
from surveyapp.foundation.mail.clock_check import clock_is_doubtful
from surveyapp.foundation.mail.outbox import cancel_emails
from surveyapp.foundation.store.db import session, transaction, update_rows
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.lasting_record import audit_key, purged_audits, record_purged
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.gathering.themes.operations import keep_theme_counts
from surveyapp.issuing.models import MAIL_ABOUT_A_GRANT, AuditRequest, Grant
from surveyapp.planning.audit_state_operations import mark_answers_removed
from surveyapp.planning.errors import check_answers_kept
from surveyapp.planning.grid.operations import store_chosen
from surveyapp.planning.locks import lock_audit
from surveyapp.planning.models import Audit, Case
from surveyapp.retention.models import DRAFTS, EVERYTHING, RETURNS, Hold, PurgeCertificate
from surveyapp.retention.purging.row_removal import (
    REMOVALS,
    count_rows,
    empty_texts,
    kept_conditions,
    remove_audit,
    removed_conditions,
    rows_of_drafts,
)
from surveyapp.retention.queries import due_purges, open_hold, retention_of, unfinished_purges
from surveyapp.tracking.queries import tally

# Batches of a purge that a worker removes before it looks for emails to send again.
BATCHES_AT_ONCE = 20
WORKER = "worker"
# The actor of purges that a restore repeats.
RESTORE = "restore"
# What follows the key of an audit in the lasting record if all of the audit went.
ALL_OF_IT = "/all"


class OnHold(Refused):
    """A hold stops every purge of the audit."""

    def __init__(self, hold: Hold) -> None:
        """Name who set it."""
        super().__init__(
            f"This audit is on hold, set by {hold.set_by}, so nothing of it is purged.",
            way_on="Whoever may end the hold does so first, with a reason.",
        )


class StillTakesReturns(Refused):
    """Returns of the audit are open, so it is not purged."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__(
            "This audit takes returns, so nothing of it is purged.", way_on="Close its returns first."
        )


class DateInDoubt(Refused):
    """The date may be wrong, and a purge on a wrong date cannot be undone."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__(
            "Nothing is purged while the date is in doubt.", way_on="Confirm the date on the page Mail."
        )


@dataclass(frozen=True)
class PurgeCounts:
    """How many rows of each table a purge removes, and how many stay; by the names of the tables."""

    removed: Mapping[str, int]
    kept: Mapping[str, int]


def purge_counts(audit: Audit, kind: str) -> PurgeCounts:
    """What a purge of this kind would remove of an audit as it stands, and what would stay."""
    removed = count_rows(removed_conditions(audit, kind))
    kept = count_rows(kept_conditions(audit)) if kind == RETURNS else {}
    return PurgeCounts(removed, kept)


def begin_due_purges(now: datetime) -> int:
    """Begin every purge whose day has come, and return how many; the worker runs it. `now` is UTC.

    Each is a transaction of its own, and the worker goes on with them by `continue_purges`.
    """
    begun = 0
    # Twice, since of an audit without drafts the returns may be due as well.
    for _turn in range(2):
        for purge in due_purges(now):
            with transaction():
                certificate = begin_purge(purge.audit, purge.kind, due_on=purge.on, actor=WORKER, now=now)
            begun += certificate is not None
    return begun


def purge_by_hand(audit: Audit, *, typed_title: str, actor: str, now: datetime) -> None:
    """Begin to purge an audit’s returns and keys before their day. Raises as `begin_purge` does.

    `typed_title` is its title as the person typed it to confirm; case and spaces do not matter. Raises
    FieldRefused for another title.
    """
    if name_key(typed_title) != name_key(audit.title):
        raise FieldRefused("title", f"Type “{audit.title}” to purge this audit")
    if begin_purge(audit, RETURNS, due_on=None, actor=actor, now=now) is None:
        raise Refused("A purge of this audit is under way.", way_on="Look at how it stands now.")


def begin_purge(
    audit: Audit, kind: str, *, due_on: date | None, actor: str, now: datetime
) -> PurgeCertificate | None:
    """Begin a purge of an audit; None if a purge is under way, or if there is nothing of this kind to remove.

    Raises DateInDoubt, OnHold, StillTakesReturns, and AnswersRemoved if returns and keys are gone already.
    """
    if clock_is_doubtful(switches(), now):
        raise DateInDoubt
    lock_audit(audit)
    hold = open_hold(audit.id)
    if hold is not None:
        raise OnHold(hold)
    if audit.is_issued and not audit.is_closed(now):
        raise StillTakesReturns
    if kind == RETURNS:
        check_answers_kept(audit)
    under_way = select(PurgeCertificate.id).where(
        PurgeCertificate.audit_id == audit.id, PurgeCertificate.finished_at.is_(None)
    )
    if session.scalar(under_way.limit(1)) is not None:
        return None
    if kind == DRAFTS:
        dates = retention_of(audit.id)
        if dates is not None:
            dates.drafts_purged_at = now
        drafts = select(rows_of_drafts().where(AuditRequest.audit_id == audit.id).exists())
        if not session.scalar(drafts):
            return None
    return _write_certificate(audit, kind, due_on=due_on, actor=actor, now=now)


def _write_certificate(
    audit: Audit, kind: str, *, due_on: date | None, actor: str, now: datetime
) -> PurgeCertificate:
    """Begin a purge of a locked audit: its certificate, its kept figures, and the lasting record."""
    counts = purge_counts(audit, kind)
    certificate = PurgeCertificate(
        audit_id=audit.id,
        title=audit.title,
        kind=kind,
        due_on=due_on,
        purged_by=actor,
        began_at=now,
        removed=dict(counts.removed),
        kept=dict(counts.kept),
    )
    session.add(certificate)
    if kind != DRAFTS and audit.answers_removed_at is None:
        _take_leave_of_answers(audit, now=now)
    session.flush()
    record_event(actor, "began_purge", f"audit {audit.id}", kind, now=now)
    if kind != DRAFTS:
        # Before the commit: an older backup must not bring it back, whatever happens in between.
        record_purged(recorded_as(audit, kind), now)
    return certificate


def recorded_as(audit: Audit, kind: str) -> str:
    """The name of a purge in the lasting record: the audit’s key, with a mark if all of the audit goes."""
    key = audit_key(audit.id, audit.created_at)
    return f"{key}{ALL_OF_IT}" if kind == EVERYTHING else key


def repeat_recorded_purges(now: datetime) -> int:
    """Purge again, to the last row, what a restored backup brought back; returns of how many audits.

    The lasting record beside the keys says what was purged after the backup was made. Neither a hold nor a
    day of the backup’s time counts against it. `now` is UTC. Raises LastingRecordUnusable.
    """
    repeated = 0
    recorded = purged_audits()
    audits = [(audit.id, audit.created_at) for audit in session.scalars(select(Audit).order_by(Audit.id))]
    session.rollback()
    for audit_id, created_at in audits:
        key = audit_key(audit_id, created_at)
        kind = EVERYTHING if key + ALL_OF_IT in recorded else RETURNS if key in recorded else ""
        if not kind:
            continue
        with transaction():
            audit = session.get_one(Audit, audit_id)
            lock_audit(audit)
            if kind == EVERYTHING or audit.answers_removed_at is None:
                _write_certificate(audit, kind, due_on=None, actor=RESTORE, now=now)
                repeated += 1
    while unfinished_purges():
        continue_purges(now)
    return repeated


def continue_purges(now: datetime) -> int:
    """Go on with purges that have begun, some batches each, and return how many ended; the worker runs it."""
    ended = 0
    for certificate_id in unfinished_purges():
        for _batch in range(BATCHES_AT_ONCE):
            with transaction():
                is_finished = purge_next_batch(certificate_id, now=now)
            if is_finished:
                ended += 1
                break
    return ended


def purge_next_batch(certificate_id: int, *, now: datetime) -> bool:
    """Remove the next rows of a purge, or end it if there are none; whether it has ended.

    True too while another process is at it, which goes on with it.
    """
    under_way = select(PurgeCertificate).where(
        PurgeCertificate.id == certificate_id, PurgeCertificate.finished_at.is_(None)
    )
    certificate = session.scalar(under_way.with_for_update(skip_locked=True))
    if certificate is None:
        return True
    audit = session.get(Audit, certificate.audit_id)
    if audit is not None:
        if any(remove(audit) for remove in REMOVALS[certificate.kind]):
            return False
        if certificate.kind != DRAFTS:
            empty_texts(audit)
        if certificate.kind == EVERYTHING:
            # On SQLite its number might be given again; this event says that it was taken.
            record_event(certificate.purged_by, "deleted_audit", f"audit {audit.id}", audit.title, now=now)
            remove_audit(audit)
    certificate.finished_at = max(now, certificate.began_at)
    record_event(
        certificate.purged_by, "finished_purge", f"audit {certificate.audit_id}", certificate.number, now=now
    )
    return True


def _take_leave_of_answers(audit: Audit, *, now: datetime) -> None:
    """Keep the counts and figures of a locked audit, end its links and mark its answers as removed."""
    if audit.is_issued:
        keep_figures(audit, now=now)
    keep_theme_counts(audit)
    store_chosen(audit, {agency.id for agency in agencies_asked(audit)})
    cases = session.scalar(select(func.count()).where(Case.audit_id == audit.id)) or 0
    counts = {"cases": cases, "agencies": len(agencies_asked(audit)), **asdict(tally(audit, now=now))}
    grants = select(Grant.id).where(Grant.audit_id == audit.id).order_by(Grant.id).with_for_update()
    grant_ids = session.scalars(grants).all()
    update_rows(
        update(Grant)
        .where(Grant.audit_id == audit.id, Grant.revoked_at.is_(None))
        .values(revoked_at=now, version=Grant.version + 1)
    )
    cancel_emails(MAIL_ABOUT_A_GRANT, *grant_ids, now=now, why="The audit was purged.")
    mark_answers_removed(audit, counts=counts, now=now)
