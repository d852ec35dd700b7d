"""Edit conflicts: refuses to overwrite what somebody else changed after the page was opened, and shows both.

docs/decisions/one-way-to-detect-concurrent-edits.md says which steps need something else besides.
"""

import json
from hashlib import sha256

from surveyapp.foundation.errors import Refused

# The digest of a row that is not there: a page that shows nothing yet carries nothing.
NO_ROW = ""

_CHANGED = "Someone else changed this after you opened the page."


class EditConflict(Refused):
    """Somebody else changed this since the page was opened: what is stored is shown beside what was typed."""

    way_on = "What is stored now is below; yours is in the boxes. Press Save again to keep yours."

    def __init__(self, message: str = _CHANGED, *, way_on: str = "") -> None:
        """Keep the sentence, and the way on where this page has its own."""
        super().__init__(message, way_on=way_on)


def row_digest(**values: object) -> str:
    """The digest of a row's values by name, in 32 hexadecimal digits, for a page to carry.

    A set has no order: pass a sorted list. There is no key in it, because the page that carries it shows the
    values too; and no stored digest is made by it, so that it may change from one version to the next.
    """
    return sha256(json.dumps(values, default=str).encode()).hexdigest()[:32]


def check_unchanged(
    seen: str | int | None, stored: str | int, *, message: str = _CHANGED, way_on: str = ""
) -> None:
    """Raise EditConflict unless `seen`, which the page carried, is still what is `stored`.

    Both are digests by `row_digest`, or versions where a row counts its own. `seen` is None where no page was
    involved. Call this with the row locked and read afresh.
    """
    if seen is not None and seen != stored:
        raise EditConflict(message, way_on=way_on)
