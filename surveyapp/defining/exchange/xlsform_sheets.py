"""The sheets of an XLSForm, cell by cell, with a note of each cell taken, so that none is lost unsaid.

pyxform reads what a form means; it leaves out what it does not know, and changes quotation marks.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from surveyapp.defining.exchange.taken_form import UnreadableForm
from surveyapp.defining.exchange.xlsform_words import read_words
from surveyapp.foundation.tables.cells import CellMistake, Sheet
from surveyapp.foundation.tables.table_mistakes import numbers_in_words

SURVEY, CHOICES, SETTINGS = _ORDER = "survey", "choices", "settings"
# So much of a cell is shown to somebody who looks for it.
_LONGEST_SHOWN = 200
_ALIASES = {
    "command": "type",
    "tag": "name",
    "value": "name",
    "caption": "label",
    "relevance": "relevant",
    "calculate": "calculation",
    "read_only": "readonly",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "constraining_message": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "requiredmsg": "required_message",
    "jr:requiredmsg": "required_message",
    "set_form_title": "form_title",
    "title": "form_title",
    "set_form_id": "form_id",
    "id_string": "form_id",
}
# What groups others in a head: bind::relevant, media::image.
_PREFIXES = frozenset({"bind", "control", "body", "media"})
# The columns of words, which may be there once for each language.
_TRANSLATED = frozenset(
    {
        "label", "hint", "guidance_hint", "constraint_message", "required_message", "image", "big-image",
        "audio", "video",
    }
)  # fmt: skip
_END_OF_GROUP = re.compile(r"end[ _](?:group|repeat|loop|lgroup)", re.IGNORECASE)
# What each column is, for the sentence about a cell of it that is not taken.
_SURVEY_WORDS = {
    "hint": "its help",
    "guidance_hint": "the guidance for whoever asks",
    "default": "the answer filled in beforehand",
    "appearance": "how a tool draws it",
    "relevant": "when it is asked",
    "required": "when it has to be answered",
    "required_message": "the message to whoever leaves it out",
    "constraint": "the limit of its answers",
    "constraint_message": "the message about its limit",
    "calculation": "its calculation",
    "choice_filter": "which answers are offered when",
    "parameters": "its parameters",
    "readonly": "that it is only shown",
    "trigger": "what sets it off",
    "repeat_count": "how often it repeats",
    "save_to": "where its answer is kept besides",
    "image": "its picture",
    "big-image": "its larger picture",
    "audio": "its sound",
    "video": "its film",
    "autoplay": "that its sound or film starts by itself",
    "rows": "the height of its box",
    "label": "its words",
    "name": "its name",
    "type": "its kind",
}
_SETTINGS_WORDS = {
    "form_id": "the name by which tools know the form",
    "version": "the version of the form",
    "instance_name": "how each filled-in form is named",
    "public_key": "the key with which answers are encrypted",
    "submission_url": "the address to which answers are sent",
    "style": "how tools lay the form out",
    "auto_send": "that answers are sent by themselves",
    "auto_delete": "that answers are deleted once they are sent",
    "allow_choice_duplicates": "that two answers may have one name",
    "default_language": "the language of its words",
    "namespaces": "the namespaces of attributes",
}


@dataclass(frozen=True)
class Head:
    """The head of a column: as it is written, what it is called, and the language of its words, if any."""

    written: str
    name: str
    language: str = ""


@dataclass
class FormRow:
    """A row of a sheet with its cells by head, and the heads of those that are taken."""

    sheet: str
    number: int
    cells: Mapping[Head, str]
    taken: set[Head] = field(default_factory=set)

    def cell(self, name: str, language: str = "") -> str:
        """The text of a cell, without looking at it as taken; empty if there is none."""
        head = self.head(name, language)
        return self.cells[head] if head else ""

    def take(self, name: str, language: str = "") -> str:
        """The text of a cell, which is taken with it."""
        head = self.head(name, language)
        if head is None:
            return ""
        self.taken.add(head)
        return self.cells[head]

    def take_all(self) -> None:
        """Say that every cell is taken, or that a sentence about the whole row names it."""
        self.taken.update(self.cells)

    def head(self, name: str, language: str) -> Head | None:
        """The head of a cell of this name: in the language, or else in none, or else the first."""
        heads = [head for head in self.cells if head.name == name]
        chosen = [head for head in heads if head.language == language]
        plain = [head for head in heads if not head.language]
        return next(iter([*chosen, *plain, *heads]), None)


class XlsFormSheets:
    """The sheets that an XLSForm is read from, and the others."""

    def __init__(self, sheets: Mapping[str, Sheet]) -> None:
        """Read the heads and the rows."""
        named = {name.strip().casefold(): sheet for name, sheet in sheets.items()}
        self._rows = {
            name: list(_rows(name, named.get(name, Sheet()))) for name in (SURVEY, CHOICES, SETTINGS)
        }
        self.others = [
            name for name, sheet in sheets.items() if name.strip().casefold() not in self._rows and sheet.rows
        ]
        self._losses: list[tuple[int, int, str]] = []
        self.language = next((row.take("default_language") for row in self._rows[SETTINGS]), "")
        self._by_name: defaultdict[str, deque[FormRow]] = defaultdict(deque)
        for row in self._rows[SURVEY]:
            if not _END_OF_GROUP.match(row.cell("type")) and not _is_on(row.cell("disabled")):
                self._by_name[row.cell("name")].append(row)

    def next_row(self, name: str) -> FormRow:
        """The row of the next element of this name; one without cells for an element that pyxform adds."""
        rows = self._by_name.get(name)
        return rows.popleft() if rows else FormRow(SURVEY, 0, {})

    def choice_rows(self, list_name: str) -> dict[str, FormRow]:
        """The rows of a list of choices, by the names of the choices."""
        return {row.cell("name"): row for row in self._rows[CHOICES] if row.cell("list_name") == list_name}

    @property
    def title(self) -> str:
        """The title of the form; empty if it has none."""
        return next((row.take("form_title") for row in self._rows[SETTINGS]), "")

    def lose(self, row: FormRow, words: str, column: str = "") -> None:
        """Note in words what is not taken of a row."""
        self._lose(row.sheet, [row.number], words, column)

    def lose_cell(self, row: FormRow, name: str, words: str) -> None:
        """Note in words why a cell is not taken, if there is one."""
        head = row.head(name, self.language)
        if head is not None:
            row.taken.add(head)
            self.lose(row, f"{words}: {row.cells[head][:_LONGEST_SHOWN]}", head.written)

    def lose_row(self, row: FormRow, words: str) -> None:
        """Note in words why a whole row is not taken."""
        row.take_all()
        self.lose(row, words)

    def losses(self) -> list[str]:
        """A sentence for each thing that is not taken, in the order of the sheets and their rows."""
        self._lose_rows_left()
        self._lose_choices_left()
        self._lose_cells_left()
        others = [f"The sheet “{name}” is not taken." for name in self.others]
        return [*others, *(sentence for _, _, sentence in sorted(self._losses, key=lambda loss: loss[:2]))]

    def _lose(self, sheet: str, numbers: Sequence[int], words: str, column: str = "") -> None:
        rows = f"row{'s' if len(numbers) > 1 else ''} {numbers_in_words(numbers)}"
        place = ", ".join(filter(None, (f"Sheet {sheet}", rows, column)))
        self._losses.append((_ORDER.index(sheet), numbers[0], f"{place}: {words}"))

    def _lose_rows_left(self) -> None:
        """The rows that pyxform leaves out, and the ends of groups, which hold nothing."""
        for row in self._rows[SURVEY]:
            about = read_words(row.cell("label")) or row.cell("name") or "; ".join(row.cells.values())
            if _is_on(row.cell("disabled")):
                self.lose_row(row, f"“{about}” is switched off in the file; it is not taken")
            elif _END_OF_GROUP.match(row.cell("type")):
                row.take("type")
                row.take("name")
            elif not row.taken:
                self.lose_row(row, f"this is no question, so it is not taken: {about[:_LONGEST_SHOWN]}")

    def _lose_choices_left(self) -> None:
        unused: defaultdict[str, list[int]] = defaultdict(list)
        for row in self._rows[CHOICES]:
            if not row.taken:
                unused[row.cell("list_name")].append(row.number)
                row.take_all()
        for name, numbers in unused.items():
            self._lose(CHOICES, numbers, f"no question that is taken uses the list “{name}”")

    def _lose_cells_left(self) -> None:
        """The cells of which nothing was said, those of a column with the same text together."""
        for sheet, rows in self._rows.items():
            left: defaultdict[tuple[Head, str], list[int]] = defaultdict(list)
            for row in rows:
                for head, text in row.cells.items():
                    if head not in row.taken:
                        left[head, "" if head.language else text].append(row.number)
            for (head, text), numbers in left.items():
                shown = f": {text[:_LONGEST_SHOWN]}" if text else ""
                self._lose(sheet, numbers, f"{_words_of(sheet, head)} is not taken{shown}", head.written)


def _words_of(sheet: str, head: Head) -> str:
    if head.language:
        return f"the text in {head.language}"
    known = _SETTINGS_WORDS if sheet == SETTINGS else _SURVEY_WORDS
    return known.get(head.name, "a column that our forms do not have")


def _is_on(text: str) -> bool:
    return text.casefold() in {"yes", "true", "true()"}


def _rows(name: str, sheet: Sheet) -> Iterator[FormRow]:
    """The rows below the heads. Raises UnreadableForm for a cell without a value of its own."""
    heads = [_head(str(cell)) for cell in sheet.rows[0].cells] if sheet.rows else []
    for row in sheet.rows[1:]:
        filled = {head: cell for head, cell in zip(heads, row.cells, strict=False) if cell != ""}
        for head, cell in filled.items():
            if isinstance(cell, CellMistake):
                raise UnreadableForm(f"{name} row {row.number}, {head.written}: {cell}")
        if filled:
            yield FormRow(name, row.number, {head: str(cell) for head, cell in filled.items()})


def _head(written: str) -> Head:
    """A head taken apart: label::English (en) is “label” in “English (en)”."""
    separator = "::" if "::" in written else r":(?!(?:constraintMsg|requiredMsg|count|noAppErrorString)\b)"
    tokens = [token.strip() for token in re.split(separator, written)]
    name = "_".join(tokens[0].casefold().split())
    if name in _PREFIXES and len(tokens) > 1:
        tokens = tokens[1:]
        name = "_".join(tokens[0].casefold().split())
    name = _ALIASES.get(name, name)
    if name not in _TRANSLATED:
        return Head(written, name if len(tokens) == 1 else written)
    return Head(written, name, tokens[1] if len(tokens) > 1 else "")
