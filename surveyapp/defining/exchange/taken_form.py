"""A form that was read from a file, with everything about the file that the form does not keep."""

from dataclasses import dataclass

from surveyapp.defining.editing.draft import FormDraft
from surveyapp.foundation.tables.limits import TableLimits

FORM_LIMITS = TableLimits(
    "a form",
    file_bytes=3_000_000,
    rows=5_000,
    columns=100,
    tags=300_000,
    way_on="Copy its sheets into a spreadsheet that was downloaded from a form.",
)


@dataclass(frozen=True)
class TakenForm:
    """A form from a file; `losses` are sentences, `heading` the comment lines that it keeps."""

    draft: FormDraft
    losses: tuple[str, ...] = ()
    heading: str = ""


class UnreadableForm(Exception):
    """A file cannot be read as a form; `mistakes` are sentences, each with its place."""

    def __init__(self, *mistakes: str) -> None:
        """Keep the sentences."""
        super().__init__("; ".join(mistakes))
        self.mistakes = mistakes
