"""Reads a set-up file, YAML or workbook, and reports all mistakes at once, each with its row or line."""

from collections.abc import Iterable
from pathlib import PurePath

from surveyapp.agencies.queries import agencies_by_name
from surveyapp.defining.document_validation import validate_document
from surveyapp.defining.library import available_forms, forms_folder
from surveyapp.defining.mistakes import MOST_LISTED, FormMistakes, Mistake
from surveyapp.defining.strict_yaml import StrictDocument, parse_document
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.setup.setup_rules import SET_UP_RULES, ExistingRecords
from surveyapp.planning.setup.setup_schema import SetUp
from surveyapp.planning.setup.setup_warnings import merge_repeats
from surveyapp.planning.setup.setup_workbook import read_workbook
from surveyapp.planning.setup.workbook_document import WorkbookDocument, in_file_order


class SetUpMistakes(SurveyError):
    """A set-up file cannot be used; `mistakes` holds every reason, in the order of the file."""

    way_on = "Nothing was stored. Mend the file and send it again."

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        """Keep each mistake once."""
        self.mistakes = tuple(dict.fromkeys(mistakes))
        super().__init__("\n".join(self.listed))

    @property
    def listed(self) -> list[str]:
        """The sentences to show to a person: the first MOST_LISTED mistakes."""
        return [str(mistake) for mistake in self.mistakes[:MOST_LISTED]]

    @property
    def count(self) -> str:
        """The number of mistakes, and of those listed if there are more: 3 mistakes."""
        count = counted(len(self.mistakes), "mistake")
        return f"{count}, of which the first {MOST_LISTED} are listed" if self.has_more else count

    @property
    def has_more(self) -> bool:
        """Whether there are more mistakes than those listed."""
        return len(self.mistakes) > MOST_LISTED


def read_set_up(content: bytes, name: str) -> SetUp:
    """Read a set-up file of at most 1 MB and check it against the forms and the directory. Nothing is stored.

    The content decides how the file is read, and its name only when the content does not tell. Raises
    SetUpMistakes.
    """
    forms = tuple(form.form for form in available_forms(forms_folder()))
    return read_and_check(ExistingRecords(forms, agencies_by_name()), content, name)


def read_and_check(known: ExistingRecords, content: bytes, name: str) -> SetUp:
    """Read a set-up file and check it against the stored records. Raises SetUpMistakes."""
    document = _document(content, name)
    set_up, mistakes = validate_document(SetUp, document)
    data = document.data if isinstance(document.data, dict) else {}
    for rule in SET_UP_RULES:
        mistakes += [document.mistake(loc, words) for loc, words in rule(data, known, document)]
    mistakes += document.mistakes
    if set_up is None or mistakes:
        raise SetUpMistakes(sorted(mistakes, key=in_file_order))
    return merge_repeats(set_up, known, document)


def _document(content: bytes, name: str) -> StrictDocument:
    looks_like_workbook = content.startswith((b"PK", b"\xd0\xcf\x11\xe0"))
    if looks_like_workbook or PurePath(name).suffix.lower().startswith(".xls"):
        workbook = read_workbook(content, name)
        if isinstance(workbook, WorkbookDocument):
            return workbook
        raise SetUpMistakes(workbook)
    try:
        return parse_document(content, name)
    except FormMistakes as error:
        raise SetUpMistakes(error.mistakes) from None
