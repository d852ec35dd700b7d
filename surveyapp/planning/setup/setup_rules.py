"""Rules that refuse a set-up file, checked against its own parts and the stored records."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from surveyapp.agencies.queries import AgenciesByName
from surveyapp.defining.strict_yaml import (
    Loc,
    StrictDocument,
)
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.foundation.words.email_addresses import clean_address
from surveyapp.planning.chaser_rules import chaser_problems
from surveyapp.planning.date_rules import date_problems
from surveyapp.planning.queries import audit_titled
from surveyapp.planning.setup.setup_values import as_day, as_line
from surveyapp.planning.setup.workbook_document import (
    WorkbookDocument,
)

PlacedMessages = Iterator[tuple[Loc, str]]

# Agencies named in the message about one that is not there, since there may be as many such messages.
MOST_NAMED = 30


@dataclass(frozen=True)
class ExistingRecords:
    """The stored records that a file is checked against: ids of forms, and the directory."""

    forms: tuple[str, ...]
    agencies: AgenciesByName


def _numbered_entries(content: Mapping[str, Any], name: str) -> list[tuple[int, Mapping[str, Any]]]:
    entries = content.get(name)
    numbered = enumerate(entries if isinstance(entries, list) else [])
    return [(index, entry) for index, entry in numbered if isinstance(entry, dict)]


def _text_at(content: Mapping[str, Any], name: str) -> str:
    return str(as_line(content.get(name)) or "")


def _dates(content: Mapping[str, Any], _known: ExistingRecords, _document: StrictDocument) -> PlacedMessages:
    days: list[Any] = []
    for name in ("issue_on", "due_on", "close_on"):
        try:
            days.append(as_day(content.get(name)))
        except ValueError:
            days.append(None)
    for name, words in date_problems(*days):
        yield (name,), words


def _chasers(
    content: Mapping[str, Any], _known: ExistingRecords, _document: StrictDocument
) -> PlacedMessages:
    chasers, escalate_from = content.get("chasers"), content.get("escalate_from")
    if isinstance(chasers, list) and all(type(offset) is int for offset in chasers):
        readable = escalate_from if type(escalate_from) is int else None
        for name, words in chaser_problems(chasers, readable):
            yield (name,), words


def _form(content: Mapping[str, Any], known: ExistingRecords, _document: StrictDocument) -> PlacedMessages:
    name = _text_at(content, "form")
    if name and name not in known.forms:
        yield ("form",), f"there is no form “{name}”; the forms are {', '.join(known.forms) or 'none yet'}"


def _title(content: Mapping[str, Any], _known: ExistingRecords, _document: StrictDocument) -> PlacedMessages:
    title = _text_at(content, "audit")
    if title and audit_titled(title) is not None:
        yield ("audit",), f"there is an audit “{title}” already; give this one another title"


def _agencies(content: Mapping[str, Any], known: ExistingRecords, document: StrictDocument) -> PlacedMessages:
    first_places: dict[str, Loc] = {}
    for index, entry in _numbered_entries(content, "agencies"):
        name, loc = _text_at(entry, "name"), ("agencies", index)
        if not name:
            continue
        if name_key(name) in first_places:
            first = _where(document, first_places[name_key(name)])
            yield (*loc, "name"), f"“{name}” is there twice, first in {first}"
        first_places.setdefault(name_key(name), loc)
        stored = known.agencies.named(name)
        if stored is not None and stored.set_aside_at is not None:
            yield (*loc, "name"), f"“{name}” is set aside: bring it back under Agencies first"
        if "kind" not in entry and stored is None:
            yield loc, f"“{name}” is not in the directory yet: say what kind of agency it is, under “kind”"


def _contacts(content: Mapping[str, Any], known: ExistingRecords, document: StrictDocument) -> PlacedMessages:
    for index, agency in _numbered_entries(content, "agencies"):
        stored = known.agencies.named(_text_at(agency, "name"))
        former = (contact for contact in stored.contacts if contact.left_at) if stored else ()
        former_by_address = {contact.email.casefold(): contact for contact in former}
        first_entries: dict[str, tuple[Loc, Any]] = {}
        for number, contact in _numbered_entries(agency, "contacts"):
            loc: Loc = ("agencies", index, "contacts", number)
            address = clean_address(_text_at(contact, "email"))
            if not address:
                continue
            first, person = first_entries.setdefault(address.casefold(), (loc, _person(contact)))
            if person != _person(contact):
                position = _where(document, first)
                yield (
                    loc,
                    f"{address} is there already, in {position}, with another name, telephone or role",
                )
            if address.casefold() in former_by_address:
                name = former_by_address[address.casefold()].name
                yield loc, f"{name} ({address}) has left: take them out, or bring them back under Agencies"


def _person(contact: Mapping[str, Any]) -> tuple[str, ...]:
    return _text_at(contact, "name"), _text_at(contact, "telephone"), _text_at(contact, "role") or "lead"


def _cases(content: Mapping[str, Any], _known: ExistingRecords, document: StrictDocument) -> PlacedMessages:
    first_places: dict[str, Loc] = {}
    names = [_text_at(agency, "name") for _, agency in _numbered_entries(content, "agencies")]
    known, known_in_words = {name_key(name) for name in names}, agencies_in_words(names)
    for index, case in _numbered_entries(content, "cases"):
        pseudonym = _text_at(case, "case")
        if name_key(pseudonym) in first_places:
            first = _where(document, first_places[name_key(pseudonym)])
            yield ("cases", index, "case"), f"“{pseudonym}” is there twice, first in {first}"
        if pseudonym:
            first_places.setdefault(name_key(pseudonym), ("cases", index))
        asked = case.get("agencies")
        for number, name in enumerate(asked if isinstance(asked, list) else []):
            if isinstance(name, str) and name_key(str(as_line(name))) not in known:
                yield ("cases", index, "agencies", number), no_such_agency(str(as_line(name)), known_in_words)
        yield from _references(case, index)


def _references(case: Mapping[str, Any], index: int) -> PlacedMessages:
    """Refuse a reference of an agency that is not asked about the case, and a second one."""
    asked, references = case.get("agencies"), case.get("references")
    names = {name_key(str(as_line(name))) for name in (asked if isinstance(asked, list) else [])}
    earlier: set[str] = set()
    for name in references if isinstance(references, dict) else {}:
        agency = str(as_line(name))
        if name_key(agency) not in names:
            about = f"{agency} has a reference and is not asked about {_text_at(case, 'case')}"
            yield ("cases", index, "references"), f"{about}: tick it, or leave it out"
        elif name_key(agency) in earlier:
            yield ("cases", index, "references"), f"{agency} has two references for {_text_at(case, 'case')}"
        earlier.add(name_key(agency))


def _where(document: StrictDocument, loc: Loc) -> str:
    """A place in the file, in words: "row 3" of a sheet or "line 12" of a text."""
    line = document.place(loc)[0]
    return f"row {line}" if isinstance(document, WorkbookDocument) else f"line {line}"


def agencies_in_words(names: Iterable[str]) -> str:
    """The agencies of the file, as `no_such_agency` lists them: the first MOST_NAMED and how many more."""
    agencies = [name for name in dict.fromkeys(names) if name]
    listed = [f"“{name}”" for name in agencies[:MOST_NAMED]]
    more = len(agencies) - len(listed)
    return ", ".join([*listed, f"and {more:,} more"] if more else listed) or "none yet"


def no_such_agency(name: str, agencies: str) -> str:
    """The message that the file has no agency of this name; `agencies` are its agencies, in words."""
    return f"there is no agency “{name}”; the agencies are {agencies}"


SET_UP_RULES = (_dates, _chasers, _form, _title, _agencies, _contacts, _cases)
