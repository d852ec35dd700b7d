"""Then and now: the figures kept as returns closed, beside what the same counting gives today."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from surveyapp.collating.models import FrozenFigures
from surveyapp.collating.operations import freeze_figures
from surveyapp.defining.definition import AuditForm
from surveyapp.foundation import clock
from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.store.db import session, transaction
from surveyapp.foundation.words.shares import Share
from surveyapp.planning.models import Audit

log = logging.getLogger("surveyapp.collating")

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
    """One answer whose figure is another now; a share is None where there was no such answer to count."""

    question: str
    answer: str
    then: Share | None
    now: Share | None


def freeze_at_close(_app: object, *, audit_id: int, **_facts: int) -> None:
    """Keep the figures as soon as returns have closed; whatever goes wrong, they stay closed.

    What fails here the worker's next round does: `operations.freeze_closed_audits`.
    """
    try:
        with transaction():
            freeze_figures(session.get_one(Audit, audit_id), now=clock.now())
    except (SurveyError, SQLAlchemyError) as error:
        log.error("The figures of audit %s were not kept at its close: %s", audit_id, type(error).__name__)  # noqa: TRY400 — an error’s own words may hold answers


def frozen_figures(audit: Audit) -> list[FrozenFigures]:
    """The figures kept at each close of an audit, the last close first."""
    kept = select(FrozenFigures).where(FrozenFigures.audit_id == audit.id)
    return list(session.scalars(kept.order_by(FrozenFigures.closed_at.desc(), FrozenFigures.id.desc())))


def changed_counts(then: FiguresJson, now: FiguresJson) -> list[tuple[str, int, int]]:
    """The counts of requests and returns that are not what they were."""
    return [
        (words, then.get(name, 0), now.get(name, 0))
        for name, words in _COUNTS
        if then.get(name, 0) != now.get(name, 0)
    ]


def changed_figures(then: FiguresJson, now: FiguresJson, definition: AuditForm) -> list[ChangedFigure]:
    """Every answer with another figure than then, in the form's order; blanks count as an answer here."""
    before, after = dict(_rows(then)), dict(_rows(now))
    names = {each.id: each.name for each in definition.questions}
    found = []
    for key in dict.fromkeys((*before, *after)):
        label, was = before.get(key, ("", None))
        label_now, is_now = after.get(key, ("", None))
        if was != is_now:
            found.append(ChangedFigure(names.get(key[0], key[0]), label_now or label, was, is_now))
    return found


def _rows(figures: FiguresJson) -> Iterator[tuple[tuple[str, str, str], tuple[str, Share | None]]]:
    for question in figures["questions"]:
        for line in question.get("items", ()):
            # A checklist's "no" is the rest of its "yes".
            yield from _options(question["id"], line["id"], line["label"], line["options"][:1])
        yield from _options(question["id"], "", "", question.get("options", ()))
        blank = Share(question["not_answered"], question["asked"])
        # No option and no line can have this for its value.
        yield (question["id"], "", ""), ("Not answered", blank)


def _options(
    question: str,
    line: str,
    words: str,
    options: Any,  # noqa: ANN401 — as JSON gives them back
) -> Iterator[tuple[tuple[str, str, str], tuple[str, Share | None]]]:
    for option in options:
        share = None if option["of"] is None else Share(option["count"], option["of"])
        yield (question, line, option["value"]), (words or option["label"], share)
