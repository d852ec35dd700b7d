"""The emails about one audit as CSV: kind, agency, times and state, without addresses or links."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, null, or_, select

from surveyapp.answering.models import Code, Concern, Enquiry, Return, Revision
from surveyapp.archive.row_labels import EMPTY_LABEL, RowLabel, RowLabels, row_labels
from surveyapp.concluding.models import Action
from surveyapp.foundation.clock import local_timestamp
from surveyapp.foundation.documents.csv_writer import write_csv
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import MAIL_STATE_WORDS, Outbox
from surveyapp.issuing.models import AuditRequest, Delegation, Grant
from surveyapp.planning.models import Audit
from surveyapp.tracking.request_detail import MAIL_KINDS_IN_WORDS

HEAD = ("mail", "kind", "what", "to", "agency", "case", "request", "queued_at", "sent_at", "state", "words")
# Includes kinds that the page of one request does not show.
KIND_WORDS = MAIL_KINDS_IN_WORDS | {
    "code": "Code to open the pages",
    "test_copy": "Test copy of a request",
    "action_due": "An action is due",
    "involvement_check": "Question which children the agency knew",
    "involvement_reminder": "Reminder of that question",
}
# Recipients by kind, where they are not the agency's contact.
RECIPIENTS = {
    "escalation": "escalation contact",
    "concern": "partnership",
    "concern_taken_back": "partnership",
    "enquiry": "partnership",
    "test_copy": "staff",
    "action_due": "owner of the action",
}
# Rows of the ids of a subject, its request and its grant; the last two may be null.
Rows = Select[int, Any, Any]


@dataclass(frozen=True)
class Subject:
    """The rows that emails of some kinds are about; `rows` selects those of one audit by its id."""

    kinds: tuple[str, ...]
    rows: Callable[[int], Rows]

    def of(self, audit: Audit) -> ColumnElement[bool]:
        """A condition for emails of these kinds about this audit."""
        rows = self.rows(audit.id).subquery()
        return and_(Outbox.kind.in_(self.kinds), Outbox.subject_id.in_(select(rows.c[0])))


def _of_request(chosen: Rows, request_id: Any, audit_id: int) -> Rows:  # noqa: ANN401 — a column
    joined = chosen.join(AuditRequest, AuditRequest.id == request_id)
    return joined.where(AuditRequest.audit_id == audit_id)


# Each kind of email stands here once; a test fails for a missing one.
SUBJECTS = (
    Subject(
        ("request", "passed_on", "chaser", "escalation", "involvement_check", "involvement_reminder"),
        lambda id_: select(Grant.id, null(), Grant.id).where(Grant.audit_id == id_),
    ),
    Subject(
        ("receipt", "return_reopened"),
        lambda id_: _of_request(select(Return.id, Return.request_id, null()), Return.request_id, id_),
    ),
    Subject(
        ("receipt_several",),
        lambda id_: (
            select(Revision.id, null(), Revision.grant_id)
            .join(Grant, Grant.id == Revision.grant_id)
            .where(Grant.audit_id == id_, Revision.kind == "nil")
        ),
    ),
    Subject(
        ("concern", "concern_taken_back"),
        lambda id_: _of_request(select(Concern.id, Concern.request_id, null()), Concern.request_id, id_),
    ),
    Subject(
        ("enquiry", "enquiry_answered"),
        lambda id_: _of_request(select(Enquiry.id, Enquiry.request_id, null()), Enquiry.request_id, id_),
    ),
    Subject(
        ("sent_back",),
        lambda id_: _of_request(
            select(Delegation.id, Delegation.request_id, null()), Delegation.request_id, id_
        ),
    ),
    Subject(
        ("code",),
        lambda id_: (
            select(Code.id, null(), Code.grant_id)
            .join(Grant, Grant.id == Code.grant_id)
            .where(Grant.audit_id == id_)
        ),
    ),
    Subject(("test_copy",), lambda id_: select(Audit.id, null(), null()).where(Audit.id == id_)),
    Subject(("action_due",), lambda id_: select(Action.id, null(), null()).where(Action.audit_id == id_)),
)


def mail_ids(audit: Audit) -> Iterator[Select[int]]:
    """The ids of the emails about an audit, one query for each subject."""
    return (select(Outbox.id).where(subject.of(audit)) for subject in SUBJECTS)


def mail_log_csv(audit: Audit) -> bytes:
    """Every email about an audit, oldest first, as CSV; times are UK time, empty before it is sent."""
    labels = row_labels(audit)
    labels_by_subject = {
        kind: {row[0]: _label_of(row[1], row[2], labels) for row in session.execute(subject.rows(audit.id))}
        for subject in SUBJECTS
        for kind in subject.kinds
    }
    rows = session.scalars(
        select(Outbox).where(or_(*(subject.of(audit) for subject in SUBJECTS))).order_by(Outbox.id)
    )
    return write_csv(
        HEAD, (_row(mail, labels_by_subject[mail.kind].get(mail.subject_id, EMPTY_LABEL)) for mail in rows)
    )


def _label_of(request_id: int | None, grant_id: int | None, labels: RowLabels) -> RowLabel:
    if request_id is not None:
        return labels.of("request", request_id)
    return labels.of("grant", grant_id) if grant_id is not None else EMPTY_LABEL


def _row(mail: Outbox, label: RowLabel) -> tuple[str | int, ...]:
    return (
        mail.id,
        mail.kind,
        KIND_WORDS[mail.kind],
        RECIPIENTS.get(mail.kind, "contact"),
        label.agency,
        label.case,
        label.reference,
        _moment(mail.created_at),
        _moment(mail.handed_over_at),
        mail.state,
        MAIL_STATE_WORDS[mail.state],
    )


def _moment(moment: datetime | None) -> str:
    return local_timestamp(moment) if moment else ""
