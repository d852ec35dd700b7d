"""Loads the demonstration's voices: comment judgements, quotes, a workshop, family talks and narratives."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from surveyapp.agencies.models import Agency
from surveyapp.foundation.calendar.working_days import add_working_days
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.digests import digest_of
from surveyapp.gathering.comments.comment_filter import CommentFilter
from surveyapp.gathering.comments.comments_to_read import CommentToRead, comments_to_read
from surveyapp.gathering.comments.operations import CommentJudgement, judge_comments
from surveyapp.gathering.families.operations import FamilyDetails, add_family
from surveyapp.gathering.models import Narrative
from surveyapp.gathering.narratives.operations import narrative_digest, write_narrative
from surveyapp.gathering.queries import themes_of
from surveyapp.gathering.quotes.operations import (
    QuoteDetails,
    choose_quote_from_comment,
    choose_quote_from_family,
    choose_quote_from_workshop,
)
from surveyapp.gathering.themes.operations import add_starter_themes
from surveyapp.gathering.workshops.operations import WorkshopDetails, add_workshop
from surveyapp.planning.models import Audit

# More than the demonstration's comments on any one question.
_ALL_COMMENTS = 1000


@dataclass(frozen=True)
class _Rows:
    """The audit, ids of the rows that the file refers to by name, and the actor and moment."""

    audit: Audit
    themes: Mapping[str, int]
    agencies: Mapping[str, int]
    cases: Mapping[str, int]
    by: Mapping[str, Any]


def has_voices(audit: Audit) -> bool:
    """Whether the voices are loaded."""
    return session.scalar(select(Narrative.id).where(Narrative.audit_id == audit.id)) is not None


def load_voices(audit: Audit, *, actor: str, now: datetime) -> None:
    """Judge the comments, choose quotes, and add a workshop, family talks and narratives."""
    voices = tomllib.loads((files("surveyapp.commands.demonstration") / "voices.toml").read_text("utf-8"))
    by: dict[str, Any] = {"actor": actor, "now": now}
    add_starter_themes(audit, **by)
    rows = _Rows(
        audit,
        themes={theme.name: theme.id for theme in themes_of(audit.id)},
        agencies={agency.name: agency.id for agency in session.scalars(select(Agency).order_by(Agency.id))},
        cases={case.pseudonym: case.id for case in audit.cases},
        by=by,
    )
    _judge_comments(rows, voices)
    _add_workshop(rows, voices["workshop"])
    for family in voices["families"]:
        _add_family_talk(rows, family)
    for kind, narrative in voices["narratives"].items():
        case_id, text = rows.cases[narrative["case"]], narrative["text"]
        write_narrative(audit, kind, text, case_id=case_id, seen=narrative_digest(None), **by)


def _judge_comments(rows: _Rows, voices: Mapping[str, Any]) -> None:
    """Judge the comments on the questions that the file lists, and choose quotes from them."""
    comments = [
        comment
        for name in voices["questions"]
        for comment in comments_to_read(rows.audit, CommentFilter(question=name), most=_ALL_COMMENTS).shown
    ]
    judgements = [_comment_judgement(comment, voices["said"], rows.themes) for comment in comments]
    judge_comments(rows.audit, judgements, **rows.by)
    for quote in voices["quotes"]:
        comment = next(
            comment
            for comment in comments
            if comment.question.id == quote["question"] and quote["holds"] in comment.text
        )
        details = _quote_details(rows, quote | {"words": quote["part"]}, "auditor")
        choose_quote_from_comment(rows.audit, comment.request_id, comment.question, details, **rows.by)


def _comment_judgement(
    comment: CommentToRead, sentences: Iterable[Mapping[str, Any]], themes: Mapping[str, int]
) -> CommentJudgement:
    """The judgement and themes of a comment: those of the listed sentences it contains (see voices.toml)."""
    in_comment = sorted(
        (sentence for sentence in sentences if sentence["words"] in comment.text),
        key=lambda sentence: (not sentence.get("weighs"), comment.text.index(sentence["words"])),
    )
    judgement = in_comment[0]["judgement"] if in_comment else ""
    return CommentJudgement(
        comment.request_id,
        comment.question.id,
        digest_of(comment.text),
        judgement,
        frozenset(
            themes[name]
            for sentence in in_comment
            if sentence["judgement"] == judgement
            for name in sentence["themes"]
        ),
    )


def _quote_details(rows: _Rows, quote: Mapping[str, Any], source: str) -> QuoteDetails:
    return QuoteDetails(
        original=quote["words"],
        printed=quote.get("printed", ""),
        source=source,
        judgement=quote["judgement"],
        question=quote["question"],
        theme_ids=frozenset(rows.themes[name] for name in quote["themes"]),
        names_agency_kind=quote.get("names_agency_kind", False),
    )


def _last_working_day(rows: _Rows) -> date:
    return add_working_days(local_day(rows.by["now"]), -1)


def _add_workshop(rows: _Rows, row: Mapping[str, Any]) -> None:
    details = WorkshopDetails(
        row["title"],
        _last_working_day(rows),
        row["scenarios"],
        row["notes"],
        row["suggestions"],
        {rows.agencies[name]: count for name, count in row["people"].items()},
    )
    workshop = add_workshop(rows.audit, details, **rows.by)
    for quote in row["quotes"]:
        quote_details = _quote_details(rows, quote, "practitioner")
        choose_quote_from_workshop(rows.audit, workshop, quote_details, **rows.by)


def _add_family_talk(rows: _Rows, row: Mapping[str, Any]) -> None:
    details = FamilyDetails(
        rows.cases[row["case"]],
        row["state"],
        agency_id=rows.agencies[row["agency"]],
        caller=row.get("caller", ""),
        held_on=_last_working_day(rows) if row["state"] == "done" else None,
        notes=row.get("notes", {}),
    )
    family = add_family(rows.audit, details, **rows.by)
    for quote in row.get("quotes", ()):
        choose_quote_from_family(rows.audit, family, _quote_details(rows, quote, "parent"), **rows.by)
