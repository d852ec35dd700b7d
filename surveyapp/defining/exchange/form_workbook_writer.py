"""Writes a form as a spreadsheet with the sheets Settings, Questions and Options."""

import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from surveyapp.defining.editing.draft import FormDraft
from surveyapp.defining.exchange.form_sheets import (
    COLUMNS,
    LISTED,
    NUMBERS,
    OPTIONS,
    PLAIN,
    QUESTIONS,
    SETTINGS,
    SHEETS,
)
from surveyapp.foundation.documents.sheet_writer import WorkbookWriter


def write_form_workbook(draft: FormDraft, *, made_at: datetime) -> bytes:
    """A form as a workbook (.xlsx)."""
    output = io.BytesIO()
    book = WorkbookWriter(output, title=draft.title, made_at=made_at, reserved=SHEETS)
    rows = {SETTINGS: _setting_rows(draft), QUESTIONS: _question_rows(draft), OPTIONS: _option_rows(draft)}
    for name, columns in COLUMNS.items():
        sheet = book.reserved_sheet(name, tuple(columns), tuple(columns.values()), wrap=True)
        for row in rows[name]:
            sheet.add([str(row.get(column, "")) for column in columns])
        sheet.end()
    book.close()
    return output.getvalue()


def _setting_rows(draft: FormDraft) -> list[dict[str, Any]]:
    rows = [{"name": name, "value": getattr(draft, name)} for name in ("title", "source", "minutes")]
    return [*rows, *({"name": "theme", "value": words, "id": name} for name, words in draft.themes.items())]


def _question_rows(draft: FormDraft) -> list[dict[str, Any]]:
    rows = []
    for question in draft.questions:
        row = {name: getattr(question, name) or "" for name in PLAIN}
        row |= {name: "" if (number := getattr(question, name)) is None else number for name in NUMBERS}
        row |= {name: "; ".join(getattr(question, name)) for name in LISTED}
        row |= {name: "yes" if getattr(question, name) else "" for name in ("required", "concern_beside")}
        row["answers"] = question.answers if isinstance(question.answers, str) else ""
        row["conflicts"] = "; ".join(" / ".join(pair) for pair in question.conflicts)
        if question.role:
            row |= {"role_own": question.role.own, "role_another": question.role.another}
        if question.show_if:
            row["show_if_question"] = question.show_if.question
            row["show_if_rule"] = "is_not" if question.show_if.is_not is not None else "is"
            row["show_if_answers"] = "; ".join(question.show_if.options)
        rows.append(row)
    return rows


def _option_rows(draft: FormDraft) -> Iterable[dict[str, Any]]:
    for name, options in draft.answers.items():
        for option in options:
            yield {"list": name, **_option_row(option)}
    for question in draft.questions:
        own = () if isinstance(question.answers, str) else question.answers or ()
        for part in (*own, *question.items):
            yield {"list": _own_list(question.id, draft.answers), **_option_row(part)}


def _option_row(part: Any) -> dict[str, Any]:  # noqa: ANN401 — an answer or a line to tick
    row = {name: value or "" for name, value in part.model_dump().items()}
    row["value"] = row.pop("id", row.get("value"))
    return row | {"raises_concern": "yes" if row.get("raises_concern") else ""}


def _own_list(question: str, shared: Mapping[str, Any]) -> str:
    """The name in the sheet of the answers that are one question’s own."""
    return f"{question} (own)" if question in shared else question
