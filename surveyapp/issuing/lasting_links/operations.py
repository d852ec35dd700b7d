"""Withdrawn and replaced links in the record beside the keys, and out of force again after a restore.

Without it a restored backup would put links back into force that were withdrawn after it was made, and the
version number of a link that was sent meanwhile would be given to another (promises 3.11).
"""

from datetime import datetime

from sqlalchemy import exists, or_, select

from surveyapp.foundation.mail.outbox import cancel_emails
from surveyapp.foundation.store.db import after_commit_once, read_transaction, session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.lasting_record import RecordedLink, lasting_record, record_links
from surveyapp.issuing.models import MAIL_ABOUT_A_GRANT, Delegation, Grant

WHY = "link withdrawn"


def record_after_commit() -> None:
    """Record the links that the transaction under way ends, once it is committed.

    For acts of staff. What contacts do waits for the worker, which looks every minute, so that nobody who
    returns an audit waits for another file to be synced.
    """
    after_commit_once(record_links_of_grants)


def record_links_of_grants(_now: datetime | None = None) -> int:
    """Record every link that has been replaced or withdrawn and is not recorded yet; returns how many.

    Raises LastingRecordUnusable.
    """
    with read_transaction():
        links = _links_to_record()
    return record_links(links)


def _links_to_record() -> list[RecordedLink]:
    """The links that are no longer as they were first sent.

    A colleague’s link that ended because they returned the case, or sent it back, counts as in force: if a
    backup brings the case back to them, they need it.
    """
    given_back = exists().where(
        Delegation.to_grant_id == Grant.id, Delegation.finished_at == Grant.revoked_at
    )
    grants = select(Grant.public_id, Grant.version, Grant.revoked_at, given_back).where(
        or_(Grant.version > 1, Grant.revoked_at.is_not(None))
    )
    links = []
    for public_id, version, revoked_at, was_given_back in session.execute(grants.order_by(Grant.id)):
        # Withdrawing a link counts its version up, so that the last one sent is one below.
        last_sent = version - 1 if was_given_back else version
        if last_sent > 1:
            is_withdrawn = revoked_at is not None and not was_given_back
            links.append(RecordedLink(public_id, last_sent, is_withdrawn))
    return links


def end_links_again(now: datetime) -> int:
    """End, in a restored database, the links that were ended after its backup; returns how many.

    A link that was replaced stays replaced by the newest one that was sent, and one that was withdrawn stays
    withdrawn. Emails about them that wait are cancelled. Raises LastingRecordUnusable.
    """
    recorded = lasting_record().links
    # Compared here: a statement takes some 30,000 values at most.
    grants = session.execute(select(Grant.id, Grant.public_id).order_by(Grant.id)).all()
    return sum(
        _end_again(session.get_one(Grant, grant_id, with_for_update=True), recorded[public_id], now)
        for grant_id, public_id in grants
        if public_id in recorded
    )


def _end_again(grant: Grant, link: RecordedLink, now: datetime) -> bool:
    is_withdrawn_since = link.is_withdrawn and grant.revoked_at is None and link.version >= grant.version
    if link.version <= grant.version and not is_withdrawn_since:
        return False
    grant.version = link.version
    if is_withdrawn_since:
        grant.revoked_at = now
    session.flush()
    cancel_emails(MAIL_ABOUT_A_GRANT, grant.id, now=now, why=WHY)
    record_event("command", "ended_link_again", f"grant {grant.id}", now=now)
    return True
