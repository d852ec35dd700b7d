"""Reading a set-up file, YAML or workbook: all its mistakes at once, each with its row or line."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from surveyapp.agencies.models import AGENCY_KINDS, Agency
from surveyapp.agencies.queries import agencies_by_name
from surveyapp.defining.library import available_forms, forms_folder
from surveyapp.defining.strict_yaml import (
    FormMistakes,
    Loc,
    Mistake,
    StrictDocument,
    parse_document,
    validate_document,
)
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.words.clean_text import clean_address
from surveyapp.planning.cases.details import GENDERS
from surveyapp.planning.cases.pseudonyms import identifier_kind
from surveyapp.planning.chaser_rules import chaser_problems
from surveyapp.planning.date_rules import date_problems, notes_on_days_off
from surveyapp.planning.queries import audit_titled
from surveyapp.planning.setup.setup_schema import SetUp, SetUpContact, agency_kind_named, as_day, as_line
from surveyapp.planning.setup.setup_workbook import (
    SheetMistake,
    WorkbookDocument,
    no_such_agency,
    read_workbook,
)

PlacedMessages = Iterator[tuple[Loc, str]]


class SetUpMistakes(SurveyError):
    """A set-up file that cannot be used, with all that is wrong in it, in the file's order."""

    way_on = "Nothing was stored. Mend the file and send it again."

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        """Keep each mistake once."""
        self.mistakes = tuple(dict.fromkeys(mistakes))
        super().__init__("\n".join(str(each) for each in self.mistakes))


@dataclass(frozen=True)
class ExistingRecords:
    """What is here already, against which a file is checked: the forms, and the directory by name."""

    forms: tuple[str, ...]
    agencies: Mapping[str, Agency]


def read_set_up(content: bytes, name: str) -> SetUp:
    """Read a set-up file of at most 1 MB and check it against the forms and the directory; nothing is stored.

    What the file holds decides how it is read, not what it is called. Raises Mistakes.
    """
    forms = tuple(form.form for form in available_forms(forms_folder()))
    return read_and_check(ExistingRecords(forms, agencies_by_name()), content, name)


def read_and_check(known: ExistingRecords, content: bytes, name: str) -> SetUp:
    """Read a set-up file and check it against what is known. Raises Mistakes."""
    document = _document(content, name)
    set_up, mistakes = validate_document(SetUp, document)
    said = document.data if isinstance(document.data, dict) else {}
    rules = (_dates, _chasers, _form, _title, _agencies, _contacts, _cases)
    mistakes += [document.mistake(loc, words) for rule in rules for loc, words in rule(said, known, document)]
    mistakes += document.mistakes
    if set_up is None or mistakes:
        raise SetUpMistakes(sorted(mistakes, key=_in_file_order))
    return _merge_repeats(set_up, known, document)


def _document(content: bytes, name: str) -> StrictDocument:
    looks_like_workbook = content.startswith((b"PK", b"\xd0\xcf\x11\xe0"))
    if looks_like_workbook or PurePath(name).suffix.lower().startswith(".xls"):
        found = read_workbook(content, name)
        if isinstance(found, WorkbookDocument):
            return found
        raise SetUpMistakes(found)
    try:
        return parse_document(content, name)
    except FormMistakes as error:
        raise SetUpMistakes(error.mistakes) from None


def _in_file_order(mistake: Mistake) -> tuple[int, int, int, str]:
    sheet = mistake.sheet_position if isinstance(mistake, SheetMistake) else 0
    return sheet, mistake.line, mistake.column, mistake.message


def _numbered_entries(said: Mapping[str, Any], name: str) -> list[tuple[int, Mapping[str, Any]]]:
    found = said.get(name)
    parts = enumerate(found if isinstance(found, list) else [])
    return [(place, part) for place, part in parts if isinstance(part, dict)]


def _text_at(said: Mapping[str, Any], name: str) -> str:
    return str(as_line(said.get(name)) or "")


def _dates(said: Mapping[str, Any], _known: ExistingRecords, _document: StrictDocument) -> PlacedMessages:
    days: list[Any] = []
    for name in ("issue_on", "due_on", "close_on"):
        try:
            days.append(as_day(said.get(name)))
        except ValueError:
            days.append(None)
    for name, words in date_problems(*days):
        yield (name,), words


