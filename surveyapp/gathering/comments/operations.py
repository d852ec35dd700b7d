"""Storing the judgements and themes of comments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, false, or_, select
from sqlalchemy.orm import selectinload

from surveyapp.foundation.errors import Refused
from surveyapp.foundation.store.db import session
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.words.shares import counted
from surveyapp.gathering.comment_index import all_comments, matches_read_comment
from surveyapp.gathering.models import JUDGEMENTS, Quote, ReadComment, ReadCommentTheme
from surveyapp.gathering.queries import themes_of
from surveyapp.planning.models import Audit


@dataclass(frozen=True)
class CommentJudgement:
    """The judgement of one comment; `digest` is that of the text it was judged by.

    `judgement` is a key of JUDGEMENTS, empty for neither, or None to mark the comment unread again.
    """

    request_id: int
    question: str
    digest: str
    judgement: str | None
    theme_ids: frozenset[int] = frozenset()


class CommentStillQuoted(Refused):
    """A comment from which a quote was chosen cannot be marked unread."""

    way_on = "Remove the quote first."


def judge_comments(audit: Audit, judged: Iterable[CommentJudgement], *, actor: str, now: datetime) -> int:
    """Store judgements of comments, in place of earlier ones, and return how many were stored.

    Comments that no longer exist and themes of other audits are ignored. Raises CommentStillQuoted for a
    quoted comment marked unread and Refused for an unknown judgement. Five statements, and one for each
    comment first read.
    """
    judgements = {(judgement.request_id, judgement.question): judgement for judgement in judged}
    if any(judgement.judgement not in {None, "", *JUDGEMENTS} for judgement in judgements.values()):
        raise Refused("A comment tells of a strength, of a concern, or of neither.")
    # If two people judge the same comment at once, the later judgement counts.
    session.refresh(audit, with_for_update=True)
    themes = themes_of(audit.id)
    stored_comments = _stored_comments(audit, judgements)
    _mark_unread(
        [
            read_comment
            for key, (_, read_comment) in stored_comments.items()
            if judgements[key].judgement is None
        ]
    )
    count = 0
    for key, (item, earlier) in stored_comments.items():
        judgement = judgements[key]
        if judgement.judgement is None:
            count += earlier is not None
            continue
        read_comment = earlier or ReadComment(
            request_id=judgement.request_id, question=judgement.question, item=item
        )
        read_comment.judgement, read_comment.digest = judgement.judgement, judgement.digest
        read_comment.read_at = now
        read_comment.themes = [theme for theme in themes if theme.id in judgement.theme_ids]
        session.add(read_comment)
        count += 1
    session.flush()
    if count:
        record_event(actor, "judged_comments", f"audit {audit.id}", counted(count, "comment"), now=now)
    return count


def _stored_comments(
    audit: Audit, judgements: dict[tuple[int, str], CommentJudgement]
) -> dict[tuple[int, str], tuple[str, ReadComment | None]]:
    """The judged comments that still exist: the item of each and its earlier judgement, if any."""
    comments = all_comments(audit)
    requests_by_question: dict[str, set[int]] = {}
    for request_id, question in judgements:
        requests_by_question.setdefault(question, set()).add(request_id)
    is_judged = (
        and_(comments.c.question == question, comments.c.request_id.in_(request_ids))
        for question, request_ids in requests_by_question.items()
    )
    rows = session.execute(
        select(comments.c.request_id, comments.c.question, comments.c.item, ReadComment)
        .outerjoin(ReadComment, matches_read_comment(comments))
        .where(or_(false(), *is_judged))
        .order_by(comments.c.number)
        .options(selectinload(ReadComment.themes))
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def _mark_unread(reads: Iterable[ReadComment | None]) -> None:
    """Delete read comments with their themes. Raises CommentStillQuoted."""
    ids = [read.id for read in reads if read is not None]
    if not ids:
        return
    if session.scalar(select(Quote.id).where(Quote.read_comment_id.in_(ids)).limit(1)) is not None:
        raise CommentStillQuoted("A quote was chosen from this comment, so it stays read.")
    session.execute(delete(ReadCommentTheme).where(ReadCommentTheme.read_comment_id.in_(ids)))
    session.execute(delete(ReadComment).where(ReadComment.id.in_(ids)))
