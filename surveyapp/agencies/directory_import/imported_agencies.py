"""Agencies and contacts as a file names them, whatever kind of file it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ImportedContact:
    """A contact of a file. `states_role` is whether the file itself says the role, or it is assumed."""

    name: str
    email: str
    telephone: str = ""
    role: str = "lead"
    states_role: bool = True


@dataclass(frozen=True)
class ImportedAgency:
    """An agency of a file, with its contacts in the order of the file; the kind may be empty."""

    name: str
    kind: str = ""
    contacts: tuple[ImportedContact, ...] = ()
