"""The figures of an audit whose answers were removed for good, read from the JSON that was kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from surveyapp.collating.figures import OptionFigures, PartFigures, QuestionFigures
from surveyapp.collating.models import KeptFigures
from surveyapp.defining.definition import AuditForm, Question
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.shares import Share
from surveyapp.planning.models import Audit

FiguresJson = Mapping[str, Any]


def kept_figures(audit: Audit) -> KeptFigures:
    """The figures kept of an audit. Raises NoResultFound while its answers are here."""
    return session.scalars(select(KeptFigures).where(KeptFigures.audit_id == audit.id)).one()


def figures_by_question(kept: FiguresJson, definition: AuditForm) -> dict[str, QuestionFigures]:
    """The figures of each question by its id, as counted; `kept` is as `collation_json` writes it."""
    questions = {question.id: question for question in definition.questions}
    return {
        stored["id"]: _question(stored, questions[stored["id"]])
        for stored in kept["questions"]
        if stored["id"] in questions
    }


def _question(stored: FiguresJson, question: Question) -> QuestionFigures:
    counts_as = {option.value: option.counts_as for option in question.answers}
    return QuestionFigures(
        id=question.id,
        label=question.name,
        asked=stored["asked"],
        answered=stored["answered"],
        rows=_rows(stored.get("options", ()), counts_as),
        question=question,
        not_asked=stored["not_asked"],
        commented=stored["commented"],
        lines=tuple(
            PartFigures(
                line["id"], line["label"], line["asked"], line["answered"], _rows(line["options"], {})
            )
            for line in stored.get("items", ())
        ),
    )


def _rows(stored: Iterable[FiguresJson], counts_as: Mapping[str, str | None]) -> tuple[OptionFigures, ...]:
    return tuple(
        OptionFigures(
            row["value"],
            row["label"],
            row["count"],
            None if row["of"] is None else Share(row["count"], row["of"]),
            counts_as.get(row["value"]),
        )
        for row in stored
    )
