"""Word lists that separate names from other words, read from names.txt and no_names.txt."""

from collections import defaultdict
from pathlib import Path

# Text files, so that people who do not know Python can add a name.
_FILES = ("names.txt", "no_names.txt")


def _read_sections() -> dict[str, frozenset[str]]:
    sections = defaultdict[str, set[str]](set)
    for file in _FILES:
        section = ""
        for line in Path(__file__).with_name(file).read_text("utf-8").splitlines():
            if line.startswith("["):
                section = line.strip("[]")
            elif not line.startswith("#"):
                sections[section].update(line.split())
    return {section: frozenset(words) for section, words in sections.items()}


_LISTS = _read_sections()

FIRST_NAMES = _LISTS["first names"]
SURNAMES = _LISTS["surnames"]
NAMES_OR_WORDS = _LISTS["words too"]
NAMES_OR_PLACES = _LISTS["places too"]
NAMES = FIRST_NAMES | SURNAMES | NAMES_OR_WORDS | NAMES_OR_PLACES
# Names even in lower case: "callum was hungry".
ALWAYS_NAMES = FIRST_NAMES - SURNAMES - NAMES_OR_WORDS - NAMES_OR_PLACES - _LISTS["needs capital"]

PLACE_ENDINGS = _LISTS["of places"]
PLACES_OR_SURNAMES = _LISTS["places or surnames"]
LOWER_CASE_PLACE_ENDINGS = _LISTS["small of places"]
NOT_OWNED_BY_PEOPLE = _LISTS["possessed"]
BEFORE_PLACES = _LISTS["before places"]
BEFORE_NO_PERSON = _LISTS["before no person"]
KIN = _LISTS["kin"]
HOUSEHOLD = _LISTS["household"]
ROLES = _LISTS["roles"]
TITLES = _LISTS["titles"]
TITLES_IN_CAPITALS = _LISTS["titles in capitals"]
LOWER_CASE_TITLES = _LISTS["small titles"]
INTRODUCING = _LISTS["introducing"]
PARTICLES = _LISTS["particles"]
PERSON_VERBS = _LISTS["doing"]
AUXILIARY_VERBS = _LISTS["being"]
ABSTRACT = _LISTS["abstract"]
DAYS = _LISTS["days"]
NO_NAMES = PLACE_ENDINGS | KIN | ROLES | DAYS | TITLES | _LISTS["no names"]
