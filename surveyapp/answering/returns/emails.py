"""The receipt for a return; it quotes no answer."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from surveyapp.answering.keyed_in import keyed_in
from surveyapp.answering.models import Return
from surveyapp.answering.outstanding_queries import outstanding
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import session
from surveyapp.issuing.delegation_queries import delegations_of
from surveyapp.issuing.due_days import due_in_words
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.issuing.queries import lock_grant


def _lock_grant_of_return(return_id: int) -> Grant | None:
    of_return = select(AuditRequest.grant_id).join(Return, Return.request_id == AuditRequest.id)
    return lock_grant(session.scalar(of_return.where(Return.id == return_id)) or 0)


def _word_receipt(return_id: int, to: str) -> Email | None:
    """Write the receipt of a return; None if the address has changed, or the return was undone since."""
    audit_return = session.get(Return, return_id, options=[joinedload(Return.audit_request)])
    if audit_return is None or audit_return.returned_at is None:
        return None
    grant = audit_return.audit_request.grant
    delegation = _delegation_ended_by_return(audit_return)
    if not grant.is_reached_at(to):
        # What a colleague returned is with the contact who delegated it; both get a receipt.
        if delegation is None or delegation.to_grant.contact.email != to:
            return None
        contact, passer, colleague = delegation.to_grant.contact, delegation.passer, ""
    else:
        contact, passer, colleague = grant.contact, "", delegation.colleague if delegation else ""
    still_outstanding, keyed = outstanding(grant), keyed_in(audit_return)
    words = {
        "audit": audit_return.audit_request.audit,
        "audit_request": audit_return.audit_request,
        "audit_return": audit_return,
        "outstanding": len(still_outstanding),
        "due": due_in_words(still_outstanding),
        "nil": bool(audit_return.nil_reason),
        # The grant is not the colleague's own, so the colleague gets no link.
        "link": "" if passer else link_for(grant),
        "passer": passer,
        "colleague": colleague,
        "keyed_in": keyed.in_words if keyed else "",
    }
    return Email("receipt", to, words, to_name=contact.name)


def _delegation_ended_by_return(audit_return: Return) -> Delegation | None:
    """The delegation that ended with this return; None if there was none or the return changed since."""
    for delegation in reversed(delegations_of(audit_return.audit_request)):
        if delegation.finished_at == audit_return.returned_at:
            return delegation
    return None


RECEIPT = MailKind("receipt", on_doubt="resend", lock=_lock_grant_of_return, word=_word_receipt)