def _chasers(said: Mapping[str, Any], _known: ExistingRecords, _document: StrictDocument) -> PlacedMessages:
    chasers, escalate_from = said.get("chasers"), said.get("escalate_from")
    if isinstance(chasers, list) and all(type(each) is int for each in chasers):
        wanted = escalate_from if type(escalate_from) is int else None
        for name, words in chaser_problems(chasers, wanted):
            yield (name,), words


def _form(said: Mapping[str, Any], known: ExistingRecords, _document: StrictDocument) -> PlacedMessages:
    name = _text_at(said, "form")
    if name and name not in known.forms:
        yield ("form",), f"there is no form “{name}”; the forms are {', '.join(known.forms) or 'none yet'}"


def _title(said: Mapping[str, Any], _known: ExistingRecords, _document: StrictDocument) -> PlacedMessages:
    title = _text_at(said, "audit")
    if title and audit_titled(title) is not None:
        yield ("audit",), f"there is an audit “{title}” already; give this one another title"


def _agencies(said: Mapping[str, Any], known: ExistingRecords, document: StrictDocument) -> PlacedMessages:
    seen: dict[str, Loc] = {}
    for place, each in _numbered_entries(said, "agencies"):
        name, loc = _text_at(each, "name"), ("agencies", place)
        if not name:
            continue
        if name.casefold() in seen:
            yield (
                (*loc, "name"),
                f"“{name}” is there twice, first in {_where(document, seen[name.casefold()])}",
            )
        seen.setdefault(name.casefold(), loc)
        there, kind = known.agencies.get(name.casefold()), agency_kind_named(_text_at(each, "kind"))
        if there is not None and kind and kind != there.kind:
            yield (
                (*loc, "kind"),
                f"“{there.name}” is in the directory as {AGENCY_KINDS[there.kind]}, not {AGENCY_KINDS[kind]}",
            )


def _contacts(said: Mapping[str, Any], known: ExistingRecords, document: StrictDocument) -> PlacedMessages:
    for place, agency in _numbered_entries(said, "agencies"):
        there = known.agencies.get(_text_at(agency, "name").casefold())
        left = {each.email.casefold(): each for each in there.contacts if each.left_at} if there else {}
        seen: dict[str, tuple[Loc, Any]] = {}
        for number, contact in _numbered_entries(agency, "contacts"):
            loc: Loc = ("agencies", place, "contacts", number)
            address = clean_address(_text_at(contact, "email"))
            if not address:
                continue
            first, before = seen.setdefault(address.casefold(), (loc, _person(contact)))
            if before != _person(contact):
                here = _where(document, first)
                yield loc, f"{address} is there already, in {here}, with another name, telephone or role"
            if address.casefold() in left:
                gone = left[address.casefold()]
                yield (
                    loc,
                    f"{gone.name} ({address}) has left: take them out, or bring them back under Agencies",
                )


def _person(contact: Mapping[str, Any]) -> tuple[str, ...]:
    return _text_at(contact, "name"), _text_at(contact, "telephone"), _text_at(contact, "role") or "lead"


def _cases(said: Mapping[str, Any], _known: ExistingRecords, document: StrictDocument) -> PlacedMessages:
    seen: dict[str, Loc] = {}
    names = [_text_at(each, "name") for _, each in _numbered_entries(said, "agencies")]
    known = {name.casefold() for name in names}
    for place, case in _numbered_entries(said, "cases"):
        pseudonym = _text_at(case, "case")
        if pseudonym.casefold() in seen:
            first = _where(document, seen[pseudonym.casefold()])
            yield ("cases", place, "case"), f"“{pseudonym}” is there twice, first in {first}"
        if pseudonym:
            seen.setdefault(pseudonym.casefold(), ("cases", place))
        asked = case.get("agencies")
        for number, name in enumerate(asked if isinstance(asked, list) else []):
            if isinstance(name, str) and str(as_line(name)).casefold() not in known:
                yield ("cases", place, "agencies", number), no_such_agency(str(as_line(name)), names)
        yield from _references(case, place)


def _references(case: Mapping[str, Any], place: int) -> PlacedMessages:
    """A reference belongs to an agency that is asked about the case."""
    asked, references = case.get("agencies"), case.get("references")
    names = {str(as_line(name)).casefold() for name in (asked if isinstance(asked, list) else [])}
    seen: set[str] = set()
    for name in references if isinstance(references, dict) else {}:
        called = str(as_line(name))
        if called.casefold() not in names:
            about = f"{called} has a reference and is not asked about {_text_at(case, 'case')}"
            yield ("cases", place, "references"), f"{about}: tick it, or leave it out"
        elif called.casefold() in seen:
            yield ("cases", place, "references"), f"{called} has two references for {_text_at(case, 'case')}"
        seen.add(called.casefold())


