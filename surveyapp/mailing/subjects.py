"""What emails are about: for each kind the rows of its subject, with their audit, request and grant."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, null, select

from surveyapp.agencies.models import Contact
from surveyapp.answering.models import Code, Concern, Enquiry, Return, Revision
from surveyapp.concluding.models import Action
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import MAIL_ABOUT_A_GRANT, AuditRequest, Delegation, Grant
from surveyapp.planning.models import Audit
from surveyapp.tracking.request_detail import MAIL_KINDS_IN_WORDS

# Includes kinds that the page of one request does not show.
KIND_WORDS = MAIL_KINDS_IN_WORDS | {
    "code": "Code to open the pages",
    "test_copy": "Test copy of a request",
    "action_due": "An action is due",
    "involvement_check": "Question which children the agency knew",
    "involvement_reminder": "Reminder of that question",
    "staff_join": "Invitation to sign in",
    "staff_new_password": "Link for a new password",
    "staff_password_changed": "Word that a password was changed",
}
# Emails to members of staff themselves, which are about no audit.
ABOUT_NO_AUDIT = ("staff_join", "staff_new_password", "staff_password_changed")
# What tells its recipient only that something arrived; the page Mail folds these.
RECEIPTS = ("receipt", "receipt_several")
Rows = Select[Any, Any, Any, Any]
# With its type, which PostgreSQL needs to put the rows of several subjects together.
NO_ID = cast(null(), Integer)


@dataclass(frozen=True)
class Subject:
    """The rows that emails of some kinds are about.

    `rows` selects the ids of the subject, its audit, its request and its grant; the last two may be null.
    """

    kinds: tuple[str, ...]
    rows: Rows

    def rows_of(self, audit_id: int) -> Select[Any, Any, Any]:
        """The ids of the subjects in one audit, each with its request and its grant."""
        rows = self.rows.subquery()
        return select(rows.c[0], rows.c[2], rows.c[3]).where(rows.c[1] == audit_id)

    def of(self, audit_id: int) -> ColumnElement[bool]:
        """A condition for emails of these kinds about one audit."""
        rows = self.rows_of(audit_id).subquery()
        return and_(Outbox.kind.in_(self.kinds), Outbox.subject_id.in_(select(rows.c[0])))

    def of_agency(self, agency_id: int) -> ColumnElement[bool]:
        """A condition for emails of these kinds about requests or contacts of one agency."""
        rows = self.rows.subquery()
        requests = select(AuditRequest.id).where(AuditRequest.agency_id == agency_id)
        grants = select(Grant.id).join(Contact).where(Contact.agency_id == agency_id)
        about = rows.c[2].in_(requests) | rows.c[3].in_(grants)
        return and_(Outbox.kind.in_(self.kinds), Outbox.subject_id.in_(select(rows.c[0]).where(about)))


def _of_request(subject_id: Any, request_id: Any) -> Rows:  # noqa: ANN401 — columns
    """The rows of a table whose rows are each about one request."""
    chosen = select(subject_id, AuditRequest.audit_id, AuditRequest.id.label("request_id"), NO_ID)
    return chosen.join(AuditRequest, AuditRequest.id == request_id)


# Each kind of email stands here once; a test fails for a missing one.
SUBJECTS = (
    Subject(MAIL_ABOUT_A_GRANT, select(Grant.id, Grant.audit_id, NO_ID, Grant.id.label("grant_id"))),
    Subject(("receipt", "return_reopened"), _of_request(Return.id, Return.request_id)),
    Subject(
        ("receipt_several",),
        select(Revision.id, Grant.audit_id, NO_ID, Grant.id.label("grant_id"))
        .join(Grant, Grant.id == Revision.grant_id)
        .where(Revision.kind == "nil"),
    ),
    Subject(("concern", "concern_taken_back"), _of_request(Concern.id, Concern.request_id)),
    Subject(("enquiry", "enquiry_answered"), _of_request(Enquiry.id, Enquiry.request_id)),
    Subject(("sent_back",), _of_request(Delegation.id, Delegation.request_id)),
    Subject(
        ("code",),
        select(Code.id, Grant.audit_id, NO_ID, Grant.id.label("grant_id")).join(
            Grant, Grant.id == Code.grant_id
        ),
    ),
    Subject(("test_copy",), select(Audit.id, Audit.id.label("audit_id"), NO_ID, NO_ID.label("no_grant"))),
    Subject(("action_due",), select(Action.id, Action.audit_id, NO_ID, NO_ID.label("no_grant"))),
)
