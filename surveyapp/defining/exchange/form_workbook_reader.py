"""Reads a form from a spreadsheet with the sheets Settings, Questions and Options."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from surveyapp.defining.document_validation import validate_document
from surveyapp.defining.editing.draft import FormDraft
from surveyapp.defining.editing.draft_changes import id_from
from surveyapp.defining.exchange.form_sheets import (
    COLUMNS,
    LISTED,
    NUMBERS,
    OPTION_COLUMNS,
    OPTIONS,
    PLAIN,
    QUESTIONS,
    SETTINGS,
    SHEETS,
)
from surveyapp.defining.exchange.taken_form import FORM_LIMITS, TakenForm, UnreadableForm
from surveyapp.defining.mistakes import Mistake
from surveyapp.defining.strict_yaml import Loc, StrictDocument
from surveyapp.foundation.tables.cells import CellMistake, Sheet
from surveyapp.foundation.tables.typed_cells import cell_line, read_tick


@dataclass(frozen=True)
class _FormSheets(StrictDocument):
    """The content of the sheets in the shape of a form file, with the sheet and row of each part."""

    places: dict[Loc, tuple[str, int]] = field(default_factory=dict)

    def mistake(self, loc: Loc, message: str, *, of_key: bool = False) -> Mistake:  # noqa: ARG002 — a row has no key
        """A mistake in the row of the part at `loc`, or of the nearest part that encloses it."""
        while loc and loc not in self.places:
            loc = loc[:-1]
        sheet, row = self.places.get(loc, (SETTINGS, 1))
        return Mistake(sheet, row, 1, message)


def read_form_workbook(sheets: Mapping[str, Sheet]) -> TakenForm:
    """The form in the sheets of a workbook. Raises UnreadableForm with every mistake by sheet and row."""
    reader = _Reader()
    for name in SHEETS:
        if name not in sheets:
            reader.add(name, 0, "there is no sheet of this name")
    for name in SHEETS:
        reader.read_rows(name, sheets.get(name, Sheet()))
    content = reader.content()
    draft, mistakes = validate_document(FormDraft, _FormSheets("", content, None, places=reader.places))
    mistakes += reader.mistakes
    if draft is None or mistakes:
        order = {name: place for place, name in enumerate(SHEETS)}
        listed = sorted(set(mistakes), key=lambda one: (order.get(one.file, 9), one.line, one.message))
        raise UnreadableForm(
            *(f"{one.file}{f' row {one.line}' if one.line else ''}: {one.message}" for one in listed)
        )
    hidden = [
        f"The sheet {name} is hidden; it was read all the same." for name in SHEETS if sheets[name].is_hidden
    ]
    return TakenForm(draft, tuple(hidden))


class _Reader:
    """Collects the rows of the sheets, the places of their parts, and mistakes."""

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        self.places: dict[Loc, tuple[str, int]] = {}
        self.mistakes: list[Mistake] = []

    def add(self, sheet: str, row: int, message: str) -> None:
        self.mistakes.append(Mistake(sheet, row, 1, message))

    def read_rows(self, name: str, sheet: Sheet) -> None:
        """Read the rows of a sheet below its heads, each by the names of its columns."""
        self.rows[name] = []
        if not sheet.rows:
            return
        heads = [re.sub(r"[\s-]+", "_", cell_line(cell).casefold()) for cell in sheet.rows[0].cells]
        for head in sorted({head for head in heads if head} - set(COLUMNS[name])):
            self.add(name, sheet.rows[0].number, f"“{head}” is no column of {name}")
        for head in sorted({head for head in heads if head and heads.count(head) > 1}):
            self.add(name, sheet.rows[0].number, f"the column “{head}” is there twice")
        if sheet.rows[-1].number > FORM_LIMITS.rows:
            self.add(name, 0, FORM_LIMITS.too_many_rows)
        for row in sheet.rows[1:]:
            values = {head: cell for head, cell in zip(heads, row.cells, strict=False) if head and cell != ""}
            for head, cell in values.items():
                if isinstance(cell, CellMistake):
                    self.add(name, row.number, f"{head}: {cell}")
            if values:
                self.rows[name].append(
                    (row.number, {head: self._text(cell) for head, cell in values.items()})
                )

    def _text(self, cell: object) -> str:
        if isinstance(cell, date):
            return cell.isoformat()
        return {True: "yes", False: "no"}[cell] if isinstance(cell, bool) else cell_line(cell)

    def content(self) -> dict[str, Any]:
        """The content of a form file that the sheets describe."""
        content: dict[str, Any] = {"form": "taken", "themes": {}, "answers": {}, "questions": []}
        self._settings(content)
        lists = self._lists()
        used: set[str] = set()
        for row, values in self.rows[QUESTIONS]:
            question = self._question(row, values, content, lists, used)
            self.places["questions", len(content["questions"])] = (QUESTIONS, row)
            content["questions"].append(question)
        if not all(isinstance(question.get("number"), int) for question in content["questions"]):
            for number, question in enumerate(content["questions"], 1):
                question["number"] = number
        for name, options in lists.items():
            if name not in used:
                self.places["answers", name] = (OPTIONS, options[0][0])
                content["answers"][name] = [self._option(row, values) for row, values in options]
        self._check_ids(content)
        return content

    def _settings(self, content: dict[str, Any]) -> None:
        for row, values in self.rows[SETTINGS]:
            name, value = values.get("name", "").casefold(), values.get("value", "")
            if name == "theme" and value:
                theme = values.get("id") or id_from(value, content["themes"], otherwise="theme")
                self.places["themes", theme] = (SETTINGS, row)
                content["themes"][theme] = value
            elif name in ("title", "source", "minutes"):
                self.places[name,] = (SETTINGS, row)
                content[name] = self._number(SETTINGS, row, name, value, 20) if name == "minutes" else value
            else:
                self.add(SETTINGS, row, f"“{name}” is no setting; there are title, source, minutes and theme")

    def _lists(self) -> dict[str, list[tuple[int, dict[str, str]]]]:
        lists: dict[str, list[tuple[int, dict[str, str]]]] = {}
        for row, values in self.rows[OPTIONS]:
            if "list" not in values:
                self.add(OPTIONS, row, "“list” is missing: the id of a question, or the name of a list")
                continue
            lists.setdefault(values["list"], []).append((row, values))
        for options in lists.values():
            taken = {values["value"] for _, values in options if "value" in values}
            for _, values in options:
                if "value" not in values:
                    values["value"] = id_from(values.get("label", ""), taken, otherwise="answer")
                    taken.add(values["value"])
        return lists

    def _question(
        self,
        row: int,
        values: dict[str, str],
        content: dict[str, Any],
        lists: dict[str, list[tuple[int, dict[str, str]]]],
        used: set[str],
    ) -> dict[str, Any]:
        names = {words.casefold(): name for name, words in content["themes"].items()}
        taken = {question["id"] for question in content["questions"]} | {
            other["id"] for _, other in self.rows[QUESTIONS] if "id" in other
        }
        words = values.get("short") or values.get("ask", "")
        question: dict[str, Any] = {"id": values.get("id") or id_from(words, taken, otherwise="question")}
        question |= {name: values[name] for name in PLAIN if name in values and name != "id"}
        if "theme" in question:
            question["theme"] = names.get(question["theme"].casefold(), question["theme"])
        for name in NUMBERS:
            if name in values:
                question[name] = self._number(QUESTIONS, row, name, values[name], 1)
        for name in ("required", "concern_beside"):
            if name in values:
                question[name] = self._tick(QUESTIONS, row, name, values[name])
        question |= {name: _several(values[name]) for name in LISTED if name in values}
        question |= _across_agencies(values)
        if "show_if_question" in values:
            question["show_if"] = _show_if(values)
        own = next((name for name in (f"{question['id']} (own)", question["id"]) if name in lists), None)
        if "answers" in values:
            question["answers"] = values["answers"]
        elif own is not None:
            used.add(own)
            options = [self._option(number, option) for number, option in lists[own]]
            if values.get("kind") == "checklist":
                question["items"] = [{"id": option.pop("value"), **option} for option in options]
            else:
                question["answers"] = options
        return question

    def _option(self, row: int, values: dict[str, str]) -> dict[str, Any]:
        option: dict[str, Any] = {name: words for name, words in values.items() if name in OPTION_COLUMNS}
        del option["list"]
        if "raises_concern" in option:
            option["raises_concern"] = self._tick(OPTIONS, row, "raises_concern", option["raises_concern"])
            if not option["raises_concern"]:
                del option["raises_concern"]
        return option

    def _number(self, sheet: str, row: int, name: str, text: str, otherwise: int) -> int:
        if re.fullmatch(r"-?[0-9]{1,9}", text):
            return int(text)
        self.add(sheet, row, f"{name}: “{text[:40]}” is no whole number")
        return otherwise

    def _tick(self, sheet: str, row: int, name: str, text: str) -> bool:
        ticked = read_tick(text)
        if ticked is None:
            self.add(sheet, row, f"{name}: write yes, or leave it empty")
        return bool(ticked)

    def _check_ids(self, content: dict[str, Any]) -> None:
        ids: set[str] = set()
        for index, question in enumerate(content["questions"]):
            if question["id"] in ids:
                self.add(
                    QUESTIONS,
                    self.places["questions", index][1],
                    f"the id “{question['id']}” is there already",
                )
            ids.add(question["id"])


def _across_agencies(values: dict[str, str]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    if "conflicts" in values:
        pairs = _several(values["conflicts"])
        parts["conflicts"] = [[side.strip() for side in pair.split("/")] for pair in pairs]
    if "role_own" in values or "role_another" in values:
        parts["role"] = {"own": values.get("role_own", ""), "another": values.get("role_another", "")}
    return parts


def _several(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,\n]", text) if part.strip()]


def _show_if(values: dict[str, str]) -> dict[str, Any]:
    options = _several(values.get("show_if_answers", ""))
    rule: dict[str, Any] = {"question": values["show_if_question"]}
    if values.get("show_if_rule", "is") == "is_not":
        return rule | {"is_not": options[0] if len(options) == 1 else ""}
    return rule | ({"is": options[0]} if len(options) == 1 else {"one_of": options})
