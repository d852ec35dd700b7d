"""The email that asks a contact for their returns, and its test copy."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.foundation.words.person_names import name_in_greeting
from surveyapp.issuing.delegation_queries import open_delegations_from
from surveyapp.issuing.due_days import by_due_day, due_in_words
from surveyapp.issuing.issue_plan_queries import ContactToAsk, contacts_to_ask
from surveyapp.issuing.links import link_for, test_link
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.issuing.queries import form_of, live_requests, lock_grant
from surveyapp.planning.models import Audit, Case


def request_email(  # noqa: PLR0913 — the email states each of them
    audit: Audit,
    agency: Agency,
    cases: Sequence[Case],
    *,
    contact: Contact,
    link: str,
    requests: Sequence[AuditRequest] = (),
) -> Email:
    """Ask one contact for their agency's returns: who asks, what for, by when, whom to ring, and the link.

    `requests` are the issued requests. Before issue there are none, and all cases are due on the audit's day.
    """
    form = form_of(audit)
    day = audit.due_on
    words = {
        "audit": audit,
        "agency": agency,
        "cases": [case.pseudonym for case in cases],
        "due": due_in_words(requests) or (day_in_words(day) if day else ""),
        "first_due": next(iter(by_due_day(requests)), day),
        "questions": len(form.questions_for(agency.kind)),
        "minutes": form.minutes_for(agency.kind),
        "link": link,
    }
    return Email("request", contact.email, words, to_name=contact.name)


def request_preview(audit: Audit, asking: ContactToAsk) -> Email:
    """The request email as this contact will get it, except that its link opens nothing yet."""
    return request_email(audit, asking.agency, asking.cases, contact=asking.contact, link=test_link())


def _word_request(grant_id: int, to: str) -> Email | None:
    """Write a request email; None if the address has changed, the link is revoked or returns have closed."""
    grant = session.scalar(
        select(Grant).where(Grant.id == grant_id).options(joinedload(Grant.audit), joinedload(Grant.contact))
    )
    if (
        grant is None
        or not grant.is_reached_at(to)
        or grant.contact.left_at is not None
        or grant.audit.closed_at is not None
    ):
        return None
    # A contact who has passed everything on is still asked for it; their page says who has it.
    requests = live_requests(grant) or [
        delegation.audit_request for delegation in open_delegations_from(grant)
    ]
    if not requests:
        return None
    cases = [audit_request.case for audit_request in requests]
    agency, link = requests[0].agency, link_for(grant)
    return request_email(grant.audit, agency, cases, contact=grant.contact, link=link, requests=requests)


def _word_test_copy(audit_id: int, to: str) -> Email | None:
    """Write the first contact's request email for the person about to issue; its link opens nothing."""
    audit = session.get(Audit, audit_id)
    first = next(iter(contacts_to_ask(audit)), None) if audit else None
    if audit is None or first is None:
        return None
    name = name_in_greeting(first.contact.name)
    words = {**request_preview(audit, first).words, "contact": first.contact, "greeted_name": name}
    return Email("test_copy", to, words)


REQUEST = MailKind("request", on_doubt="resend", lock=lock_grant, word=_word_request)
TEST_COPY = MailKind(
    "test_copy",
    on_doubt="resend",
    lock=lambda _audit: None,
    word=_word_test_copy,
    lifetime=timedelta(hours=1),
)
MAIL_KINDS = (REQUEST, TEST_COPY)
