"""Notices about a usable set-up file: doubtful entries, merged repeats, and warnings before issue."""

from surveyapp.defining.strict_yaml import Loc, StrictDocument
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.planning.cases.details import GENDERS
from surveyapp.planning.cases.pseudonyms import identifier_kind
from surveyapp.planning.date_rules import notes_on_days_off
from surveyapp.planning.setup.setup_rules import ExistingRecords, PlacedMessages
from surveyapp.planning.setup.setup_schema import SetUp, SetUpAgency, SetUpCase, SetUpContact
from surveyapp.planning.setup.workbook_document import in_file_order

Notices = list[tuple[Loc, str]]


def merge_repeats(set_up: SetUp, known: ExistingRecords, document: StrictDocument) -> SetUp:
    """The set-up with repeats merged and with notices in file order (promises I5; stories BM3)."""
    notices: Notices = [*_days_off(set_up), *_doubtful_contacts(set_up), *_doubtful_cases(set_up)]
    agencies = [_merge_contacts(index, agency, notices) for index, agency in enumerate(set_up.agencies)]
    names = {agency.name.casefold(): agency.name for agency in agencies}
    cases = [_merge_agencies(index, case, names, notices) for index, case in enumerate(set_up.cases)]
    notices += _agencies_without_contact(agencies, cases, known)
    mistakes = sorted((document.mistake(loc, words) for loc, words in notices), key=in_file_order)
    return set_up.with_repeats_merged(
        tuple(agencies), tuple(cases), tuple(str(mistake) for mistake in mistakes)
    )


def _days_off(set_up: SetUp) -> PlacedMessages:
    notes = notes_on_days_off(
        working_calendar(), issue_on=set_up.issue_on, due_on=set_up.due_on, close_on=set_up.close_on
    )
    for name, words in notes:
        yield (name,), words.removesuffix(".")


def _doubtful_contacts(set_up: SetUp) -> PlacedMessages:
    """Possible slips: two leads of one agency, one address in two agencies."""
    first_agencies: dict[str, str] = {}
    for index, agency in enumerate(set_up.agencies):
        leads = {contact.email.casefold() for contact in agency.contacts if contact.role == "lead"}
        if len(leads) > 1:
            yield ("agencies", index), f"{agency.name} has {len(leads)} leads: only one of them is asked"
        for number, contact in enumerate(agency.contacts):
            first = first_agencies.setdefault(contact.email.casefold(), agency.name)
            if first != agency.name:
                words = f"{contact.email} is a contact of {first} and of {agency.name}"
                yield ("agencies", index, "contacts", number), words


def _doubtful_cases(set_up: SetUp) -> PlacedMessages:
    """Possible slips in a case, and texts that may identify the child (stories 4.5)."""
    for index, case in enumerate(set_up.cases):
        loc: Loc = ("cases", index)
        if case.gender and case.gender.casefold() not in GENDERS:
            yield loc, f"the gender “{case.gender}” is none of the usual words {', '.join(GENDERS)}"
        if identifier_kind(case.case):
            yield loc, f"“{case.case}” looks like {identifier_kind(case.case)}: use a pseudonym"
        for text in (case.gender, case.category, case.plan, case.sibling_group, *case.needs):
            if identifier_kind(text):
                yield loc, f"“{text}”, said of {case.case}, looks like {identifier_kind(text)}: leave it out"
        for name, reference in case.references.items():
            if identifier_kind(reference):
                yield loc, f"the reference of {name} for {case.case} looks like {identifier_kind(reference)}"


def _merge_contacts(index: int, agency: SetUpAgency, notices: Notices) -> SetUpAgency:
    contacts: dict[str, SetUpContact] = {}
    for number, contact in enumerate(agency.contacts):
        if contact.email.casefold() in contacts:
            loc: Loc = ("agencies", index, "contacts", number)
            notices.append((loc, f"{contact.email} is repeated: taken once"))
        contacts.setdefault(contact.email.casefold(), contact)
    return agency.model_copy(update={"contacts": tuple(contacts.values())})


def _merge_agencies(index: int, case: SetUpCase, names: dict[str, str], notices: Notices) -> SetUpCase:
    asked = tuple(dict.fromkeys(names[name.casefold()] for name in case.agencies))
    if len(asked) < len(case.agencies):
        notices.append((("cases", index), f"an agency is repeated for {case.case}: taken once"))
    if not asked:
        notices.append((("cases", index), f"no agency is asked about {case.case}"))
    return case.model_copy(update={"agencies": asked})


def _agencies_without_contact(
    agencies: list[SetUpAgency], cases: list[SetUpCase], known: ExistingRecords
) -> PlacedMessages:
    """Agencies that are asked about a case, with nobody to ask in the file or in the directory."""
    asked = {name for case in cases for name in case.agencies}
    for index, agency in enumerate(agencies):
        stored = known.agencies.get(agency.name.casefold())
        reachable = any(contact.role != "escalation" for contact in agency.contacts)
        if agency.name in asked and not reachable and (stored is None or stored.answering_contact is None):
            yield ("agencies", index), f"{agency.name} has nobody to ask: give it a lead or a deputy"
