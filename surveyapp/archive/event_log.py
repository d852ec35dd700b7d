"""The log of one audit as a file: when, who, what; no text of people, no address, no link."""

import re

from sqlalchemy import Select, String, cast, literal, or_, select

from surveyapp.archive.mail_log import mail_ids
from surveyapp.archive.row_labels import NOBODY, Named, Names, names_of
from surveyapp.concluding.models import Action
from surveyapp.foundation.clock import local
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.planning.models import Audit, Case
from surveyapp.tracking.csv_file import write_csv

HEAD = ("at", "who", "whose", "action", "about", "case", "agency", "request", "detail")
_ROW = re.compile(r"([a-z]+) (\d+)")


def log_of(audit: Audit) -> bytes:
    """Every event about an audit, its cases, requests, links and emails, oldest first, as CSV.

    `whose` is the agency of a contact who acted; times are UK time. Events about what several audits share,
    such as a contact's address, are not of this audit.
    """
    names = names_of(audit)
    mine = f"audit {audit.id}"
    about = (
        _called("request", select(AuditRequest.id).where(AuditRequest.audit_id == audit.id)),
        _called("grant", select(Grant.id).where(Grant.audit_id == audit.id)),
        _called("case", select(Case.id).where(Case.audit_id == audit.id)),
        _called("action", select(Action.id).where(Action.audit_id == audit.id)),
        *(_called("mail", ids) for ids in mail_ids(audit)),
    )
    events = session.scalars(
        select(Event)
        # A case that was removed is known by its audit alone.
        .where(or_(Event.object == mine, Event.detail == mine, *(Event.object.in_(each) for each in about)))
        .order_by(Event.id)
    )
    return write_csv(HEAD, (_row(event, names) for event in events))


def _called(thing: str, ids: Select[int]) -> Select[str]:
    """The names by which events call these rows: “request 12”."""
    rows = ids.subquery()
    return select(literal(f"{thing} ") + cast(rows.c[0], String))


def _row(event: Event, names: Names) -> tuple[str, ...]:
    about = _named(event.object, names)
    return (
        local(event.at).isoformat(timespec="seconds"),
        event.actor,
        _named(event.actor, names).agency,
        event.action,
        event.object,
        about.case,
        about.agency,
        about.reference,
        event.detail,
    )


def _named(text: str, names: Names) -> Named:
    found = _ROW.fullmatch(text)
    return names.of(found[1], int(found[2])) if found else NOBODY
