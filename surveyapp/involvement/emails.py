"""The emails of the involvement check: the question which children an agency knew, and one reminder."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from surveyapp.agencies.models import Agency, Contact
from surveyapp.foundation.mail.outbox import Email, MailKind
from surveyapp.foundation.store.db import session
from surveyapp.involvement.queries import checked_agency_of
from surveyapp.issuing.links import link_for, test_link
from surveyapp.issuing.models import Grant
from surveyapp.issuing.queries import lock_grant
from surveyapp.planning.grid.queries import involvement_answers
from surveyapp.planning.models import Audit


def check_email(name: str, audit: Audit, agency: Agency, *, contact: Contact, link: str) -> Email:
    """Ask one contact which children their agency knew; `name` is the folder of the email."""
    words = {
        "audit": audit,
        "agency": agency,
        "cases": [case.pseudonym for case in audit.cases],
        "answer_by": audit.involvement_answer_by,
        "link": link,
    }
    return Email(name, contact.email, words, to_name=contact.name)


def check_preview(audit: Audit, agency: Agency, contact: Contact) -> Email:
    """The email as this contact will get it, except that its link opens nothing yet."""
    return check_email("involvement_check", audit, agency, contact=contact, link=test_link())


def _word(name: str, grant_id: int, to: str) -> Email | None:
    """Write an email of the check; None after the issue, to an old address, or if nothing is left to say."""
    grant = session.scalar(
        select(Grant).where(Grant.id == grant_id).options(joinedload(Grant.audit), joinedload(Grant.contact))
    )
    if grant is None or grant.audit.is_issued or grant.revoked_at is not None:
        return None
    checked = checked_agency_of(grant)
    if checked is None or grant.contact.email != to or grant.contact.left_at is not None:
        return None
    answers = involvement_answers(grant.audit, agency_id=checked.agency_id)
    if name == "involvement_reminder" and len(answers) >= len(grant.audit.cases):
        return None
    return check_email(name, grant.audit, checked.agency, contact=grant.contact, link=link_for(grant))


INVOLVEMENT_CHECK = MailKind(
    "involvement_check",
    on_doubt="resend",
    lock=lock_grant,
    word=lambda grant_id, to: _word("involvement_check", grant_id, to),
)
INVOLVEMENT_REMINDER = MailKind(
    "involvement_reminder",
    on_doubt="hold",
    lock=lock_grant,
    word=lambda grant_id, to: _word("involvement_reminder", grant_id, to),
)
MAIL_KINDS = (INVOLVEMENT_CHECK, INVOLVEMENT_REMINDER)
