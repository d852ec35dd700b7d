"""The rows of answers, and of lines to tick, on the pages on which a form is made."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError

from surveyapp.defining.definition import COMMENT, NONE_OF_THESE
from surveyapp.defining.editing.draft_changes import id_from
from surveyapp.defining.question_parts import Option, Statement
from surveyapp.foundation.web.base import LineField
from surveyapp.foundation.web.fields import MaxCharacters

MOST_ROWS = 40
# What can be stored for an answer: OptionValue of question_parts.
_VALUE = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")
_LINE = MaxCharacters(2_000)
COUNTS_AS = {"": "An answer", "not_applicable": "Not applicable", "dont_know": "Don’t know"}


class AnswerRow(Form):
    """One answer, or one line to tick. `value` is what is counted; it stays as the words change."""

    value = HiddenField()
    label = LineField("Answer", [_LINE])
    short = LineField("Short name, for charts", [_LINE])
    hint = LineField("Help beside it", [_LINE])
    counts_as = SelectField(
        "Counts as",
        choices=[SelectChoice(value, words) for value, words in COUNTS_AS.items()],
        validate_choice=False,
    )
    needs_comment = BooleanField("Needs a comment")
    raises_concern = BooleanField("Tells the partnership at once of a current concern")

    def validate_label(self, field: LineField) -> None:
        """Refuse a row that holds something but no words to choose."""
        if not field.data and (self.short.data or self.hint.data):
            raise ValidationError("Write the answer, or remove this row")

    @property
    def has_more(self) -> bool:
        """Whether the row holds more than the words of its answer."""
        return bool(
            self.short.data
            or self.hint.data
            or self.counts_as.data
            or self.raises_concern.data
            or self.short.errors
            or self.hint.errors
        )


class RowList(FieldList):  # type: ignore[type-arg]  # not subscriptable as it runs
    """Rows of fields, whose errors are those of the fields, also of such as were added after the checks."""

    @property
    def errors(self) -> list[Any]:
        """The errors of each row that has any."""
        return [entry.errors for entry in self.entries if entry.errors]

    @errors.setter
    def errors(self, errors: object) -> None:
        """Keep none: each row has its own."""


class AnswerRows(RowList):
    """Rows of answers."""

    def __init__(self, label: str = "", **rest: Any) -> None:  # noqa: ANN401 — WTForms’ own
        """Hold up to MOST_ROWS rows."""
        super().__init__(FormField(AnswerRow), label, max_entries=MOST_ROWS, **rest)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What stands in the rows, without those that are empty."""
        return [row for row in self.data if row["label"] or row["short"] or row["hint"]]


def with_values(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, each with what is stored for it: for a new one, a name made from its words."""
    rows = [row if _VALUE.fullmatch(row["value"] or "") else {**row, "value": ""} for row in rows]
    taken = {row["value"] for row in rows if row["value"]} | {COMMENT, NONE_OF_THESE}
    named: list[dict[str, Any]] = []
    for row in rows:
        value = row["value"] or (id_from(row["label"], taken, otherwise="answer") if row["label"] else "")
        taken.add(value)
        named.append({**row, "value": value})
    return named


def rows_of(parts: Iterable[Option | Statement], comment_when: Collection[str] = ()) -> list[dict[str, Any]]:
    """The rows for stored answers or lines."""
    return [
        {
            "value": part.value if isinstance(part, Option) else part.id,
            "label": part.label,
            "short": part.short or "",
            "hint": part.hint or "",
            "counts_as": (part.counts_as or "") if isinstance(part, Option) else "",
            "raises_concern": isinstance(part, Option) and part.raises_concern,
            "needs_comment": (part.value if isinstance(part, Option) else part.id) in comment_when,
        }
        for part in parts
    ]


def options_of(rows: Iterable[dict[str, Any]]) -> tuple[Option, ...]:
    """The answers that stand in rows with values."""
    return tuple(
        Option(
            value=row["value"],
            label=row["label"],
            short=row["short"] or None,
            hint=row["hint"] or None,
            counts_as=row["counts_as"] if row["counts_as"] in COUNTS_AS and row["counts_as"] else None,
            raises_concern=row["raises_concern"],
        )
        for row in rows
    )


def statements_of(rows: Iterable[dict[str, Any]]) -> tuple[Statement, ...]:
    """The lines to tick that stand in rows with values."""
    return tuple(
        Statement(id=row["value"], label=row["label"], short=row["short"] or None, hint=row["hint"] or None)
        for row in rows
    )


def changed_rows(rows: list[dict[str, Any]], what: str, place: int) -> list[dict[str, Any]]:
    """The rows after a press of a button of the row at `place`: "up", "down", "remove"; or of "add" below."""
    rows = list(rows)
    if what == "add":
        return [*rows, empty_row()]
    if not 0 <= place < len(rows):
        return rows
    row = rows.pop(place)
    if what != "remove":
        rows.insert(max(0, place + (-1 if what == "up" else 1)), row)
    return rows


def empty_row() -> dict[str, Any]:
    """A row that nothing stands in."""
    return {
        "value": "",
        "label": "",
        "short": "",
        "hint": "",
        "counts_as": "",
        "needs_comment": False,
        "raises_concern": False,
    }
