"""Reads the posted form of the comments page: the judgements that differ from what the page showed."""

import re
from typing import Protocol

from surveyapp.gathering.comments.comment_filter import NEITHER, UNREAD
from surveyapp.gathering.comments.comments_to_read import CommentToRead
from surveyapp.gathering.comments.operations import CommentJudgement
from surveyapp.gathering.models import JUDGEMENTS

# A comment as the page names it: the id of its request, a full stop and the id of its question.
COMMENT_KEY = re.compile(r"([1-9][0-9]{0,8})\.([a-z][a-z0-9_]{0,59})")
_DIGEST = re.compile(r"[0-9a-f]{64}")
# The most comments that are read from one posted form.
MOST_ON_A_PAGE = 50


class PostedFields(Protocol):
    """The fields of a posted form, such as Flask's `request.form`."""

    def get(self, key: str, default: str, /) -> str:
        """The first value of a field."""

    def getlist(self, key: str, /) -> list[str]:
        """All values of a field."""


def comment_key(comment: CommentToRead) -> str:
    """The key of a comment in the form: its request and its question."""
    return f"{comment.request_id}.{comment.question.id}"


def shown_judgement(comment: CommentToRead) -> str:
    """The judgement and themes of a comment as the page shows them, for a hidden field.

    It is compared on save, so that unchanged rows are not stored again and two people who read the same page
    do not undo each other's work. It is empty while the comment is unread or has changed since it was read,
    so that saving the page judges it again.
    """
    return "" if comment.is_changed else _judgement_text(comment.judgement, comment.theme_ids)


def changed_judgements(fields: PostedFields) -> list[CommentJudgement]:
    """The judgements that differ from what the page showed; unchanged and malformed rows are left out."""
    judgements = (_changed_judgement(fields, number) for number in range(1, MOST_ON_A_PAGE + 1))
    return [judgement for judgement in judgements if judgement is not None]


def _changed_judgement(fields: PostedFields, number: int) -> CommentJudgement | None:
    """The judgement of the comment in one row of the form; None if the row is unchanged or malformed."""
    key = COMMENT_KEY.fullmatch(fields.get(f"comment-{number}", ""))
    digest = fields.get(f"digest-{number}", "")
    if key is None or not _DIGEST.fullmatch(digest):
        return None
    theme_ids = frozenset(
        int(value) for value in fields.getlist(f"themes-{number}") if re.fullmatch(r"[0-9]{1,9}", value)
    )
    posted = fields.get(f"judgement-{number}", "")
    if posted == UNREAD:
        posted, theme_ids = "", frozenset()
    elif posted not in {NEITHER, *JUDGEMENTS}:
        # A comment with a theme and no judgement counts as read.
        posted = NEITHER if theme_ids else ""
    if _judgement_text(posted, theme_ids) == fields.get(f"was-{number}", ""):
        return None
    judgement = {"": None, NEITHER: ""}.get(posted, posted)
    return CommentJudgement(int(key[1]), key[2], digest, judgement, theme_ids)


def _judgement_text(judgement: str, theme_ids: frozenset[int]) -> str:
    return f"{judgement}:{','.join(map(str, sorted(theme_ids)))}" if judgement else ""
