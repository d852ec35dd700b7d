"""Reads an XLSForm with pyxform into a form, and names every part of it that our forms do not have."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from surveyapp.defining.definition import COMMENT, NONE_OF_THESE
from surveyapp.defining.document_validation import validate_document
from surveyapp.defining.editing.draft import FormDraft
from surveyapp.defining.editing.draft_changes import id_from
from surveyapp.defining.exchange.taken_form import TakenForm, UnreadableForm
from surveyapp.defining.exchange.xlsform_expressions import bounds_in, condition_in, says_none_alone
from surveyapp.defining.exchange.xlsform_sheets import FormRow, XlsFormSheets
from surveyapp.defining.exchange.xlsform_words import (
    LONGEST,
    filled_in,
    has_emphasis,
    none_alone_words,
    read_words,
)
from surveyapp.defining.kinds.contact_kind import CONTACT_PARTS
from surveyapp.defining.rules.question_rules import MAX_SCALE_STEPS, RESERVED_IDS
from surveyapp.defining.strict_yaml import StrictDocument
from surveyapp.foundation.tables.cells import Sheet
from surveyapp.foundation.words.clean_text import clean_line

_THEME = ("practice", "Practice")
_NOT_INSTALLED = "This is an XLSForm, which cannot be read here: install the part “xlsform” of this program."
_DAMAGED = "Part of this XLSForm is damaged: save it again in your spreadsheet program, and upload that copy."
_SELECTS = {"select one": "choice", "select all that apply": "choices"}
_TEXTS = {"text": "text", "string": "text", "date": "date", "integer": "number", "int": "number"}
# What a tool notes by itself while somebody fills in a form.
_METADATA = frozenset(
    {
        "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email",
        "audit", "start-geopoint", "background-audio", "background-geopoint",
    }
)  # fmt: skip
_ALWAYS, _NEVER = frozenset({"yes", "true", "true()"}), frozenset({"", "no", "false", "false()"})
_OUR_GROUP = re.compile(r"part_[0-9]+_*")


def read_xlsform(content: bytes, sheets: Mapping[str, Sheet]) -> TakenForm:
    """The form in an XLSForm workbook, with every loss. `sheets` are the cells of the same file.

    Raises UnreadableForm where pyxform refuses it or cannot read it, and for a cell that holds a formula.
    """
    try:
        from pyxform.errors import PyXFormError
        from pyxform.xls2json import workbook_to_json
        from pyxform.xls2json_backends import get_xlsform
    except ImportError:
        raise UnreadableForm(_NOT_INSTALLED) from None

    cells, warnings = XlsFormSheets(sheets), list[str]()
    try:
        workbook = get_xlsform(io.BytesIO(content), file_type=".xlsx")
        survey = workbook_to_json(workbook_dict=workbook, fallback_form_name="form", warnings=warnings)
    except PyXFormError as error:
        raise UnreadableForm(f"The XLSForm has a mistake: {clean_line(str(error))[:500]}") from None
    except Exception:  # noqa: BLE001 — pyxform reads parts that our reader passes over, and a damaged one raises anything
        raise UnreadableForm(_DAMAGED) from None
    return _Reader(survey, cells).read()


class _Reader:
    """Turns the elements of an XLSForm into questions, and has their cells noted as taken or lost."""

    def __init__(self, survey: Mapping[str, Any], sheets: XlsFormSheets) -> None:
        self.survey, self.sheets = survey, sheets
        self.questions: list[dict[str, Any]] = []
        # Our id of each element by its name, and our value of each choice by element and name.
        self.ids: dict[str, str] = {}
        self.values: dict[str, dict[str, str]] = {}
        # When each question is asked, in the words of the file.
        self.relevants: dict[str, str] = {}
        # The heading that the next question begins, the one above it, and the groups that it stands in.
        self.section, self.heading = "", ""
        self.groups: list[str] = []

    def read(self) -> TakenForm:
        for element in self.survey.get("children", ()):
            self.element(element, "")
        title = read_words(self.sheets.title) or "A form without a title"
        content = {
            "form": "taken",
            "title": title[:200],
            "source": "An XLSForm",
            "themes": dict([_THEME]),
            "questions": self.questions,
        }
        draft, mistakes = validate_document(FormDraft, StrictDocument("", content, None))
        if draft is None:
            raise UnreadableForm(*dict.fromkeys(mistake.message for mistake in mistakes))
        themes = f"An XLSForm has no themes: every question is put under “{_THEME[1]}”."
        return TakenForm(draft, (themes, *self.sheets.losses()))

    def words(self, row: FormRow, name: str) -> str:
        """The words of a label or hint, and what of them is lost."""
        language = self.sheets.language
        cell = row.take(name, language)
        head = row.head(name, language)
        column = head.written if head else name
        words = read_words(cell)
        if has_emphasis(cell):
            self.sheets.lose(row, "bold type, colours and links among the words are not taken", column)
        if filled_in(cell):
            answers = ", ".join(filled_in(cell))
            self.sheets.lose(
                row, f"the answer that a tool fills in stays as it is written: {answers}", column
            )
        if len(words) == LONGEST and len(cell) > LONGEST:
            self.sheets.lose(row, f"only the first {LONGEST:,} characters are taken", column)
        return words

    def about(self, row: FormRow) -> str:
        return f"“{read_words(row.cell('label', self.sheets.language)) or row.cell('name')}”"

    def element(self, element: Mapping[str, Any], relevant: str) -> None:
        kind = str(element.get("type", ""))
        if kind == "group" and element.get("control", {}).get("bodyless"):
            return
        row = self.sheets.next_row(str(element.get("name", "")))
        about = self.about(row)
        if kind == "group":
            self.group(element, row, relevant)
        elif kind == "repeat":
            inside = ", ".join(self.lost_inside(element)) or "it is empty"
            words = f"{about} is a group that repeats; it and the questions in it are not taken: {inside}"
            self.sheets.lose_row(row, words)
        elif kind in _SELECTS:
            self.select(element, row, relevant)
        elif kind == "range":
            self.range(element, row, relevant)
        elif kind in _TEXTS:
            self.written(element, row, relevant)
        elif kind == "note":
            self.sheets.lose_row(row, f"{about} is a note to read, not a question; it is not taken")
        elif kind in _METADATA:
            self.sheets.lose_row(row, f"{about} is noted by the tool itself ({kind}); it is not taken")
        else:
            calculation = row.cell("calculation")
            words = f"{about} is of the kind “{kind}”, which our forms do not have; it is not taken"
            self.sheets.lose_row(row, f"{words}: {calculation}" if calculation else words)

    def lost_inside(self, element: Mapping[str, Any]) -> Iterator[str]:
        """The questions inside a group that is not taken, whose rows the sentence about it names."""
        for child in element.get("children", ()):
            row = self.sheets.next_row(str(child.get("name", "")))
            row.take_all()
            yield self.about(row)
            yield from self.lost_inside(child)

    def group(self, element: Mapping[str, Any], row: FormRow, relevant: str) -> None:
        children = element.get("children", ())
        name = str(element.get("name", ""))
        parts = [str(child.get("name", "")).rstrip("_") for child in children]
        if parts == [f"{name}_{part}" for part in CONTACT_PARTS]:
            for child, label in zip(children, CONTACT_PARTS.values(), strict=True):
                line = self.sheets.next_row(str(child["name"]))
                for cell in ("type", "name", *(["label"] if line.cell("label") == label else [])):
                    line.take(cell)
            self.question(element, row, {"kind": "contact"}, relevant)
            return
        row.take("type")
        own = row.take("relevant")
        both = " and ".join(filter(None, (relevant, own)))
        label = self.words(row, "label")
        if label and self.section:
            self.sheets.lose(
                row, f"the heading “{self.section}” above it has no question of its own, so it goes"
            )
        self.section = label or self.section
        if not _OUR_GROUP.fullmatch(name):
            self.sheets.lose_cell(row, "name", "the name of a group is not taken, only its words")
        row.take("name")
        self.groups.append(label)
        before = len(self.questions)
        for child in children:
            self.element(child, both)
        self.groups.pop()
        if label and len(self.questions) == before:
            self.sheets.lose(row, f"the heading “{label}” has no question that is taken, so it goes")
            self.section = ""

    def select(self, element: Mapping[str, Any], row: FormRow, relevant: str) -> None:
        name = str(element.get("name", ""))
        rows = self.sheets.choice_rows(str(element.get("list_name") or element.get("itemset") or ""))
        values: dict[str, str] = {}
        options = []
        for choice in element.get("choices", ()):
            chosen = str(choice.get("name", ""))
            value = values[chosen] = _option_value(chosen, set(values.values()))
            words = (
                self.choice(rows.get(chosen), value) or read_words(str(choice.get("label") or "")) or value
            )
            options.append({"value": value, "label": words})
        self.values[name] = values
        made: dict[str, Any] = {"kind": _SELECTS[str(element["type"])]}
        none = next((option for option in options if option["value"] == NONE_OF_THESE), None)
        if made["kind"] == "choices" and none is not None:
            lines = [option for option in options if option is not none]
            made = {
                "kind": "checklist",
                "items": [{"id": _line_id(line["value"]), "label": line["label"]} for line in lines],
                "none_of_these": none["label"],
            }
            self.values[name] = {
                key: value if value == NONE_OF_THESE else _line_id(value) for key, value in values.items()
            }
        elif options:
            made["answers"] = options
        else:
            self.sheets.lose_cell(row, "type", "its answers come from elsewhere and are not taken")
        self.question(element, row, made, relevant)

    def choice(self, row: FormRow | None, value: str) -> str:
        """The words of a choice, by its row, which several questions may use."""
        if row is None:
            return ""
        if row.taken:
            return read_words(row.cell("label", self.sheets.language))
        row.take("list_name")
        if row.cell("name") != value:
            self.sheets.lose_cell(row, "name", f"its name in figures becomes {value}")
        row.take("name")
        return self.words(row, "label")

    def range(self, element: Mapping[str, Any], row: FormRow, relevant: str) -> None:
        numbers = element.get("parameters") or element.get("control") or {}
        bounds = [
            str(numbers.get(name, other)) for name, other in (("start", "1"), ("end", "10"), ("step", "1"))
        ]
        if not all(re.fullmatch(r"-?[0-9]{1,9}", bound) for bound in bounds):
            words = f"{self.about(row)} is a range of numbers that are not whole; it is not taken"
            self.sheets.lose_row(row, words)
            return
        lowest, highest, step = map(int, bounds)
        if step != 1:
            self.sheets.lose_cell(row, "parameters", f"its steps of {step} are not taken")
        elif not re.search(r"(?!\b(?:start|end|step)\b)\b[a-z_]+\s*=", row.cell("parameters")):
            row.take("parameters")
        is_scale = step == 1 and 0 <= lowest < highest <= lowest + MAX_SCALE_STEPS
        if not is_scale:
            self.sheets.lose(
                row, "it becomes a number to type in, since our scales have 2 to 21 steps of 1 from 0 up"
            )
        kind = "scale" if is_scale else "number"
        self.question(element, row, {"kind": kind, "lowest": lowest, "highest": highest}, relevant)

    def written(self, element: Mapping[str, Any], row: FormRow, relevant: str) -> None:
        kind, name = _TEXTS[str(element["type"])], str(element.get("name", ""))
        is_long = row.cell("appearance") == "multiline" and kind == "text"
        if is_long:
            row.take("appearance")
        before = self.questions[-1] if self.questions else None
        asked = re.fullmatch(rf"(.+)_{COMMENT}_*", name)
        if (
            before
            and kind == "text"
            and asked
            and self.ids.get(asked[1]) == before["id"]
            and "comment" not in before
        ):
            self.comment(row, before)
            return
        self.question(element, row, {"kind": "long_text" if is_long else kind}, relevant)

    def comment(self, row: FormRow, question: dict[str, Any]) -> None:
        """Take a text as the comments box of the question before it."""
        for cell in ("type", "name"):
            row.take(cell)
        question["comment"] = self.words(row, "label") or "Comments"
        if row.cell("relevant") == self.relevants[question["id"]]:
            row.take("relevant")
        gate, chosen, is_not = self.condition(row.cell("required")) or ("", [], False)
        if gate == question["id"] and not is_not:
            question["comment_when"] = chosen
            row.take("required")
        elif row.cell("required").casefold() in _NEVER:
            row.take("required")

    def question(self, element: Mapping[str, Any], row: FormRow, made: dict[str, Any], relevant: str) -> None:
        name = str(element.get("name", ""))
        taken = {question["id"] for question in self.questions} | RESERVED_IDS
        question: dict[str, Any] = {
            "id": _question_id(name, taken),
            "number": len(self.questions) + 1,
            "theme": _THEME[0],
        }
        if question["id"] != name and row.cell("name") == name:
            self.sheets.lose_cell(row, "name", f"its name in figures becomes {question['id']}")
        row.take("type")
        row.take("name")
        self.ids[name] = question["id"]
        self.relevants[question["id"]] = row.cell("relevant")
        question["ask"] = self.words(row, "label") or read_words(str(element.get("label") or "")) or name
        hint = self.words(row, "hint")
        if hint:
            question["hint"] = hint
        self.under_heading(question, row)
        self.required(question, row)
        both = " and ".join(filter(None, (relevant, str(element.get("bind", {}).get("relevant", "")))))
        if both:
            self.show_if(question, row, both)
        question |= made
        self.constraint(question, row)
        self.questions.append(question)

    def under_heading(self, question: dict[str, Any], row: FormRow) -> None:
        """Give the first question of a group its heading; it holds until the next, also past the group."""
        inside = next((label for label in reversed(self.groups) if label), "")
        if self.section:
            question["section"] = self.heading = self.section
            self.section = ""
        elif self.heading not in {inside, ""}:
            self.sheets.lose(
                row, f"from here on questions stand under “{self.heading}”, as in no group of the file"
            )
            self.heading = ""

    def required(self, question: dict[str, Any], row: FormRow) -> None:
        required = row.cell("required").casefold()
        if required in _ALWAYS:
            question["required"] = True
        if required in _ALWAYS | _NEVER:
            row.take("required")

    def constraint(self, question: dict[str, Any], row: FormRow) -> None:
        constraint = row.cell("constraint")
        if question["kind"] == "checklist" and says_none_alone(constraint):
            row.take("constraint")
            if read_words(row.cell("constraint_message")) == none_alone_words(question["none_of_these"]):
                row.take("constraint_message")
        elif constraint:
            bounds = bounds_in(constraint, question["kind"])
            if bounds:
                question |= bounds
                row.take("constraint")

    def show_if(self, question: dict[str, Any], row: FormRow, relevant: str) -> None:
        found, own = self.condition(relevant), row.cell("relevant")
        if found is None:
            self.sheets.lose_cell(row, "relevant", "it is asked always, since its condition is not taken")
            if own != relevant:
                self.sheets.lose(
                    row, f"it is asked always, since the condition of its group is not taken: {relevant}"
                )
            return
        row.take("relevant")
        gate, chosen, is_not = found
        one = {"is_not" if is_not else "is": chosen[0]}
        question["show_if"] = {"question": gate} | (one if len(chosen) == 1 else {"one_of": chosen})

    def condition(self, expression: str) -> tuple[str, list[str], bool] | None:
        """The question and the answers that an expression asks for, and whether for any but this one."""
        condition = condition_in(expression)
        asked = next(
            (one for one in self.questions if condition and one["id"] == self.ids.get(condition.question)),
            None,
        )
        if condition is None or asked is None:
            return None
        known = self.values.get(condition.question, {})
        if asked["kind"] == "scale":
            known = {str(step): str(step) for step in range(asked["lowest"], asked["highest"] + 1)}
        if not all(choice in known for choice in condition.choices):
            return None
        return asked["id"], [known[choice] for choice in condition.choices], condition.is_not


def _question_id(name: str, taken: set[str]) -> str:
    if (
        re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name)
        and name not in taken
        and not name.startswith(("validate_", "filter_"))
    ):
        return name
    return id_from(
        f"question {name}" if name.startswith(("validate_", "filter_")) else name.replace("_", " "),
        taken,
        otherwise="question",
    )


def _option_value(name: str, taken: set[str]) -> str:
    if re.fullmatch(r"[a-z0-9][a-z0-9_]{0,59}", name) and name not in taken:
        return name
    return id_from(name, taken, otherwise="answer")


def _line_id(value: str) -> str:
    return value if value[0].isalpha() and value not in {COMMENT, NONE_OF_THESE} else f"line_{value}"[:60]
