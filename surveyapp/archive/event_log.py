"""The event log of one audit as CSV: who did what and when, without typed text, addresses or links."""

import re

from sqlalchemy import ColumnElement, String, and_, cast, literal, or_, select, union_all

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
    events = session.scalars(select(Event).where(is_about_audit(audit.id)).order_by(Event.id))
    return write_csv(HEAD, (_row(event, labels) for event in events))


def is_about_audit(audit_id: int) -> ColumnElement[bool]:
    """Of rows of Event, those about an audit, its cases, requests, links, actions and emails.

    Events about rows that audits share, such as a contact's address, are left out.
    """
    audit = f"audit {audit_id}"
    names = union_all(
        select(literal(audit)),
        *(
            select(literal(f"{kind} ") + cast(id_, String)).where(belongs)
            for kind, id_, belongs in (
                ("request", AuditRequest.id, AuditRequest.audit_id == audit_id),
                ("grant", Grant.id, Grant.audit_id == audit_id),
                ("case", Case.id, Case.audit_id == audit_id),
                ("action", Action.id, Action.audit_id == audit_id),
            )
        ),
        *(select(literal("mail ") + cast(ids.subquery().c[0], String)) for ids in mail_ids(audit_id)),
    ).subquery()
    # The event of a removed case names its audit in `detail`.
    removed = and_(Event.action == "removed_case", Event.detail == audit)
    # An older event is about a row that was deleted and whose number was free again.
    began = select(Audit.created_at).where(Audit.id == audit_id).scalar_subquery()
    return and_(or_(Event.object.in_(select(names.c[0])), removed), Event.at >= began)


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
