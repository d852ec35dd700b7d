"""The email to a colleague to whom a request is passed, and the email that says it was sent back."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import session
from surveyapp.issuing.delegation_queries import open_delegations_to
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.issuing.queries import form_of, lock_grant


def _word_passed_on(grant_id: int, to: str) -> Email | None:
    """Tell a colleague which cases were passed to them, by whom, and whether they return or send them back.

    None if the address has changed, if nothing is with them any more, or once returns have closed.
    """
    grants = select(Grant).where(Grant.id == grant_id)
    grant = session.scalar(grants.options(joinedload(Grant.audit), joinedload(Grant.contact)))
    if grant is None or grant.revoked_at is not None or grant.audit.closed_at is not None:
        return None
    if grant.contact.email != to or grant.contact.left_at is not None:
        return None
    delegations = open_delegations_to(grant)
    if not delegations:
        return None
    form = form_of(grant.audit)
    last = max(delegations, key=lambda delegation: delegation.id)
    due_days = (delegation.audit_request.due_day for delegation in delegations)
    words = {
        "audit": grant.audit,
        "agency": last.audit_request.agency,
        "passer": last.passer,
        "passes": delegations,
        "due_on": min(filter(None, due_days)),
        "questions": len(form.questions_for(last.audit_request.agency.kind)),
        "minutes": form.minutes_for(last.audit_request.agency.kind),
        "link": link_for(grant),
    }
    return Email(PASSED_ON.name, to, words, to_name=grant.contact.name)


def _lock_delegator(delegation_id: int) -> Grant | None:
    grant_id = select(Delegation.from_grant_id).where(Delegation.id == delegation_id)
    return lock_grant(session.scalar(grant_id) or 0)


def _word_sent_back(delegation_id: int, to: str) -> Email | None:
    """Tell the contact who passed a request on that they have it again; None if it has moved on since.

    It was sent back to be checked, or staff have removed the colleague, who never opened it.
    """
    delegations = select(Delegation).where(Delegation.id == delegation_id)
    delegation = session.scalar(
        delegations.options(
            joinedload(Delegation.audit_request).options(
                joinedload(AuditRequest.audit), joinedload(AuditRequest.case)
            ),
            joinedload(Delegation.from_grant).joinedload(Grant.contact),
            joinedload(Delegation.to_grant).joinedload(Grant.contact),
        )
    )
    if delegation is None or delegation.is_under_way:
        return None
    removed = delegation.taken_back_at is not None
    audit_request, grant = delegation.audit_request, delegation.from_grant
    has_moved = audit_request.grant_id != grant.id or audit_request.withdrawn_at is not None
    unreachable = grant.contact.left_at is not None or not grant.is_reached_at(to)
    if has_moved or unreachable or audit_request.audit.closed_at is not None:
        return None
    words = {
        "audit": audit_request.audit,
        "audit_request": audit_request,
        "colleague": delegation.colleague,
        "removed": removed,
        "due_on": audit_request.due_day,
        "link": link_for(grant),
    }
    return Email(SENT_BACK.name, to, words, to_name=grant.contact.name)


PASSED_ON = MailKind("passed_on", on_doubt="resend", lock=lock_grant, word=_word_passed_on)
SENT_BACK = MailKind("sent_back", on_doubt="resend", lock=_lock_delegator, word=_word_sent_back)
MAIL_KINDS = (PASSED_ON, SENT_BACK)
