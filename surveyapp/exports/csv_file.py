"""The answers of an audit as CSV: a row for each answer, with its case, agency and question."""

import csv
import io
from collections.abc import Iterator
from typing import IO

from surveyapp.answering.returns.queries import NIL_RETURN_QUESTION
from surveyapp.exports.answer_cells import exported_answers, typed_value
from surveyapp.exports.return_rows import ReturnRow
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.clock import local_timestamp
from surveyapp.foundation.documents.csv_writer import text_cell

CSV_COLUMNS = (
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
    "keyed_in",
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


def write_csv_file(snapshot: AuditSnapshot, output: IO[bytes]) -> None:
    """Write a row for each answer, in UTF-8 with a byte order mark.

    Text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    output.write(b"\xef\xbb\xbf")
    lines = io.TextIOWrapper(output, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(lines)
        writer.writerow(CSV_COLUMNS)
        for return_row in snapshot.returns():
            return_cells = _return_cells(snapshot, return_row)
            writer.writerows(
                [text_cell(cell) if isinstance(cell, str) else cell for cell in (*return_cells, *answer_row)]
                for answer_row in _answer_rows(snapshot, return_row)
            )
        lines.flush()
    finally:
        # The caller closes the file.
        lines.detach()


def _return_cells(snapshot: AuditSnapshot, return_row: ReturnRow) -> Row:
    """The first cells of each row of a return."""
    return (
        snapshot.audit_id,
        return_row.case.pseudonym,
        return_row.case.age_band,
        return_row.case.gender,
        return_row.case.category,
        return_row.case.plan,
        return_row.agency.name,
        return_row.agency.kind,
        return_row.reference,
        local_timestamp(return_row.returned_at),
        "yes" if return_row.is_late else "no",
        return_row.received_by,
    )


def _answer_rows(snapshot: AuditSnapshot, return_row: ReturnRow) -> Iterator[Row]:
    """The last cells of each row of a return; a nil return has one row with its reason."""
    if return_row.nil_reason:
        # No question of a form can have the id NIL_RETURN_QUESTION.
        yield (
            "",
            "",
            NIL_RETURN_QUESTION,
            "reason",
            "",
            return_row.nil_reason,
            return_row.nil_in_words,
            "",
            return_row.whereabouts,
        )
        return
    for answer in exported_answers(snapshot.definition, return_row.given):
        text = typed_value(answer.question, answer.text) if not answer.item else answer.text
        yield (
            answer.question.theme,
            answer.question.number,
            answer.question.id,
            answer.item,
            answer.item_label,
            answer.option,
            answer.label,
            answer.counts_as,
            # A number is not written as text, so that "-3" is not taken for a formula.
            text if isinstance(text, int) else answer.text,
        )
