"""The kinds of task that tracking and the steps before it know, and which rows of each wait for staff."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, case, exists, func, literal, or_, select

from surveyapp.agencies.models import Contact
from surveyapp.answering.concerns.queries import waits_for_outcome
from surveyapp.answering.models import Concern, Enquiry, Return, Revision
from surveyapp.answering.outstanding_queries import is_undecided_late_text, not_returned
from surveyapp.foundation.bounces.queries import count_unsettled
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.models import Outbox
from surveyapp.foundation.web.actor import ADMINISTRATOR, BUSINESS_MANAGER
from surveyapp.involvement.models import CheckedAgency
from surveyapp.issuing.models import CHECK_MAIL, MAIL_ABOUT_A_GRANT, AuditRequest, Grant
from surveyapp.issuing.queries import LINK_MAIL_KINDS, is_refused, last_link_emails
from surveyapp.planning.models import Audit, Case, InvolvementAnswer
from surveyapp.tracking.staff_tasks import TaskKind

# A draft is worth a call from this long before its due day.
DRAFT_NEAR_DUE = timedelta(days=3)
_MAIL_ROLES = frozenset({BUSINESS_MANAGER, ADMINISTRATOR})


def concerns_waiting(audit_id: int) -> ScalarSelect[int]:
    """SQL: how many concerns of an audit have no outcome."""
    concerns = select(func.count()).select_from(Concern).join(Concern.audit_request)
    return concerns.where(AuditRequest.audit_id == audit_id, waits_for_outcome()).scalar_subquery()


def enquiries_waiting(audit_id: int) -> ScalarSelect[int]:
    """SQL: how many questions and requests for more time of an audit have no answer."""
    enquiries = select(func.count()).select_from(Enquiry).join(Enquiry.audit_request)
    unanswered = Enquiry.answered_at.is_(None), Enquiry.asked_with_id.is_(None)
    return enquiries.where(AuditRequest.audit_id == audit_id, *unanswered).scalar_subquery()


def _open_ids(now: datetime) -> Select[Any]:
    """The ids of the audits that take returns, as `open_audits`."""
    return select(Audit.id).where(
        Audit.issued_at.is_not(None),
        Audit.closed_at.is_(None),
        or_(Audit.closes_at.is_(None), Audit.closes_at > now),
    )


def _by_audit(*counted: Any) -> Select[Any]:  # noqa: ANN401 — a column of any type
    """Select from requests, by audit, how many there are, or how many different values of a column."""
    number = func.count(func.distinct(*counted)) if counted else func.count()
    columns: Any = select(AuditRequest.audit_id.label("audit_id"), number.label("waiting"))
    requests: Select[Any] = columns.select_from(AuditRequest).group_by(AuditRequest.audit_id)
    return requests


def _concerns(_now: datetime) -> Select[Any]:
    return _by_audit().join(Concern, Concern.request_id == AuditRequest.id).where(waits_for_outcome())


def _enquiries(now: datetime) -> Select[Any]:
    unanswered = Enquiry.answered_at.is_(None), Enquiry.asked_with_id.is_(None)
    enquiries = _by_audit().join(Enquiry, Enquiry.request_id == AuditRequest.id)
    return enquiries.where(AuditRequest.audit_id.in_(_open_ids(now)), *unanswered)


def _grants_outstanding(counted: Any, now: datetime) -> Select[Any]:  # noqa: ANN401 — a column of any type
    """Select from the grants of open audits with an outstanding request, by audit, how many values there are.

    It begins with the grants, since an audit of 9,000 requests has less than a hundred.
    """
    columns: Any = select(
        Grant.audit_id.label("audit_id"), func.count(func.distinct(counted)).label("waiting")
    )
    outstanding = exists().where(AuditRequest.grant_id == Grant.id, not_returned())
    grants: Select[Any] = columns.select_from(Grant).where(Grant.audit_id.in_(_open_ids(now)), outstanding)
    return grants.group_by(Grant.audit_id)


def _refused(now: datetime) -> Select[Any]:
    last_emails = last_link_emails(_open_ids(now))
    refused = _grants_outstanding(Grant.id, now).join(last_emails, last_emails.c.grant_id == Grant.id)
    return refused.where(is_refused(last_emails))


def _check_refused(_now: datetime) -> Select[Any]:
    """Agencies whose newest email of the involvement check was not delivered, until the audit is issued.

    An agency that has answered about every child is left out: the email was passed on to somebody.
    """
    newest = (
        select(Outbox.subject_id, func.max(Outbox.id).label("id"))
        .where(Outbox.kind.in_(CHECK_MAIL))
        .group_by(Outbox.subject_id)
        .subquery("newest_of_check")
    )
    unanswered = exists().where(
        Case.audit_id == CheckedAgency.audit_id,
        ~exists().where(
            InvolvementAnswer.case_id == Case.id, InvolvementAnswer.agency_id == CheckedAgency.agency_id
        ),
    )
    columns: Any = select(CheckedAgency.audit_id.label("audit_id"), func.count().label("waiting"))
    refused: Select[Any] = (
        columns.join(Audit, Audit.id == CheckedAgency.audit_id)
        .join(newest, newest.c.subject_id == CheckedAgency.grant_id)
        .join(Outbox, Outbox.id == newest.c.id)
        .where(Audit.issued_at.is_(None), Outbox.state == "failed", unanswered)
        .group_by(CheckedAgency.audit_id)
    )
    return refused


def _emails_by_audit(emails: Select[Any]) -> Select[Any]:
    """Count the emails that a query selects, by audit; those that are about no audit have None."""
    of_grant = and_(Outbox.kind.in_(MAIL_ABOUT_A_GRANT), Grant.id == Outbox.subject_id)
    columns = Grant.audit_id.label("audit_id"), func.count().label("waiting")
    by_audit: Any = emails.outerjoin(Grant, of_grant).group_by(Grant.audit_id)
    counts: Select[Any] = by_audit.with_only_columns(*columns)
    return counts


def _doubtful(_now: datetime) -> Select[Any]:
    return _emails_by_audit(select(func.count()).select_from(Outbox).where(Outbox.state == "doubtful"))


def _come_back(_now: datetime) -> Select[Any]:
    return _emails_by_audit(count_unsettled())


def _late_texts(_now: datetime) -> Select[Any]:
    texts = _by_audit(Revision.return_id).join(Return, Return.request_id == AuditRequest.id)
    return texts.join(Revision, Revision.return_id == Return.id).where(is_undecided_late_text())


def _outstanding_by_contact(now: datetime) -> Select[Any]:
    return _grants_outstanding(Grant.contact_id, now).join(Contact, Contact.id == Grant.contact_id)


def _left(now: datetime) -> Select[Any]:
    return _outstanding_by_contact(now).where(Contact.left_at.is_not(None))


def _not_written_to(now: datetime) -> Select[Any]:
    """Contacts who were written to at another address only, and whose link is on its way to no address."""
    emails = select(Outbox.id).where(Outbox.subject_id == Grant.id, Outbox.kind.in_(LINK_MAIL_KINDS))
    to_present = emails.where(Outbox.to_addr == Contact.email)
    corrected = _outstanding_by_contact(now).where(Contact.left_at.is_(None))
    return corrected.where(emails.exists(), ~to_present.exists())


def _drafts(now: datetime) -> Select[Any]:
    due = case((AuditRequest.due_on > Audit.due_on, AuditRequest.due_on), else_=Audit.due_on)
    drafts = _by_audit().join(Return, Return.request_id == AuditRequest.id)
    drafts = drafts.join(Audit, Audit.id == AuditRequest.audit_id)
    return drafts.where(
        AuditRequest.audit_id.in_(_open_ids(now)),
        AuditRequest.withdrawn_at.is_(None),
        Return.returned_at.is_(None),
        Return.current_revision_id.is_not(None),
        due <= local_day(now) + DRAFT_NEAR_DUE,
    )


def _not_issued() -> Select[Any]:
    columns: Any = select(Audit.id.label("audit_id"), literal(1).label("waiting"))
    audits: Select[Any] = columns.where(Audit.issued_at.is_(None))
    return audits


def _to_issue(now: datetime) -> Select[Any]:
    return _not_issued().where(Audit.issue_planned_at.is_(None), Audit.issue_on <= local_day(now))


def _issues_tomorrow(now: datetime) -> Select[Any]:
    tomorrow = local_day(now) + timedelta(days=1)
    return _not_issued().where(Audit.issue_planned_at.is_not(None), Audit.issue_on <= tomorrow)


_OUTSTANDING = "survey.tracking.show_outstanding"
_MAIL = "survey.mail.show_mail"
_ISSUE = "survey.issuing.before_issue"
# The kinds of tracking and of earlier steps, the most urgent first; later steps add theirs in extension.py.
TASK_KINDS = (
    TaskKind(
        "current practice concern without an outcome",
        "current practice concerns without an outcome",
        "survey.tracking.show_concerns",
        _concerns,
    ),
    TaskKind("address refused or bounced", "addresses refused or bounced", _OUTSTANDING, _refused),
    TaskKind(
        "email of an involvement check refused or bounced",
        "emails of an involvement check refused or bounced",
        "survey.involvement.show_check",
        _check_refused,
    ),
    TaskKind(
        "message not certain",
        "messages not certain",
        _MAIL,
        _doubtful,
        {"state": "doubtful"},
        roles=_MAIL_ROLES,
    ),
    TaskKind(
        "message seems to have come back",
        "messages seem to have come back",
        _MAIL,
        _come_back,
        {"_anchor": "came-back"},
        roles=_MAIL_ROLES,
    ),
    TaskKind(
        "contact has left and still holds requests",
        "contacts have left and still hold requests",
        _OUTSTANDING,
        _left,
    ),
    TaskKind(
        "corrected address that nobody wrote to yet",
        "corrected addresses that nobody wrote to yet",
        _OUTSTANDING,
        _not_written_to,
    ),
    TaskKind(
        "question or request for more time",
        "questions or requests for more time",
        "survey.tracking.list_enquiries",
        _enquiries,
    ),
    TaskKind("late text waiting", "late texts waiting", "survey.closing.show_close", _late_texts),
    TaskKind("draft near its due day", "drafts near their due day", _OUTSTANDING, _drafts),
    TaskKind("audit to issue: its day has come", "audits to issue", _ISSUE, _to_issue),
    TaskKind("audit issues by itself by tomorrow", "audits issue by themselves", _ISSUE, _issues_tomorrow),
)
