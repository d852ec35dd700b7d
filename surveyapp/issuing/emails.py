"""The email that asks a contact for their returns, and its test copy."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from surveyapp.agencies.models import Agency
from surveyapp.foundation.db import session
from surveyapp.foundation.outbox import Email, MailKind
from surveyapp.issuing.links import link_for, test_link
from surveyapp.issuing.models import Grant
from surveyapp.issuing.queries import Asking, askings, form_of, live_requests, lock_grant
from surveyapp.planning.models import Audit, Case


def request_email(audit: Audit, agency: Agency, cases: Sequence[Case], *, to: str, link: str) -> Email:
    """Ask one contact for the returns of their agency: who asks, what, by when, whom to ring, one link."""
    form = form_of(audit)
    words = {
        "audit": audit,
        "agency": agency,
        "cases": [case.pseudonym for case in cases],
        "questions": len(form.questions_for(agency.kind)),
        "minutes": form.minutes,
        "link": link,
    }
    return Email("request", to, words)


def request_preview(audit: Audit, asking: Asking) -> Email:
    """The request email as this contact will get it, but for its link, which does not exist yet."""
    return request_email(audit, asking.agency, asking.cases, to=asking.contact.email, link=test_link())


def _word_request(grant_id: int, to: str) -> Email | None:
    """Word a request email now; none to an old address, on a withdrawn link, or once returns have closed."""
    grant = session.scalar(
        select(Grant).where(Grant.id == grant_id).options(joinedload(Grant.audit), joinedload(Grant.contact))
    )
    if (
        grant is None
        or grant.revoked_at is not None
        or grant.contact.email != to
        or grant.contact.left_at is not None
        or grant.audit.closed_at is not None
    ):
        return None
    requests = live_requests(grant)
    if not requests:
        return None
    cases = [audit_request.case for audit_request in requests]
    return request_email(grant.audit, requests[0].agency, cases, to=to, link=link_for(grant))


def _word_test_copy(audit_id: int, to: str) -> Email | None:
    """Word the first contact's request email for the person who is about to issue it.

    Its link opens nothing.
    """
    audit = session.get(Audit, audit_id)
    first = next(iter(askings(audit)), None) if audit else None
    if audit is None or first is None:
        return None
    words = {**request_preview(audit, first).words, "contact": first.contact}
    return Email("test_copy", to, words)


REQUEST = MailKind("request", on_doubt="resend", lock=lock_grant, word=_word_request)
TEST_COPY = MailKind(
    "test_copy", on_doubt="resend", lock=lambda _audit: None, word=_word_test_copy, lives=timedelta(hours=1)
)
MAIL_KINDS = (REQUEST, TEST_COPY)
