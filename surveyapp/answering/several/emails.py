"""The one receipt for nil returns made for several cases at once; it quotes no reason."""

from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from surveyapp.answering.models import Return, Revision
from surveyapp.answering.outstanding_queries import outstanding
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import session
from surveyapp.issuing.due_days import due_in_words
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.queries import lock_grant
from surveyapp.planning.models import Case


def _lock_presser(revision_id: int) -> Grant | None:
    return lock_grant(session.scalar(select(Revision.grant_id).where(Revision.id == revision_id)) or 0)


def _returns_of_press(revision_id: int) -> list[Return]:
    """The nil returns made by the same press as this revision that still stand, by case."""
    first = aliased(Revision)
    returns = (
        select(Return)
        .join(Revision, Revision.id == Return.current_revision_id)
        .join(first, first.id == revision_id)
        .join(Return.audit_request)
        .join(AuditRequest.case)
        .where(
            Revision.kind == "nil",
            Revision.grant_id == first.grant_id,
            Revision.created_at == first.created_at,
            Return.nil_reason != "",
        )
        .options(
            contains_eager(Return.audit_request).options(
                contains_eager(AuditRequest.case),
                joinedload(AuditRequest.audit),
                joinedload(AuditRequest.agency),
                joinedload(AuditRequest.grant).joinedload(Grant.contact),
            )
        )
        .order_by(Case.position, Case.id, Return.id)
    )
    return list(session.scalars(returns))


def _word_receipt_several(revision_id: int, to: str) -> Email | None:
    """Write the receipt of several nil returns; None if all were undone, or the address is nobody's any more.

    A contact who had passed some of the cases on reads of those alone, and who returned them.
    """
    presser_id = session.scalar(select(Revision.grant_id).where(Revision.id == revision_id))
    presser = session.get(Grant, presser_id, options=[joinedload(Grant.contact)])
    if presser is None:
        return None
    returns, is_presser = _returns_of_press(revision_id), presser.contact.email == to
    if not is_presser:
        returns = [each for each in returns if each.audit_request.grant.contact.email == to]
    if not returns:
        return None
    grant = presser if is_presser else returns[0].audit_request.grant
    # A colleague whose cases have all gone back holds no link any more.
    has_link = grant.revoked_at is None
    still_outstanding = outstanding(grant) if has_link else []
    requests = [each.audit_request for each in returns]
    words = {
        "audit": requests[0].audit,
        "agency": requests[0].agency,
        "cases": [(each.case.pseudonym, each.reference) for each in requests],
        "received_at": returns[0].returned_at,
        "colleague": "" if is_presser else presser.contact.name,
        "outstanding": len(still_outstanding),
        "due": due_in_words(still_outstanding),
        "link": link_for(grant) if has_link else "",
    }
    return Email(RECEIPT_SEVERAL.name, to, words, to_name=grant.contact.name)


RECEIPT_SEVERAL = MailKind(
    "receipt_several", on_doubt="resend", lock=_lock_presser, word=_word_receipt_several
)
