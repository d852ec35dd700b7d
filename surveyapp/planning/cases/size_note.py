"""Compares the number of cases of an audit with its terms of reference."""

import re

from surveyapp.foundation.words.shares import counted
from surveyapp.planning.models import Audit


def size_note(audit: Audit, cases: int | None = None) -> str:
    """A note if the number of cases is not one that the terms of reference name (R2014 1.1.4: "8 or 20-25").

    `cases` is the number of cases if it is known without reading them. Only a note, since the partnership
    decides how many cases are right. Empty if there is nothing to note.
    """
    named = re.search(
        r"(?P<sizes>\d[\d\s,–-]*(?:(?:and|or|to)\s+\d[\d\s,–-]*)*)cases\b", audit.terms_of_reference
    )
    number = len(audit.cases) if cases is None else cases
    if named is None or not number:
        return ""
    sizes = named["sizes"].strip()
    for size in re.finditer(r"(\d+)(?:\s*(?:-|–|to)\s*(\d+))?", sizes):
        if int(size[1]) <= number <= int(size[2] or size[1]):
            return ""
    return f"There are {counted(number, 'case')}; the terms of reference say {sizes}."
