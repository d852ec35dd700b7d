"""What becomes of one contact by a file, field by field."""

from collections.abc import Callable

from surveyapp.agencies.directory_import.directory_plan import PlannedContact
from surveyapp.agencies.directory_import.imported_agencies import ImportedContact
from surveyapp.agencies.models import ALL_CONTACT_ROLES, Contact
from surveyapp.foundation.words.clean_text import name_key


def role_in_words(role: str) -> str:
    """A role as pages name it."""
    return ALL_CONTACT_ROLES[role]


def _or_none(words: str) -> str:
    return words or "None"


COMPARED_FIELDS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("name", "Name", _or_none),
    ("email", "Address", _or_none),
    ("telephone", "Telephone", _or_none),
    ("role", "Role", role_in_words),
)


def as_in_file(entry: ImportedContact, stored: Contact | None) -> PlannedContact:
    """A contact by the file; what it leaves out, or only types in another way, is as in the directory."""
    if stored is None:
        return PlannedContact(None, entry.name, entry.email, entry.telephone, entry.role)
    is_same_name = name_key(entry.name) == name_key(stored.name)
    is_same_number = _digits(entry.telephone) == _digits(stored.telephone)
    return PlannedContact(
        stored,
        stored.name if is_same_name else entry.name,
        stored.email if entry.email.casefold() == stored.email.casefold() else entry.email,
        stored.telephone if is_same_number or not entry.telephone else entry.telephone,
        entry.role if entry.states_role else stored.role,
    )


def as_in_directory(contact: Contact) -> PlannedContact:
    """A contact as they are."""
    return PlannedContact(contact, contact.name, contact.email, contact.telephone, contact.role)


def _digits(telephone: str) -> str:
    return "".join(telephone.split())
