"""The collation of an audit as JSON: its figures, its form and every return (docs/exports.md)."""

import json
from collections.abc import Iterator
from typing import IO

from surveyapp.collating.collation_json import collation_json
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.exports.answer_cells import exported_answers
from surveyapp.exports.return_rows import ReturnRow
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.clock import local_timestamp

# Increased when a key is removed or changes its meaning, not when one is added.
VERSION = 1


def write_json(snapshot: AuditSnapshot, output: IO[bytes]) -> None:
    """Write the figures, then the returns one by one, so that memory use does not grow with their number."""
    head = {
        "version": VERSION,
        "title": snapshot.title,
        "read_at": local_timestamp(snapshot.read_at),
        **collation_json(snapshot.collation),
        "themes": [{"id": name, "heading": words} for name, words in snapshot.definition.themes.items()],
        "codebook": list(_codebook(snapshot.definition)),
    }
    output.write(_line(head)[:-1] + b',\n"each_return": [')
    separator = b"\n"
    for return_row in snapshot.returns():
        output.write(separator + _line(_return(snapshot, return_row)))
        separator = b",\n"
    output.write(b"\n]}\n")


def _line(value: object) -> bytes:
    """A value as JSON on one line, in UTF-8."""
    return json.dumps(value, ensure_ascii=False).encode()


def _codebook(definition: AuditForm) -> Iterator[dict[str, object]]:
    """The wording and rules of each question."""
    for question in definition.questions:
        yield {
            "id": question.id,
            "number": question.number,
            "theme": question.theme,
            "kind": question.kind,
            "ask": question.ask,
            "short": question.short,
            "only_for": list(question.only_for),
            "show_if": question.show_if.model_dump(by_alias=True, exclude_none=True)
            if question.show_if
            else None,
            "same_as": question.same_as,
            "comment": question.comment,
            **_options_and_items(question),
        }


def _options_and_items(question: Question) -> dict[str, object]:
    """The options and checklist lines of a question."""
    return {
        "options": [
            {
                "value": option.value,
                "label": option.label,
                "short": option.short,
                "hint": option.hint,
                "counts_as": option.counts_as,
            }
            for option in question.answers
        ],
        "items": [
            {"id": line.id, "label": line.label, "short": line.short, "hint": line.hint}
            for line in question.items
        ],
    }


def _return(snapshot: AuditSnapshot, return_row: ReturnRow) -> dict[str, object]:
    """One return with its answers."""
    nil = {
        "reason": return_row.nil_reason,
        "label": return_row.nil_in_words,
        "whereabouts": return_row.whereabouts,
    }
    return {
        "request": return_row.reference,
        "case": return_row.case.pseudonym,
        "age_band": return_row.case.age_band,
        "gender": return_row.case.gender,
        "category": return_row.case.category,
        "plan": return_row.case.plan,
        "agency": return_row.agency.name,
        "agency_kind": return_row.agency.kind,
        "returned_at": local_timestamp(return_row.returned_at),
        "late": return_row.is_late,
        "keyed_in": return_row.received_by or None,
        "nil": nil if return_row.nil_reason else None,
        "not_asked": [] if return_row.nil_reason else sorted(return_row.not_asked),
        "answers": [
            {
                "question": answer.question.id,
                "item": answer.item,
                "option": answer.option,
                "label": answer.label,
                "counts_as": answer.counts_as or None,
                "text": answer.text,
            }
            for answer in exported_answers(snapshot.definition, return_row.given)
        ],
    }
