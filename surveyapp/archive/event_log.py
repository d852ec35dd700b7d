"""The log of one audit as a file: when, who, what; no text of people, no address, no link."""

import re

from sqlalchemy import Select, String, cast, literal, or_, select

from surveyapp.archive.mail_log import mail_ids
from surveyapp.archive.row_labels import EMPTY_LABEL, RowLabel, RowLabels, row_labels
from surveyapp.concluding.models import Action
from surveyapp.foundation.clock import local_time
from surveyapp.foundation.documents.csv_writer import write_csv
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit, Case

HEAD = ("at", "who", "whose", "action", "about", "case", "agency", "request", "detail")
_ROW = re.compile(r"([a-z]+) (\d+)")


def event_log_csv(audit: Audit) -> bytes:
    """Every event about an audit, its cases, requests, links and emails, oldest first, as CSV.

    `whose` is the agency of a contact who acted; times are UK time. Events about what several audits share,
    such as a contact's address, are not of this audit.
    """
    names = row_labels(audit)
    mine = f"audit {audit.id}"
    about = (
        _object_names("request", select(AuditRequest.id).where(AuditRequest.audit_id == audit.id)),
        _object_names("grant", select(Grant.id).where(Grant.audit_id == audit.id)),
        _object_names("case", select(Case.id).where(Case.audit_id == audit.id)),
        _object_names("action", select(Action.id).where(Action.audit_id == audit.id)),
        *(_object_names("mail", ids) for ids in mail_ids(audit)),
    )
    events = session.scalars(
        select(Event)
        # A case that was removed is known by its audit alone.
        .where(or_(Event.object == mine, Event.detail == mine, *(Event.object.in_(each) for each in about)))
        .order_by(Event.id)
    )
    return write_csv(HEAD, (_row(event, names) for event in events))


def _object_names(thing: str, ids: Select[int]) -> Select[str]:
    """The names by which events call these rows: “request 12”."""
    rows = ids.subquery()
    return select(literal(f"{thing} ") + cast(rows.c[0], String))


def _row(event: Event, names: RowLabels) -> tuple[str, ...]:
    about = _label_of(event.object, names)
    return (
        local_time(event.at).isoformat(timespec="seconds"),
        event.actor,
        _label_of(event.actor, names).agency,
        event.action,
        event.object,
        about.case,
        about.agency,
        about.reference,
        event.detail,
    )


def _label_of(text: str, names: RowLabels) -> RowLabel:
    found = _ROW.fullmatch(text)
    return names.of(found[1], int(found[2])) if found else EMPTY_LABEL
