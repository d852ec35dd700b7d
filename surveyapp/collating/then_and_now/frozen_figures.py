"""Compares the figures frozen at a close of returns with those of today."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from surveyapp.collating.models import FrozenFigures
from surveyapp.defining.definition import AuditForm
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.shares import Share
from surveyapp.planning.models import Audit

FiguresJson = Mapping[str, Any]
_COUNTS = (
    ("requests", "Requests"),
    ("returned", "Returned"),
    ("nil", "Nil returns"),
    ("withdrawn", "Withdrawn"),
    ("returns", "Returns with answers"),
)


@dataclass(frozen=True)
class ChangedFigure:
    """One answer whose figure has changed; a share is None where the answer did not exist."""

    question: str
    answer: str
    then: Share | None
    now: Share | None


def frozen_figures(audit: Audit) -> list[FrozenFigures]:
    """The figures frozen at each close of an audit, the last close first."""
    query = select(FrozenFigures).where(FrozenFigures.audit_id == audit.id)
    return list(session.scalars(query.order_by(FrozenFigures.closed_at.desc(), FrozenFigures.id.desc())))


def changed_counts(then: FiguresJson, now: FiguresJson) -> list[tuple[str, int, int]]:
    """The counts of requests and returns that have changed: words, then, now."""
    return [
        (words, then.get(name, 0), now.get(name, 0))
        for name, words in _COUNTS
        if then.get(name, 0) != now.get(name, 0)
    ]


def changed_figures(then: FiguresJson, now: FiguresJson, definition: AuditForm) -> list[ChangedFigure]:
    """The answers whose figures have changed, in the form's order; a blank counts as an answer here."""
    before, after = dict(_rows(then)), dict(_rows(now))
    names = {question.id: question.name for question in definition.questions}
    changes = []
    for key in dict.fromkeys((*before, *after)):
        old_label, old_share = before.get(key, ("", None))
        label, share = after.get(key, ("", None))
        if share != old_share:
            changes.append(ChangedFigure(names.get(key[0], key[0]), label or old_label, old_share, share))
    return changes


def _rows(figures: FiguresJson) -> Iterator[tuple[tuple[str, str, str], tuple[str, Share | None]]]:
    """Label and share of each answer, by the ids of question, checklist line and option."""
    for question in figures["questions"]:
        for line in question.get("items", ()):
            # Only the "yes" of a checklist line: its "no" is the rest.
            yield from _options(question["id"], line["id"], line["label"], line["options"][:1])
        yield from _options(question["id"], "", "", question.get("options", ()))
        blank = Share(question["not_answered"], question["asked"])
        # No option or line has an empty value, so this key is free for blanks.
        yield (question["id"], "", ""), ("Not answered", blank)


def _options(
    question: str,
    line: str,
    line_label: str,
    options: Any,  # noqa: ANN401 — as parsed from JSON
) -> Iterator[tuple[tuple[str, str, str], tuple[str, Share | None]]]:
    for option in options:
        share = None if option["of"] is None else Share(option["count"], option["of"])
        yield (question, line, option["value"]), (line_label or option["label"], share)
