"""What tells of an answer, a concern, a question or its answer and quotes none; and the code of a device."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from surveyapp.answering.access.codes import CODE_LIFETIME, MOST_TRIES, code_digits
from surveyapp.answering.models import Code, Concern, Enquiry, Return
from surveyapp.answering.returns.queries import outstanding
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.settings import settings
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.keys import keys
from surveyapp.issuing.delegation_queries import delegations_of
from surveyapp.issuing.due_days import due_in_words
from surveyapp.issuing.links import absolute_url, link_for
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


def _lock_concern(concern_id: int) -> Grant | None:
    of_concern = select(AuditRequest.grant_id).join(Concern, Concern.request_id == AuditRequest.id)
    return lock_grant(session.scalar(of_concern.where(Concern.id == concern_id)) or 0)


def _word_concern(concern_id: int, to: str) -> Email | None:
    """Say that a concern was raised and where it is read; nothing once it has been taken back."""
    concern = session.get(Concern, concern_id, options=[joinedload(Concern.audit_request)])
    if concern is None or concern.taken_back_at is not None:
        return None
    audit_request = concern.audit_request
    words = {
        "audit": audit_request.audit,
        "reference": audit_request.reference,
        "raised_at": concern.raised_at,
        "link": absolute_url(f"/audits/{audit_request.audit_id}/concerns"),
    }
    return Email("concern", to, words)


def _lock_enquiry(enquiry_id: int) -> Grant | None:
    of_enquiry = select(AuditRequest.grant_id).join(Enquiry, Enquiry.request_id == AuditRequest.id)
    return lock_grant(session.scalar(of_enquiry.where(Enquiry.id == enquiry_id)) or 0)


def _enquiry(enquiry_id: int) -> Enquiry | None:
    return session.get(Enquiry, enquiry_id, options=[joinedload(Enquiry.audit_request)])


def _word_enquiry(enquiry_id: int, to: str) -> Email | None:
    """Tell the partnership that somebody asks, not what: their words may hold what no email does.

    Nothing once it is answered, or to a mailbox of the past.
    """
    enquiry = _enquiry(enquiry_id)
    if enquiry is None or enquiry.answered_at is not None or to != settings().contact_email:
        return None
    audit_request = enquiry.audit_request
    words = {
        "audit": audit_request.audit,
        "audit_request": audit_request,
        "more_time": enquiry.kind == "more_time",
        "wanted_on": enquiry.wanted_on,
        "due": audit_request.due_day,
        "link": absolute_url(f"/audits/{audit_request.audit_id}/enquiries"),
    }
    return Email("enquiry", to, words)


def _word_enquiry_answered(enquiry_id: int, to: str) -> Email | None:
    """Tell whoever holds the request that there is an answer, and until when they have; not what it says."""
    enquiry = _enquiry(enquiry_id)
    if enquiry is None or enquiry.answered_at is None:
        return None
    audit_request = enquiry.audit_request
    grant = audit_request.grant
    if grant.revoked_at is not None or grant.contact.email != to or audit_request.withdrawn_at is not None:
        return None
    words = {
        "audit": audit_request.audit,
        "audit_request": audit_request,
        "more_time": enquiry.kind == "more_time",
        "given": enquiry.due_on is not None,
        "due": audit_request.due_day,
        "link": link_for(grant),
    }
    return Email("enquiry_answered", to, words)


RECEIPT = MailKind("receipt", on_doubt="resend", lock=_lock, word=_word_receipt)
# Rather twice than never: somebody is to act on it today.
CONCERN = MailKind("concern", on_doubt="resend", lock=_lock_concern, word=_word_concern)
ENQUIRY = MailKind("enquiry", on_doubt="resend", lock=_lock_enquiry, word=_word_enquiry)
ENQUIRY_ANSWERED = MailKind(
    "enquiry_answered", on_doubt="resend", lock=_lock_enquiry, word=_word_enquiry_answered
)


def _lock_code(code_id: int) -> Grant | None:
    return lock_grant(session.scalar(select(Code.grant_id).where(Code.id == code_id)) or 0)


def _word_code(code_id: int, to: str) -> Email | None:
    """Word a code now; nothing to an old address, on a withdrawn link, or once it is of no use."""
    code = session.get(Code, code_id)
    if code is None or code.used_at is not None or code.attempts >= MOST_TRIES:
        return None
    grant = session.get_one(Grant, code.grant_id)
    contact = grant.contact
    if grant.revoked_at is not None or contact.left_at is not None or contact.email != to:
        return None
    words = {
        "audit": grant.audit,
        "digits": code_digits(code.random_id, keys().link[0]),
        "ends_at": code.created_at + CODE_LIFETIME,
    }
    return Email("code", to, words)


CODE = MailKind(
    "code", on_doubt="resend", lock=_lock_code, word=_word_code, lifetime=CODE_LIFETIME, is_urgent=True
)
MAIL_KINDS = (RECEIPT, CONCERN, ENQUIRY, ENQUIRY_ANSWERED, CODE)
