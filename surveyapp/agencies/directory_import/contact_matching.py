"""Finds the contact of the directory that each line of a file is about."""

from collections import Counter
from collections.abc import Iterable

from surveyapp.agencies.directory_import.imported_agencies import ImportedContact
from surveyapp.agencies.models import Contact
from surveyapp.foundation.words.clean_text import name_key


def stored_contacts(entries: Iterable[ImportedContact], current: Iterable[Contact]) -> dict[int, Contact]:
    """The contact of the directory for each entry of the file that has one, by the number of the entry.

    The same address is the same person. So is the same name, if it is the only one of its kind among those of
    the file and of the directory who are left: their address has changed.
    """
    entries, current = tuple(entries), tuple(current)
    by_address = {contact.email.casefold(): contact for contact in current}
    matched = {
        number: by_address[entry.email.casefold()]
        for number, entry in enumerate(entries)
        if entry.email.casefold() in by_address
    }
    known = {contact.id for contact in matched.values()}
    left_over = [contact for contact in current if contact.id not in known]
    unknown = {number: name_key(entry.name) for number, entry in enumerate(entries) if number not in matched}
    return matched | _by_name(unknown, left_over)


def _by_name(entries: dict[int, str], contacts: Iterable[Contact]) -> dict[int, Contact]:
    by_name = {name_key(contact.name): contact for contact in contacts}
    entry_counts = Counter(entries.values())
    counts = Counter(name_key(contact.name) for contact in contacts)
    return {
        number: by_name[key] for number, key in entries.items() if counts[key] == 1 and entry_counts[key] == 1
    }
