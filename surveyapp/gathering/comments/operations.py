"""Saying of comments whether they tell of a strength or a concern, and which themes they speak of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import selectinload

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.shares import counted
from surveyapp.gathering.comments.comment_index import all_comments, matches_read_comment
from surveyapp.gathering.models import JUDGEMENTS, PracticeTheme, Quote, ReadComment, ReadCommentTheme
from surveyapp.gathering.queries import themes_of
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class CommentJudgement:
    """What somebody said of one comment; `digest` is of the words they had before them.

    `judgement` is a key of JUDGEMENTS, or empty: read, and neither. None: not read after all.
    """

    request_id: int
    question: str
    digest: str
    judgement: str | None
    theme_ids: frozenset[int] = frozenset()


class CommentStillQuoted(Refused):
    """A comment from which a quote was chosen stays read."""

    way_on = "Remove the quote first."


def judge_comments(audit: Audit, judged: Iterable[CommentJudgement], *, actor: str, now: datetime) -> int:
    """Keep what was said of comments, in place of what was said before; how many were kept.

    Comments that are there no longer, and themes that are not on the audit's list, are passed over. Raises
    StillQuoted for a quoted comment that is to be unread, Refused for a judgement that is none. Five
    statements, and one for each comment not read before.
    """
    said = {(each.request_id, each.question): each for each in judged}
    if any(each.judgement not in {None, "", *JUDGEMENTS} for each in said.values()):
        raise Refused("A comment tells of a strength, of a concern, or of neither.")
    # Two who read at once say one after the other: the later stands.
    session.refresh(audit, with_for_update=True)
    themes = {each.id: each for each in themes_of(audit.id)}
    there = _stored_comments(audit, said)
    _mark_unread([read for place, (_, read) in there.items() if said[place].judgement is None])
    kept = 0
    for place, (item, read) in there.items():
        one = said[place]
        if one.judgement is None:
            kept += read is not None
            continue
        if read is None:
            read = ReadComment(request_id=one.request_id, question=one.question, item=item)  # noqa: PLW2901
            session.add(read)
        read.judgement, read.digest, read.read_at = one.judgement, one.digest, now
        read.themes = _chosen(themes, one.theme_ids)
        kept += 1
    session.flush()
    if kept:
        record_event(actor, "judged_comments", f"audit {audit.id}", counted(kept, "comment"), now=now)
    return kept


def _stored_comments(
    audit: Audit, said: dict[tuple[int, str], CommentJudgement]
) -> dict[tuple[int, str], tuple[str, ReadComment | None]]:
    """Those of these comments that count: the item each stands under, and what was said of it before."""
    found = all_comments(audit)
    named: dict[str, set[int]] = {}
    for request_id, question in said:
        named.setdefault(question, set()).add(request_id)
    wanted = (and_(found.c.question == name, found.c.request_id.in_(ids)) for name, ids in named.items())
    rows = session.execute(
        select(found.c.request_id, found.c.question, found.c.item, ReadComment)
        .outerjoin(ReadComment, matches_read_comment(found))
        .where(or_(*wanted) if named else found.c.number < 0)
        .order_by(found.c.number)
        .options(selectinload(ReadComment.themes))
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def _mark_unread(reads: Iterable[ReadComment | None]) -> None:
    ids = [each.id for each in reads if each is not None]
    if not ids:
        return
    if session.scalar(select(Quote.id).where(Quote.read_comment_id.in_(ids)).limit(1)) is not None:
        raise CommentStillQuoted("A quote was chosen from this comment, so it stays read.")
    session.execute(delete(ReadCommentTheme).where(ReadCommentTheme.read_comment_id.in_(ids)))
    session.execute(delete(ReadComment).where(ReadComment.id.in_(ids)))


def _chosen(themes: dict[int, PracticeTheme], ids: Iterable[int]) -> list[PracticeTheme]:
    return [theme for theme_id, theme in themes.items() if theme_id in ids]
