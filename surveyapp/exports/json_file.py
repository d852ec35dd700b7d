"""An audit's collation as JSON: the figures, the form they are of, and every return; see docs/exports.md."""

import json
from collections.abc import Iterator
from typing import IO

from surveyapp.collating.collation_json import collation_json
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.exports.answer_cells import exported_answers
from surveyapp.exports.return_rows import ReturnRow
from surveyapp.exports.snapshot import AuditSnapshot
from surveyapp.foundation.clock import local_time

# Goes up when something is taken away or means something else; what is only added leaves it.
VERSION = 1


def write_json(reading: AuditSnapshot, to: IO[bytes]) -> None:
    """Write the figures, then the returns one by one, so that memory does not grow with them."""
    head = {
        "version": VERSION,
        "title": reading.title,
        "read_at": local_time(reading.read_at).isoformat(timespec="seconds"),
        **collation_json(reading.collation),
        "themes": [{"id": name, "heading": words} for name, words in reading.definition.themes.items()],
        "codebook": list(_codebook(reading.definition)),
    }
    to.write(_line(head)[:-1] + b',\n"each_return": [')
    mark = b"\n"
    for each in reading.returns():
        to.write(mark + _line(_return(reading, each)))
        mark = b",\n"
    to.write(b"\n]}\n")


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _codebook(definition: AuditForm) -> Iterator[dict[str, object]]:
    for each in definition.questions:
        yield {
            "id": each.id,
            "number": each.number,
            "theme": each.theme,
            "kind": each.kind,
            "ask": each.ask,
            "short": each.short,
            "only_for": list(each.only_for),
            "show_if": each.show_if.model_dump(by_alias=True, exclude_none=True) if each.show_if else None,
            "same_as": each.same_as,
            "comment": each.comment,
            **_offered(each),
        }


def _offered(question: Question) -> dict[str, object]:
    return {
        "options": [
            {"value": each.value, "label": each.label, "short": each.short, "counts_as": each.counts_as}
            for each in question.answers
        ],
        "items": [{"id": each.id, "label": each.label, "short": each.short} for each in question.items],
    }


def _return(reading: AuditSnapshot, each: ReturnRow) -> dict[str, object]:
    nil = {"reason": each.nil_reason, "label": each.nil_in_words, "whereabouts": each.whereabouts}
    return {
        "request": each.reference,
        "case": each.case.pseudonym,
        "age_band": each.case.age_band,
        "gender": each.case.gender,
        "category": each.case.category,
        "plan": each.case.plan,
        "agency": each.agency.name,
        "agency_kind": each.agency.kind,
        "returned_at": local_time(each.returned_at).isoformat(timespec="seconds"),
        "late": each.is_late,
        "nil": nil if each.nil_reason else None,
        "not_asked": [] if each.nil_reason else sorted(each.not_asked),
        "answers": [
            {
                "question": one.question.id,
                "item": one.item,
                "option": one.option,
                "label": one.label,
                "counts_as": one.counts_as or None,
                "text": one.text,
            }
            for one in exported_answers(reading.definition, each.given)
        ],
    }
