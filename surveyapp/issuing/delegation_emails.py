"""The email to a colleague to whom a case is passed, and the one that says it has come back to be checked."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import session
from surveyapp.issuing.delegation_queries import open_delegations_to
from surveyapp.issuing.links import link_for
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.issuing.queries import form_of, lock_grant


def _word_passed_on(grant_id: int, to: str) -> Email | None:
    """Tell a colleague what is with them, who passed it, and whether they return it or send it back.

    Nothing to an old address, once it has been taken back or finished, or once returns have closed.
    """
    wanted = select(Grant).where(Grant.id == grant_id)
    grant = session.scalar(wanted.options(joinedload(Grant.audit), joinedload(Grant.contact)))
    if grant is None or grant.revoked_at is not None or grant.audit.closed_at is not None:
        return None
    passes = open_delegations_to(grant) if grant.contact.email == to and grant.contact.left_at is None else []
    if not passes:
        return None
    form = form_of(grant.audit)
    last = max(passes, key=lambda each: each.id)
    words = {
        "audit": grant.audit,
        "agency": last.audit_request.agency,
        "passer": last.passer,
        "passes": passes,
        "due_on": min(filter(None, (each.audit_request.due_day for each in passes))),
        "questions": len(form.questions_for(last.audit_request.agency.kind)),
        "minutes": form.minutes,
        "link": link_for(grant),
    }
    return Email(PASSED_ON.name, to, words)


def _passer_of(pass_id: int) -> Grant | None:
    return lock_grant(session.scalar(select(Delegation.from_grant_id).where(Delegation.id == pass_id)) or 0)


def _word_sent_back(pass_id: int, to: str) -> Email | None:
    """Tell the one who passed a case on that it is theirs to check; nothing once it has moved on since."""
    wanted = select(Delegation).where(Delegation.id == pass_id)
    passed = session.scalar(
        wanted.options(
            joinedload(Delegation.audit_request).options(
                joinedload(AuditRequest.audit), joinedload(AuditRequest.case)
            ),
            joinedload(Delegation.from_grant).joinedload(Grant.contact),
            joinedload(Delegation.to_grant).joinedload(Grant.contact),
        )
    )
    if passed is None or passed.finished_at is None:
        return None
    audit_request, grant = passed.audit_request, passed.from_grant
    gone = audit_request.grant_id != grant.id or audit_request.withdrawn_at is not None
    old = grant.revoked_at is not None or grant.contact.left_at is not None or grant.contact.email != to
    if gone or old or audit_request.audit.closed_at is not None:
        return None
    words = {
        "audit": audit_request.audit,
        "audit_request": audit_request,
        "colleague": passed.colleague,
        "due_on": audit_request.due_day,
        "link": link_for(grant),
    }
    return Email(SENT_BACK.name, to, words)


PASSED_ON = MailKind("passed_on", on_doubt="resend", lock=lock_grant, word=_word_passed_on)
SENT_BACK = MailKind("sent_back", on_doubt="resend", lock=_passer_of, word=_word_sent_back)
MAIL_KINDS = (PASSED_ON, SENT_BACK)
