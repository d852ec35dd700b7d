"""An audit's answers as CSV: one row an answer, every row whole by itself."""

import csv
import io
from collections.abc import Iterator
from typing import IO

from surveyapp.answering.returns.queries import NIL_RETURN_QUESTION
from surveyapp.exports.answer_cells import exported_answers, typed_value
from surveyapp.exports.return_rows import ReturnRow
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.clock import local_time
from surveyapp.foundation.documents.csv_writer import text_cell

HEAD = (
    "audit",
    "case",
    "age_band",
    "gender",
    "category",
    "plan",
    "agency",
    "agency_kind",
    "request",
    "returned_at",
    "late",
    "theme",
    "number",
    "question",
    "item",
    "item_label",
    "option",
    "label",
    "counts_as",
    "text",
)
Row = tuple[str | int, ...]


def write_csv_file(reading: AuditSnapshot, to: IO[bytes]) -> None:
    """Write every answer as a row, in UTF-8 with a mark; what a spreadsheet would run gets an apostrophe."""
    to.write(b"\xef\xbb\xbf")
    lines = io.TextIOWrapper(to, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(lines)
        writer.writerow(HEAD)
        for each in reading.returns():
            about = _about(reading, each)
            writer.writerows(
                [text_cell(cell) if isinstance(cell, str) else cell for cell in (*about, *row)]
                for row in _rows(reading, each)
            )
        lines.flush()
    finally:
        # The file is the caller's to close.
        lines.detach()


def _about(reading: AuditSnapshot, each: ReturnRow) -> Row:
    return (
        reading.audit_id,
        each.case.pseudonym,
        each.case.age_band,
        each.case.gender,
        each.case.category,
        each.case.plan,
        each.agency.name,
        each.agency.kind,
        each.reference,
        local_time(each.returned_at).isoformat(timespec="seconds"),
        "yes" if each.is_late else "no",
    )


def _rows(reading: AuditSnapshot, each: ReturnRow) -> Iterator[Row]:
    if each.nil_reason:
        # A nil return answers no question, and no question of a form can have this name.
        yield (
            "",
            "",
            NIL_RETURN_QUESTION,
            "reason",
            "",
            each.nil_reason,
            each.nil_in_words,
            "",
            each.whereabouts,
        )
        return
    for one in exported_answers(reading.definition, each.given):
        text = typed_value(one.question, one.text) if not one.item else one.text
        yield (
            one.question.theme,
            one.question.number,
            one.question.id,
            one.item,
            one.item_label,
            one.option,
            one.label,
            one.counts_as,
            # A number stays one, so that "-3" is not taken for the beginning of a formula.
            text if isinstance(text, int) else one.text,
        )
