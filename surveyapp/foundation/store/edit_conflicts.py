"""Edit conflicts: detects that somebody else changed a row after the page was opened.

docs/decisions/one-way-to-detect-concurrent-edits.md lists the steps that detect changes in another way.
"""

import json
from hashlib import sha256

from surveyapp.foundation.errors import Refused

# The digest of a row that does not exist yet.
NO_ROW = ""

_CHANGED = "Someone else changed this after you opened the page."


class EditConflict(Refused):
    """Somebody else changed the row after the page was opened; the page shows both versions."""

    way_on = "What is stored now is below; yours is in the boxes. Press Save again to keep yours."

    def __init__(self, message: str = _CHANGED, *, way_on: str = "") -> None:
        """Keep the message, and `way_on` if this page has one of its own."""
        super().__init__(message, way_on=way_on)


def row_digest(**values: object) -> str:
    """The digest of a row's values by name, in 32 hexadecimal digits, for a hidden field of a page.

    Pass a sorted list instead of a set, which has no order. The digest needs no key, because the page shows
    the same values. It is never stored, so the algorithm may change from one version to the next.
    """
    return sha256(json.dumps(values, default=str).encode()).hexdigest()[:32]


def check_unchanged(
    seen: str | int | None, stored: str | int, *, message: str = _CHANGED, way_on: str = ""
) -> None:
    """Raise EditConflict unless `seen`, the digest that the page showed, equals `stored`, the current one.

    Both are digests made by `row_digest`, or version numbers for a row that has one. `seen` is None if no
    page was involved. Lock the row and read it again before calling this.
    """
    if seen is not None and seen != stored:
        raise EditConflict(message, way_on=way_on)
