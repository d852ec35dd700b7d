"""Reads a table of agencies and contacts, and reports all mistakes at once, each with its row and column."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from surveyapp.agencies.directory_import.directory_columns import (
    AGENCY,
    EMAIL,
    KIND,
    NAME,
    ROLE,
    TELEPHONE,
)
from surveyapp.agencies.directory_import.imported_agencies import ImportedAgency, ImportedContact
from surveyapp.agencies.directory_import.typed_words import read_kind, read_role
from surveyapp.agencies.models import CONTACT_ROLES
from surveyapp.agencies.queries import AgenciesByName
from surveyapp.foundation.agency_kinds import AGENCY_KINDS
from surveyapp.foundation.tables.columns import Column, ColumnMatch, NamedRow, columns_left_out, named_rows
from surveyapp.foundation.tables.opened_table import OpenedTable
from surveyapp.foundation.tables.table_mistakes import TableMistake, TableMistakes, gathered_notices
from surveyapp.foundation.tables.typed_cells import cell_line, mended_telephone, mistake_in
from surveyapp.foundation.words.clean_text import has_letter_or_digit, name_key
from surveyapp.foundation.words.dates_and_lists import list_in_words
from surveyapp.foundation.words.email_addresses import address_problem, clean_address, is_address
from surveyapp.foundation.words.person_names import person_name_problem

_LONGEST_NAME, _LONGEST_TELEPHONE = 200, 40


@dataclass(frozen=True)
class ImportedDirectory:
    """The agencies of a table, with the row of each and what was noticed in reading."""

    agencies: tuple[ImportedAgency, ...]
    rows: tuple[int, ...]
    notices: tuple[str, ...]


def read_directory(table: OpenedTable, match: ColumnMatch, directory: AgenciesByName) -> ImportedDirectory:
    """Read agencies and contacts from the rows of a table. Raises TableMistakes with every mistake.

    A row without an agency belongs to the one above, as under merged cells. Where no role is stated, the
    first contact of an agency is its lead and the others are deputies.
    """
    reader = _DirectoryReader(directory, states_roles=_states_roles(table, match))
    for row in named_rows(table.sheet, match):
        reader.read(row)
    if reader.mistakes:
        raise TableMistakes(reader.mistakes)
    if not reader.agencies:
        raise TableMistakes([TableMistake(0, "", "There is no row below the heads")])
    left_out = columns_left_out(table.sheet, match)
    if ROLE in match.columns.values() and not reader.states_roles:
        left_out.append(ROLE.label)
    notices = [*table.notices, *gathered_notices(reader.notices)]
    if left_out:
        notices.append(f"Left out: {list_in_words([f'“{head}”' for head in left_out])}")
    read = reader.agencies.values()
    agencies = tuple(replace(entry.agency, contacts=tuple(entry.contacts.values())) for entry in read)
    return ImportedDirectory(agencies, tuple(entry.row for entry in read), tuple(notices))


def _states_roles(table: OpenedTable, match: ColumnMatch) -> bool:
    """Whether the column of roles holds any of ours; many lists have job titles under this head."""
    rows = named_rows(table.sheet, match) if ROLE in match.columns.values() else ()
    return any(read_role(cell_line(row.values.get(ROLE.name, ""))) for row in rows)


@dataclass
class _ReadAgency:
    row: int
    agency: ImportedAgency
    contacts: dict[str, ImportedContact] = field(default_factory=dict)
    contact_rows: dict[str, int] = field(default_factory=dict)


class _DirectoryReader:
    """Collects the agencies row by row, with mistakes and notices."""

    def __init__(self, directory: AgenciesByName, *, states_roles: bool) -> None:
        self.directory = directory
        self.states_roles = states_roles
        self.agencies: dict[str, _ReadAgency] = {}
        self.mistakes: list[TableMistake] = []
        self.notices: list[TableMistake] = []
        self._last: _ReadAgency | None = None
        # The agency of each address, and the first row with it.
        self._addresses: dict[str, str] = {}

    def read(self, row: NamedRow) -> None:
        texts = dict(self._texts(row))
        agency = self._agency(row.number, texts)
        if agency is None:
            return
        self._last = agency
        if any(texts.get(column.name) for column in (NAME, EMAIL, TELEPHONE)):
            self._contact(row.number, agency, texts)

    def _mistake(self, row: int, column: Column, words: str) -> None:
        self.mistakes.append(TableMistake(row, column.label, words))

    def _texts(self, row: NamedRow) -> Iterator[tuple[str, str]]:
        """The values of a row as texts by column; first and last name become the name."""
        values: Mapping[str, Any] = row.values
        for column in (AGENCY, KIND, EMAIL, TELEPHONE, ROLE):
            if mistake_in(values.get(column.name)):
                self._mistake(row.number, column, mistake_in(values[column.name]))
            elif column is TELEPHONE:
                yield column.name, self._telephone(row.number, values.get(column.name, ""))
            else:
                yield column.name, cell_line(values.get(column.name, ""))
        names = [values.get(name, "") for name in ("name", "first_name", "last_name")]
        for name in filter(mistake_in, names):
            self._mistake(row.number, NAME, mistake_in(name))
        yield NAME.name, " ".join(filter(None, map(cell_line, names)))

    def _telephone(self, row: int, cell: object) -> str:
        try:
            telephone = mended_telephone(cell)
        except ValueError as error:
            self._mistake(row, TELEPHONE, str(error))
            return ""
        if telephone != cell_line(cell):
            lost = "plus" if telephone[0] == "+" else "nought"
            words = f"{cell_line(cell)} had lost its {lost}: taken as {telephone}"
            self.notices.append(TableMistake(row, TELEPHONE.label, words))
        if len(telephone) > _LONGEST_TELEPHONE:
            self._mistake(row, TELEPHONE, f"use {_LONGEST_TELEPHONE} characters or fewer")
        return telephone

    def _agency(self, row: int, texts: Mapping[str, str]) -> _ReadAgency | None:
        name, typed_kind = texts.get(AGENCY.name, ""), texts.get(KIND.name, "")
        kind = read_kind(typed_kind) if typed_kind else ""
        if kind is None:
            kinds = ", ".join(AGENCY_KINDS.values())
            self._mistake(row, KIND, f"“{typed_kind}” is no kind of agency; there are {kinds}")
        if not name:
            return self._agency_above(row)
        if not has_letter_or_digit(name) or len(name) > _LONGEST_NAME:
            self._mistake(row, AGENCY, f"write a name of up to {_LONGEST_NAME} characters")
            return None
        stored = self.directory.named(name)
        if stored is not None and stored.set_aside_at is not None and name_key(name) not in self.agencies:
            words = f"{stored.name} is set aside: bring it back under Agencies first, or leave it out"
            self._mistake(row, AGENCY, words)
        entry = _ReadAgency(row, ImportedAgency(name, kind or ""))
        agency = self.agencies.setdefault(name_key(name), entry)
        if kind and agency.agency.kind and kind != agency.agency.kind:
            first, second = AGENCY_KINDS[agency.agency.kind], AGENCY_KINDS[kind]
            self._mistake(row, KIND, f"{name} is “{first}” in row {agency.row}, and “{second}” here")
        agency.agency = replace(agency.agency, kind=agency.agency.kind or kind or "")
        return agency

    def _agency_above(self, row: int) -> _ReadAgency | None:
        if self._last is None:
            self._mistake(row, AGENCY, "no agency is named here, nor above")
            return None
        words = f"no agency is named: taken as {self._last.agency.name}, the one above"
        self.notices.append(TableMistake(row, AGENCY.label, words))
        return self._last

    def _contact(self, row: int, agency: _ReadAgency, texts: Mapping[str, str]) -> None:
        contact = self._checked_contact(row, agency, texts)
        if contact is None:
            return
        key = contact.email.casefold()
        if key in agency.contacts:
            first, first_row = agency.contacts[key], agency.contact_rows[key]
            if (first.name, first.telephone) != (contact.name, contact.telephone) or (
                contact.states_role and first.role != contact.role
            ):
                with_another = "with another name, telephone or role"
                words = f"{contact.email} stands in row {first_row} already, {with_another}"
                self._mistake(row, EMAIL, words)
            else:
                words = f"{contact.email} is repeated: taken once"
                self.notices.append(TableMistake(row, EMAIL.label, words))
            return
        other = self._addresses.setdefault(key, agency.agency.name)
        if other != agency.agency.name:
            words = f"{contact.email} is a contact of {other} and of {agency.agency.name}"
            self.notices.append(TableMistake(row, EMAIL.label, words))
        agency.contacts[key], agency.contact_rows[key] = contact, row

    def _checked_contact(
        self, row: int, agency: _ReadAgency, texts: Mapping[str, str]
    ) -> ImportedContact | None:
        before = len(self.mistakes)
        name, address = texts.get(NAME.name, ""), clean_address(texts.get(EMAIL.name, ""))
        if not has_letter_or_digit(name) or len(name) > _LONGEST_NAME:
            words = f"write a name, or the name of the post, of up to {_LONGEST_NAME} characters"
            self._mistake(row, NAME, words)
        elif person_name_problem(name):
            self._mistake(row, NAME, person_name_problem(name))
        if not is_address(address):
            self._mistake(row, EMAIL, address_problem(address))
        former = self._former_contact(agency, address)
        if former:
            way_on = "leave the row out, or bring them back under Agencies"
            self._mistake(row, EMAIL, f"{former} ({address}) has left: {way_on}")
        typed = texts.get(ROLE.name, "") if self.states_roles else ""
        role = read_role(typed) if typed else ("deputy" if agency.contacts else "lead")
        if role is None:
            self._mistake(row, ROLE, f"“{typed}” is no role; there are {', '.join(CONTACT_ROLES.values())}")
            role = "lead"
        if len(self.mistakes) > before:
            return None
        return ImportedContact(name, address, texts.get(TELEPHONE.name, ""), role, bool(typed))

    def _former_contact(self, agency: _ReadAgency, address: str) -> str:
        stored = self.directory.named(agency.agency.name)
        former = [contact for contact in stored.contacts if contact.left_at] if stored else []
        same = (contact.name for contact in former if contact.email.casefold() == address.casefold())
        return next(same, "")
