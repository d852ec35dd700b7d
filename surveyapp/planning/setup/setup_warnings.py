"""Notices about a usable set-up file: doubtful entries, merged repeats, and warnings before issue."""

import re

from surveyapp.agencies.directory_import.directory_plan import DirectoryPlan, plan_notices
from surveyapp.agencies.queries import AgenciesByName
from surveyapp.defining.strict_yaml import Loc, StrictDocument
from surveyapp.foundation.calendar.working_days import working_calendar
from surveyapp.foundation.words.clean_text import name_key
from surveyapp.foundation.words.dates_and_lists import day_in_words
from surveyapp.foundation.words.typed_dates import read_date
from surveyapp.planning.cases.ages import has_no_unit
from surveyapp.planning.cases.details import GENDERS
from surveyapp.planning.cases.pseudonyms import identifier_kind
from surveyapp.planning.date_rules import notes_on_days_off
from surveyapp.planning.setup.planned_requests import unreachable_agencies
from surveyapp.planning.setup.setup_rules import PlacedMessages
from surveyapp.planning.setup.setup_schema import SetUp, SetUpAgency, SetUpCase, SetUpContact
from surveyapp.planning.setup.setup_values import as_line
from surveyapp.planning.setup.workbook_document import in_file_order

Notices = list[tuple[Loc, str]]


def merge_repeats(set_up: SetUp, document: StrictDocument) -> SetUp:
    """The set-up with repeats merged and with notices in file order (promises I5; stories BM3)."""
    notices: Notices = [*_days_off(set_up), *_doubtful_contacts(set_up), *_doubtful_cases(set_up)]
    notices += [*_days_either_way(document), *_converted_ages(set_up, document)]
    agencies = [_merge_contacts(index, agency, notices) for index, agency in enumerate(set_up.agencies)]
    names = {name_key(agency.name): agency.name for agency in agencies}
    cases = [_merge_agencies(index, case, names, notices) for index, case in enumerate(set_up.cases)]
    return set_up.with_repeats_merged(
        tuple(agencies),
        tuple(cases),
        notices=(*document.notices, *(document.mistake(loc, words) for loc, words in notices)),
        agency_places=tuple(document.mistake(("agencies", index), "") for index in range(len(agencies))),
    )


def worth_knowing(set_up: SetUp, plan: DirectoryPlan, directory: AgenciesByName) -> tuple[str, ...]:
    """Every notice about a usable file and what `plan` makes of the directory, in the order of the file."""
    about_agencies = [*unreachable_agencies(set_up, plan), *plan_notices(plan, directory.by_address)]
    notices = [*set_up.notices, *(set_up.notice_about_agency(*notice) for notice in about_agencies)]
    return tuple(dict.fromkeys(str(notice) for notice in sorted(notices, key=in_file_order)))


def _days_off(set_up: SetUp) -> PlacedMessages:
    notes = notes_on_days_off(
        working_calendar(), issue_on=set_up.issue_on, due_on=set_up.due_on, close_on=set_up.close_on
    )
    for name, words in notes:
        yield (name,), words.removesuffix(".")


def _days_either_way(document: StrictDocument) -> PlacedMessages:
    """Days such as 03/04/2026, which are another day where the month is written first."""
    for name in ("issue_on", "due_on", "close_on"):
        typed = str(document.data.get(name) or "")
        numbers = re.fullmatch(r"\s*([0-9]{1,2})[/. -]([0-9]{1,2})[/. -][0-9]{4}\s*", typed)
        if numbers and int(numbers[1]) <= 12 and int(numbers[1]) != int(numbers[2]):  # noqa: PLR2004 — months
            yield (name,), f"“{typed.strip()}” is read as {day_in_words(read_date(typed))}, the day first"


def _doubtful_contacts(set_up: SetUp) -> PlacedMessages:
    """Possible slips: one address in two agencies."""
    first_agencies: dict[str, str] = {}
    for index, agency in enumerate(set_up.agencies):
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


def _converted_ages(set_up: SetUp, document: StrictDocument) -> PlacedMessages:
    """Ages in weeks, days or halves of a year, which are stored in months."""
    for index, case in enumerate(set_up.cases):
        written = str(as_line(document.data["cases"][index].get("age")) or "")
        is_converted = re.search(r"week|wk|\dw|day|\dd|½|\.5|new", written, re.IGNORECASE)
        if is_converted or has_no_unit(written):
            yield ("cases", index), f"the age “{written}” of {case.case} is taken as {case.age}"


def _merge_contacts(index: int, agency: SetUpAgency, notices: Notices) -> SetUpAgency:
    contacts: dict[str, SetUpContact] = {}
    for number, contact in enumerate(agency.contacts):
        if contact.email.casefold() in contacts:
            loc: Loc = ("agencies", index, "contacts", number)
            notices.append((loc, f"{contact.email} is repeated: taken once"))
        contacts.setdefault(contact.email.casefold(), contact)
    return agency.model_copy(update={"contacts": tuple(contacts.values())})


def _merge_agencies(index: int, case: SetUpCase, names: dict[str, str], notices: Notices) -> SetUpCase:
    asked = tuple(dict.fromkeys(names[name_key(name)] for name in case.agencies))
    if len(asked) < len(case.agencies):
        notices.append((("cases", index), f"an agency is repeated for {case.case}: taken once"))
    if not asked:
        notices.append((("cases", index), f"no agency is asked about {case.case}"))
    references = {names[name_key(name)]: reference for name, reference in case.references.items()}
    return case.model_copy(update={"agencies": asked, "references": references})
