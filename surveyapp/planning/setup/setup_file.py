"""Reads a set-up file, YAML or workbook, and reports all mistakes at once, each with its row or line."""

from collections.abc import Iterable
from pathlib import PurePath

from surveyapp.agencies.queries import agencies_by_name
from surveyapp.defining.document_validation import validate_document
from surveyapp.defining.mistakes import MOST_LISTED, FormMistakes, Mistake
from surveyapp.defining.queries import usable_forms
from surveyapp.defining.strict_yaml import StrictDocument, parse_document
from surveyapp.foundation.documents.file_kinds import CSV, SPREADSHEETS, WORKBOOK, kind_of_file
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.tables.spreadsheet import UnreadableSpreadsheet, workbook_sheets
from surveyapp.foundation.words.shares import counted
from surveyapp.planning.setup.opened_file import LARGEST_PACKED, OpenedFile
from surveyapp.planning.setup.setup_rules import SET_UP_RULES, ExistingRecords
from surveyapp.planning.setup.setup_schema import SetUp
from surveyapp.planning.setup.setup_warnings import merge_repeats
from surveyapp.planning.setup.setup_workbook import workbook_document
from surveyapp.planning.setup.workbook_document import (
    REFERENCES_SHEET,
    SET_UP_LIMITS,
    SHEETS,
    SheetMistake,
    WorkbookDocument,
    in_file_order,
)

_SEND_INSTEAD = "Send a workbook (.xlsx) or a YAML file."
_SAVE_AS_WORKBOOK = "Save it as “Excel workbook (.xlsx)”, without a password, and send that."


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
    """Read a set-up file and check it against the forms and the directory. Nothing is stored.

    Raises SetUpMistakes.
    """
    return check_set_up(open_set_up(content, name))


def open_set_up(content: bytes, name: str) -> OpenedFile:
    """Read a set-up file without checking what it says. Raises SetUpMistakes for one that cannot be read.

    The content decides how the file is read, and its name only when the content does not tell. The limits of
    size are the same wherever the file comes from.
    """
    kind = kind_of_file(content, name)
    if kind == WORKBOOK or (not kind and (content.startswith(b"PK") or _is_named_as_workbook(name))):
        opened = _open_workbook(content, name)
    elif kind:
        raise SetUpMistakes([SheetMistake(name, 0, 1, f"This is {kind}. {_SEND_INSTEAD}{_way_on(kind)}")])
    else:
        opened = OpenedFile(name, text=content)
        _read_yaml(opened)
    if len(opened.packed()) > LARGEST_PACKED:
        raise SetUpMistakes([SheetMistake(name, 0, 1, SET_UP_LIMITS.unpacks_too_large)])
    return opened


def check_set_up(file: OpenedFile) -> SetUp:
    """Check a set-up file against the forms and the directory. Raises SetUpMistakes."""
    forms = tuple(form.form for form in usable_forms())
    return _check(ExistingRecords(forms, agencies_by_name()), file)


def _check(known: ExistingRecords, file: OpenedFile) -> SetUp:
    document = _document(file)
    set_up, mistakes = validate_document(SetUp, document)
    data = document.data if isinstance(document.data, dict) else {}
    for rule in SET_UP_RULES:
        mistakes += [document.mistake(loc, words) for loc, words in rule(data, known, document)]
    mistakes += document.mistakes
    if set_up is None or mistakes:
        raise SetUpMistakes(sorted(mistakes, key=in_file_order))
    return merge_repeats(set_up, document)


def _is_named_as_workbook(name: str) -> bool:
    return PurePath(name).suffix.lower().startswith(".xls")


def _way_on(kind: str) -> str:
    """How to make a set-up file of a file of this kind, where there is a way."""
    if kind == CSV:
        return " The blank workbook has a sheet for each of your tables."
    return f" {_SAVE_AS_WORKBOOK}" if kind in SPREADSHEETS else ""


def _open_workbook(content: bytes, name: str) -> OpenedFile:
    try:
        sheets = workbook_sheets(content, SET_UP_LIMITS, only=(*SHEETS, REFERENCES_SHEET))
    except UnreadableSpreadsheet as error:
        raise SetUpMistakes([SheetMistake(name, 0, 1, str(error))]) from None
    return OpenedFile(name, sheets=sheets)


def _document(file: OpenedFile) -> StrictDocument:
    if file.sheets is None:
        return _read_yaml(file)
    document = workbook_document(file.sheets, file.name)
    if isinstance(document, WorkbookDocument):
        return document
    raise SetUpMistakes(document)


def _read_yaml(file: OpenedFile) -> StrictDocument:
    try:
        return parse_document(file.text, file.name)
    except FormMistakes as error:
        raise SetUpMistakes(error.mistakes) from None
