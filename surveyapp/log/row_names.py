"""The names of the rows that events mention: “request 17” is a child’s case and an agency, in an audit."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ScalarSelect, String, cast, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from surveyapp.agencies.models import Agency, Contact
from surveyapp.brief.models import LibraryResource
from surveyapp.concluding.models import Action
from surveyapp.defining.models import SavedForm
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import Event
from surveyapp.foundation.store.models import Outbox
from surveyapp.issuing.models import AuditRequest, Grant
from surveyapp.mailing.queries import subjects_of
from surveyapp.mailing.subjects import KIND_WORDS
from surveyapp.planning.models import Audit, Case

_ROW = re.compile(r"\b([a-z]+) ([0-9]{1,9})\b")
# From the moment a purge begins, not from the batch of each row, nobody is told which case it was.
_IS_NOT_PURGED = Audit.answers_removed_at.is_(None)
_TITLE = re.compile(r"^title: *(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class RowName:
    """A row in words: its own name, and the case, agency and audit to which it belongs; empty where none.

    `page` is the endpoint of its page and `at` what its address needs; no page for a row that has none. An
    event before `since` is about another row, which was deleted and whose number was free again.
    """

    name: str = ""
    case: str = ""
    agency: str = ""
    audit_id: int | None = None
    audit: str = ""
    page: str = ""
    at: Mapping[str, int | str] = field(default_factory=dict)
    since: datetime | None = None


Key = tuple[str, int]
Names = dict[int, RowName]


def rows_in(text: str) -> list[Key]:
    """The rows that a text of an event mentions, such as “by grant 12”, in their order."""
    return [(kind, int(number)) for kind, number in _ROW.findall(text) if kind in _READ]


class RowNames:
    """The names of the rows that events mention, each read once, in one statement for each kind of row.

    An email takes up to five, since what it is about is read too.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self._known: dict[Key, RowName | None] = {}

    def read(self, events: Iterable[Event]) -> None:
        """Read what these events mention and is not known yet; of a few hundred events at a time."""
        wanted: dict[str, set[int]] = defaultdict(set)
        for event in events:
            for kind, number in rows_in(f"{event.actor}; {event.object}; {event.detail}"):
                if (kind, number) not in self._known:
                    wanted[kind].add(number)
        for kind, numbers in wanted.items():
            found = _READ[kind](numbers)
            self._known |= {(kind, number): found.get(number) for number in numbers}

    def of(self, text: str, at: datetime) -> RowName | None:
        """The name of the first row that a text of an event at this time mentions.

        None without one, and for one that was deleted.
        """
        name = next((self._known.get(key) for key in rows_in(text)), None)
        return None if name is not None and name.since is not None and at < name.since else name


def _audits(ids: Collection[int]) -> Names:
    rows = session.execute(select(Audit.id, Audit.title, Audit.created_at).where(Audit.id.in_(ids)))
    return {row[0]: RowName(audit_id=row[0], audit=row[1], since=row[2]) for row in rows}


def _requests(ids: Collection[int]) -> Names:
    rows = session.execute(
        select(AuditRequest.id, Case.pseudonym, Agency.name, Audit.id, Audit.title, AuditRequest.issued_at)
        .join(Case, Case.id == AuditRequest.case_id)
        .join(Agency, Agency.id == AuditRequest.agency_id)
        .join(Audit, Audit.id == AuditRequest.audit_id)
        .where(AuditRequest.id.in_(ids), _IS_NOT_PURGED)
    )
    return {
        request_id: RowName(
            case=case,
            agency=agency,
            audit_id=audit_id,
            audit=title,
            page="survey.tracking.show_request",
            at={"audit_id": audit_id, "request_id": request_id},
            since=issued_at,
        )
        for request_id, case, agency, audit_id, title, issued_at in rows
    }


def _grants(ids: Collection[int]) -> Names:
    rows = session.execute(
        select(
            Grant.id,
            Contact.name,
            Agency.name,
            Agency.id,
            Audit.id,
            Audit.title,
            func.coalesce(Audit.involvement_asked_at, Audit.issued_at, Audit.created_at),
        )
        .join(Contact, Contact.id == Grant.contact_id)
        .join(Agency, Agency.id == Contact.agency_id)
        .join(Audit, Audit.id == Grant.audit_id)
        .where(Grant.id.in_(ids), _IS_NOT_PURGED)
    )
    return {
        grant_id: RowName(name, "", agency, audit_id, title, _AGENCY, {"agency_id": agency_id}, since)
        for grant_id, name, agency, agency_id, audit_id, title, since in rows
    }