def _where(document: StrictDocument, loc: Loc) -> str:
    """A place of the same file as a message speaks of it: row 3 of a sheet, line 12 of a text."""
    line = document.place(loc)[0]
    return f"row {line}" if isinstance(document, WorkbookDocument) else f"line {line}"


def _doubtful_contacts(set_up: SetUp) -> PlacedMessages:
    """What may be a slip: two leads of one agency, one address in two agencies."""
    first_of: dict[str, str] = {}
    for place, agency in enumerate(set_up.agencies):
        leads = {each.email.casefold() for each in agency.contacts if each.role == "lead"}
        if len(leads) > 1:
            yield ("agencies", place), f"{agency.name} has {len(leads)} leads: only one of them is asked"
        for number, contact in enumerate(agency.contacts):
            first = first_of.setdefault(contact.email.casefold(), agency.name)
            if first != agency.name:
                words = f"{contact.email} is a contact of {first} and of {agency.name}"
                yield ("agencies", place, "contacts", number), words


def _doubtful_cases(set_up: SetUp) -> PlacedMessages:
    """What may be a slip in a case, and what may tell who the child is (stories 4.5)."""
    for place, case in enumerate(set_up.cases):
        loc: Loc = ("cases", place)
        if case.gender and case.gender.casefold() not in GENDERS:
            yield loc, f"the gender “{case.gender}” is none of the usual words {', '.join(GENDERS)}"
        if identifier_kind(case.case):
            yield loc, f"“{case.case}” looks like {identifier_kind(case.case)}: use a pseudonym"
        for words in (case.gender, case.category, case.plan, case.sibling_group, *case.needs):
            if identifier_kind(words):
                yield (
                    loc,
                    f"“{words}”, said of {case.case}, looks like {identifier_kind(words)}: leave it out",
                )
        for name, reference in case.references.items():
            if identifier_kind(reference):
                yield loc, f"the reference of {name} for {case.case} looks like {identifier_kind(reference)}"


def _merge_repeats(set_up: SetUp, known: ExistingRecords, document: StrictDocument) -> SetUp:
    """Merge repeats, and say so; say too what will be pointed out before issue (promises I5; stories BM3)."""
    off = notes_on_days_off(
        working_calendar(), issue_on=set_up.issue_on, due_on=set_up.due_on, close_on=set_up.close_on
    )
    notices: list[tuple[Loc, str]] = [((name,), words.removesuffix(".")) for name, words in off]
    notices += [*_doubtful_contacts(set_up), *_doubtful_cases(set_up)]
    agencies, cases = [], []
    for place, agency in enumerate(set_up.agencies):
        contacts: dict[str, SetUpContact] = {}
        for number, contact in enumerate(agency.contacts):
            if contact.email.casefold() in contacts:
                notices.append(
                    (("agencies", place, "contacts", number), f"{contact.email} is repeated: taken once")
                )
            contacts.setdefault(contact.email.casefold(), contact)
        agencies.append(agency.model_copy(update={"contacts": tuple(contacts.values())}))
    names = {agency.name.casefold(): agency.name for agency in agencies}
    for place, case in enumerate(set_up.cases):
        asked = tuple(dict.fromkeys(names[name.casefold()] for name in case.agencies))
        if len(asked) < len(case.agencies):
            notices.append((("cases", place), f"an agency is repeated for {case.case}: taken once"))
        if not asked:
            notices.append((("cases", place), f"no agency is asked about {case.case}"))
        cases.append(case.model_copy(update={"agencies": asked}))
    wanted = {name for case in cases for name in case.agencies}
    for place, agency in enumerate(agencies):
        there = known.agencies.get(agency.name.casefold())
        reachable = any(each.role != "escalation" for each in agency.contacts)
        if agency.name in wanted and not reachable and (there is None or there.answering_contact is None):
            notices.append(
                (("agencies", place), f"{agency.name} has nobody to ask: give it a lead or a deputy")
            )
    placed = sorted((document.mistake(loc, words) for loc, words in notices), key=_in_file_order)
    return set_up.with_repeats_merged(tuple(agencies), tuple(cases), tuple(str(each) for each in placed))
