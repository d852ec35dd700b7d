"""The event log of one audit as CSV: who did what and when, without typed text, addresses or links."""

import re

from sqlalchemy import Select, String, cast, literal, or_, select

from surveyapp.archive.mail_log import mail_ids
from surveyapp.archive.row_labels import EMPTY_LABEL, RowLabel, RowLabels, row_labels
from surveyapp.concluding.models import Action
from surveyapp.foundation.clock import local_timestamp
from surveyapp.foundation.documents.csv_writer import write_csv
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit, Case

HEAD = ("at", "who", "whose", "action", "about", "case", "agency", "request", "detail")
_ROW = re.compile(r"([a-z]+) (\d+)")


def event_log_csv(audit: Audit) -> bytes:
    """Every event about an audit, its cases, requests, links and emails, oldest first, as CSV.

    `whose` is the agency of a contact who acted; times are UK time. Events about rows that audits share, such
    as a contact's address, are left out.
    """
    labels = row_labels(audit)
    audit_name = f"audit {audit.id}"
    row_names = (
        _object_names("request", select(AuditRequest.id).where(AuditRequest.audit_id == audit.id)),
        _object_names("grant", select(Grant.id).where(Grant.audit_id == audit.id)),
        _object_names("case", select(Case.id).where(Case.audit_id == audit.id)),
        _object_names("action", select(Action.id).where(Action.audit_id == audit.id)),
        *(_object_names("mail", ids) for ids in mail_ids(audit)),
    )
    events = session.scalars(
        select(Event)
        # The event of a removed case names its audit in `detail`.
        .where(
            # An older event is about a row that was deleted and whose number was free again.
            Event.at >= audit.created_at,
            or_(
                Event.object == audit_name,
                Event.detail == audit_name,
                *(Event.object.in_(names) for names in row_names),
            ),
        )
        .order_by(Event.id)
    )
    return write_csv(HEAD, (_row(event, labels) for event in events))


def _object_names(kind: str, ids: Select[int]) -> Select[str]:
    """The names of rows in events, such as “request 12”."""
    rows = ids.subquery()
    return select(literal(f"{kind} ") + cast(rows.c[0], String))


def _row(event: Event, labels: RowLabels) -> tuple[str, ...]:
    label = _label_of(event.object, labels)
    return (
        local_timestamp(event.at),
        event.actor,
        _label_of(event.actor, labels).agency,
        event.action,
        event.object,
        label.case,
        label.agency,
        label.reference,
        event.detail,
    )


def _label_of(text: str, labels: RowLabels) -> RowLabel:
    name = _ROW.fullmatch(text)
    return labels.of(name[1], int(name[2])) if name else EMPTY_LABEL
