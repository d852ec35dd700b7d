"""What the demonstration has beside its figures: comments read, quotes, a workshop, talks with families."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from surveyapp.agencies.models import Agency
from surveyapp.foundation.calendar import working_days as calendar
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.digests import digest_of
from surveyapp.gathering.comments.comments_to_read import CommentFilter, CommentToRead, comments_to_read
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

# More comments than the demonstration has to one question.
_ALL_COMMENTS = 1000


@dataclass(frozen=True)
class _Rows:
    """The rows that the file names, by their names, and who writes when."""

    audit: Audit
    themes: Mapping[str, int]
    agencies: Mapping[str, int]
    cases: Mapping[str, int]
    by: Mapping[str, Any]


def has_voices(audit: Audit) -> bool:
    """Whether the demonstration's voices are loaded."""
    return session.scalar(select(Narrative.id).where(Narrative.audit_id == audit.id)) is not None


def load_voices(audit: Audit, *, actor: str, now: datetime) -> None:
    """Read the demonstration's comments, choose quotes, and write down a workshop, talks and longer texts."""
    said = tomllib.loads((files("surveyapp.commands.demonstration") / "voices.toml").read_text("utf-8"))
    by: dict[str, Any] = {"actor": actor, "now": now}
    add_starter_themes(audit, **by)
    rows = _Rows(
        audit,
        themes={each.name: each.id for each in themes_of(audit.id)},
        agencies={each.name: each.id for each in session.scalars(select(Agency).order_by(Agency.id))},
        cases={each.pseudonym: each.id for each in audit.cases},
        by=by,
    )
    _judge_comments(rows, said)
    _hold_workshop(rows, said["workshop"])
    for each in said["families"]:
        _add_family_talk(rows, each)
    for kind, each in said["narratives"].items():
        case_id, text = rows.cases[each["case"]], each["text"]
        write_narrative(audit, kind, text, case_id=case_id, seen=narrative_digest(None), **by)


def _judge_comments(rows: _Rows, said: Mapping[str, Any]) -> None:
    """Judge the comments of the questions that were read, and choose quotes from them."""
    comments = [
        each
        for name in said["questions"]
        for each in comments_to_read(rows.audit, CommentFilter(question=name), most=_ALL_COMMENTS).shown
    ]
    judge_comments(
        rows.audit, [_comment_judgement(each, said["said"], rows.themes) for each in comments], **rows.by
    )
    for each in said["quotes"]:
        found = next(
            one for one in comments if one.question.id == each["question"] and each["holds"] in one.text
        )
        words = _words(rows, each | {"words": each["part"]}, "auditor")
        choose_quote_from_comment(rows.audit, found.request_id, found.question, words, **rows.by)


def _comment_judgement(
    comment: CommentToRead, said: Iterable[Mapping[str, Any]], themes: Mapping[str, int]
) -> CommentJudgement:
    """What is said of a comment: by its first sentence or a weightier one, with their themes."""
    found = sorted(
        (each for each in said if each["words"] in comment.text),
        key=lambda each: (not each.get("weighs"), comment.text.index(each["words"])),
    )
    judgement = found[0]["judgement"] if found else ""
    return CommentJudgement(
        comment.request_id,
        comment.question.id,
        digest_of(comment.text),
        judgement,
        frozenset(
            themes[name] for each in found if each["judgement"] == judgement for name in each["themes"]
        ),
    )


def _words(rows: _Rows, each: Mapping[str, Any], source: str) -> QuoteDetails:
    return QuoteDetails(
        original=each["words"],
        printed=each.get("printed", ""),
        source=source,
        judgement=each["judgement"],
        question=each["question"],
        theme_ids=frozenset(rows.themes[name] for name in each["themes"]),
        names_agency_kind=each.get("names_agency_kind", False),
    )


def _last_working_day(rows: _Rows) -> date:
    return calendar.add_working_days(local_day(rows.by["now"]), -1)


def _hold_workshop(rows: _Rows, said: Mapping[str, Any]) -> None:
    details = WorkshopDetails(
        said["title"],
        _last_working_day(rows),
        said["scenarios"],
        said["notes"],
        said["suggestions"],
        {rows.agencies[name]: count for name, count in said["people"].items()},
    )
    workshop = add_workshop(rows.audit, details, **rows.by)
    for each in said["quotes"]:
        choose_quote_from_workshop(rows.audit, workshop, _words(rows, each, "practitioner"), **rows.by)


def _add_family_talk(rows: _Rows, said: Mapping[str, Any]) -> None:
    details = FamilyDetails(
        rows.cases[said["case"]],
        said["state"],
        agency_id=rows.agencies[said["agency"]],
        caller=said.get("caller", ""),
        held_on=_last_working_day(rows) if said["state"] == "done" else None,
        notes=said.get("notes", {}),
    )
    family = add_family(rows.audit, details, **rows.by)
    for each in said.get("quotes", ()):
        choose_quote_from_family(rows.audit, family, _words(rows, each, "parent"), **rows.by)
