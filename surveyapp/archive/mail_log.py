"""The emails about one audit as CSV: kind, agency, times and state, without addresses or links."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, or_, select

from surveyapp.archive.row_labels import EMPTY_LABEL, RowLabel, RowLabels, row_labels
from surveyapp.foundation.clock import local_timestamp
from surveyapp.foundation.documents.csv_writer import write_csv
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.models import MAIL_STATE_WORDS, Outbox
from surveyapp.mailing.subjects import KIND_WORDS, SUBJECTS
from surveyapp.planning.models import Audit

HEAD = ("mail", "kind", "what", "to", "agency", "case", "request", "queued_at", "sent_at", "state", "words")
# Recipients by kind, where they are not the agency's contact.
RECIPIENTS = {
    "escalation": "escalation contact",
    "concern": "partnership",
    "concern_taken_back": "partnership",
    "enquiry": "partnership",
    "test_copy": "staff",
    "action_due": "owner of the action",
}


def mail_ids(audit_id: int) -> Iterator[Select[int]]:
    """The ids of the emails about an audit, one query for each subject."""
    return (select(Outbox.id).where(subject.of(audit_id)) for subject in SUBJECTS)


def mail_log_csv(audit: Audit) -> bytes:
    """Every email about an audit, oldest first, as CSV; times are UK time, empty before it is sent."""
    labels = row_labels(audit)
    labels_by_subject = {
        kind: {
            row[0]: _label_of(row[1], row[2], labels) for row in session.execute(subject.rows_of(audit.id))
        }
        for subject in SUBJECTS
        for kind in subject.kinds
    }
    rows = session.scalars(
        select(Outbox).where(or_(*(subject.of(audit.id) for subject in SUBJECTS))).order_by(Outbox.id)
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
