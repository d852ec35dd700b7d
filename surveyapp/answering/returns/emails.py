"""The receipt for a return; it quotes no answer."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from surveyapp.answering.models import Return
from surveyapp.answering.returns.outstanding_queries import outstanding
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import session
from surveyapp.issuing.delegation_queries import delegations_of
from surveyapp.issuing.due_days import due_in_words
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.issuing.queries import lock_grant


def _lock(return_id: int) -> Grant | None:
    of_return = select(AuditRequest.grant_id).join(Return, Return.request_id == AuditRequest.id)
    return lock_grant(session.scalar(of_return.where(Return.id == return_id)) or 0)


def _word_receipt(return_id: int, to: str) -> Email | None:
    """Say that a return has come in; nothing to an old address, or when it was taken back since."""
    kept = session.get(Return, return_id, options=[joinedload(Return.audit_request)])
    if kept is None or kept.returned_at is None:
        return None
    grant = kept.audit_request.grant
    done = _delegation_ended_by_return(kept)
    if grant.revoked_at is not None or grant.contact.email != to:
        # What a colleague returned is with the one who passed it on; the colleague has a receipt too.
        if done is None or done.to_grant.contact.email != to:
            return None
        passer, colleague = done.passer, ""
    else:
        passer, colleague = "", done.colleague if done else ""
    still = outstanding(grant)
    words = {
        "audit": kept.audit_request.audit,
        "audit_request": kept.audit_request,
        "audit_return": kept,
        "outstanding": len(still),
        "due": due_in_words(still),
        "nil": bool(kept.nil_reason),
        # Nobody is sent a link that is not their own.
        "link": "" if passer else link_for(grant),
        "passer": passer,
        "colleague": colleague,
    }
    return Email("receipt", to, words)


def _delegation_ended_by_return(kept: Return) -> Delegation | None:
    """The pass that ended as a colleague returned this; None where it was changed since, or not passed on."""
    passes = delegations_of(kept.audit_request)
    return next((each for each in reversed(passes) if each.finished_at == kept.returned_at), None)


RECEIPT = MailKind("receipt", on_doubt="resend", lock=_lock, word=_word_receipt)