def _cases(ids: Collection[int]) -> Names:
    rows = session.execute(
        select(Case.id, Case.pseudonym, Audit.id, Audit.title, Audit.created_at)
        .join(Audit, Audit.id == Case.audit_id)
        .where(Case.id.in_(ids), _IS_NOT_PURGED)
    )
    return {
        case_id: RowName(
            case=case,
            audit_id=audit_id,
            audit=title,
            page="survey.planning.change_case",
            at={"audit_id": audit_id, "case_id": case_id},
            since=since,
        )
        for case_id, case, audit_id, title, since in rows
    }


def _agencies(ids: Collection[int]) -> Names:
    rows = session.execute(
        select(Agency.id, Agency.name, _added("added_agency", "agency", Agency.id)).where(Agency.id.in_(ids))
    )
    return {
        agency_id: RowName(agency=name, page=_AGENCY, at={"agency_id": agency_id}, since=since)
        for agency_id, name, since in rows
    }


def _contacts(ids: Collection[int]) -> Names:
    rows = session.execute(
        select(
            Contact.id, Contact.name, Agency.name, Agency.id, _added("added_contact", "contact", Contact.id)
        )
        .join(Agency, Agency.id == Contact.agency_id)
        .where(Contact.id.in_(ids))
    )
    return {
        contact_id: RowName(name, agency=agency, page=_AGENCY, at={"agency_id": agency_id}, since=since)
        for contact_id, name, agency, agency_id, since in rows
    }


def _added(action: str, kind: str, id_: InstrumentedAttribute[int]) -> ScalarSelect[datetime]:
    """When the row that has this number now was added, which only an event says; null if none does."""
    added = select(func.max(Event.at)).where(
        Event.action == action, Event.object == literal(f"{kind} ") + cast(id_, String)
    )
    return added.scalar_subquery()


def _mails(ids: Collection[int]) -> Names:
    emails = list(session.scalars(select(Outbox).where(Outbox.id.in_(ids))))
    subjects = subjects_of(emails)
    names = {}
    for mail in emails:
        about = subjects.get((mail.kind, mail.subject_id))
        words = f"“{KIND_WORDS.get(mail.kind, 'Test message')}”"
        if about is None:
            names[mail.id] = RowName(words, since=mail.created_at)
            continue
        name = f"{words} to {about.contact}" if about.contact else words
        names[mail.id] = RowName(
            name, agency=about.agency, audit_id=about.audit_id, audit=about.audit, since=mail.created_at
        )
    return names


def _actions(ids: Collection[int]) -> Names:
    rows = session.execute(
        select(Action.id, Audit.id, Audit.title, Audit.created_at)
        .join(Audit, Audit.id == Action.audit_id)
        .where(Action.id.in_(ids))
    )
    return {
        action_id: RowName(
            name="The action",
            audit_id=audit_id,
            audit=title,
            page="survey.concluding.show_action",
            at={"audit_id": audit_id, "action_id": action_id},
            since=since,
        )
        for action_id, audit_id, title, since in rows
    }


def _forms(ids: Collection[int]) -> Names:
    rows = session.execute(
        select(SavedForm.id, SavedForm.form_id, SavedForm.text, SavedForm.made_at).where(
            SavedForm.id.in_(ids)
        )
    )
    names = {}
    for number, form_id, text, made_at in rows:
        title = _TITLE.search(text)
        words = title[1].strip("\"' ") if title else "A form without a title"
        names[number] = RowName(
            words, page="survey.defining.show_outline", at={"form_id": form_id}, since=made_at
        )
    return names


def _resources(ids: Collection[int]) -> Names:
    rows = session.execute(
        select(LibraryResource.id, LibraryResource.name).where(LibraryResource.id.in_(ids))
    )
    return {row[0]: RowName(row[1]) for row in rows}


_AGENCY = "survey.agencies.show_agency"
_READ: dict[str, Callable[[Collection[int]], Names]] = {
    "audit": _audits,
    "request": _requests,
    "grant": _grants,
    "case": _cases,
    "agency": _agencies,
    "contact": _contacts,
    "mail": _mails,
    "action": _actions,
    "form": _forms,
    "resource": _resources,
}
