"""Edit conflicts: refuses to overwrite a text that changed after the page was opened, and shows both."""

from surveyapp.foundation.errors import Refused, SurveyError
from surveyapp.foundation.store.digests import is_digest_of


class EditConflict(SurveyError):
    """Somebody else changed this since the page was opened."""

    status = 409

    def __init__(self) -> None:
        """Say so; the page shows both."""
        super().__init__(
            "Someone else changed this after you opened the page.",
            way_on="What is stored now is below; yours is in the boxes. Press Save again to keep yours.",
        )


class FieldRefused(Refused):
    """Something typed cannot be kept; `field` names where it was typed."""

    def __init__(self, field: str, message: str) -> None:
        """Keep the sentence and its field."""
        super().__init__(message)
        self.field = field


def check_edit_conflict(seen: str, *stored: str) -> None:
    """Raise ChangedMeanwhile unless `seen` is the digest of what is stored now."""
    if not is_digest_of(seen, *stored):
        raise EditConflict


def digest_texts(*values: object) -> tuple[str, ...]:
    """Values of a row as texts for its digest; nothing is the empty text."""
    return tuple("" if each is None else str(each) for each in values)
