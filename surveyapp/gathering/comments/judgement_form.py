"""What a page of comments sends: each comment's place, what it said before, and what was said of it now."""

import re
from typing import Protocol

from surveyapp.gathering.comments.comments_to_read import NEITHER, UNREAD, CommentToRead
from surveyapp.gathering.comments.operations import CommentJudgement
from surveyapp.gathering.models import JUDGEMENTS

_PLACE = re.compile(r"([1-9][0-9]{0,8})\.([a-z][a-z0-9_]{0,59})")
_DIGEST = re.compile(r"[0-9a-f]{64}")
# As many as one page may have; what is beyond them was sent by no page of ours.
MOST_ON_A_PAGE = 50


class PostedFields(Protocol):
    """What was posted, as Flask gives it."""

    def get(self, key: str, default: str, /) -> str:
        """The first value of a field."""

    def getlist(self, key: str, /) -> list[str]:
        """All values of a field."""


def comment_key(comment: CommentToRead) -> str:
    """A comment's place, as the page names it: request and question."""
    return f"{comment.request_id}.{comment.question.id}"


def shown_judgement(comment: CommentToRead) -> str:
    """What was said of a comment when the page was made; nothing while it is unread, or changed since.

    What comes back as it was is not stored again, so that two who read the same page undo nothing. A comment
    that was changed since it was read is judged anew by whoever saves the page that shows it.
    """
    return "" if comment.is_changed else _judgement_text(comment.judgement, comment.theme_ids)


def changed_judgements(fields: PostedFields) -> list[CommentJudgement]:
    """What a posted page says anew; what it shows as it was, or cannot name, is left out."""
    rows = (_row(fields, number) for number in range(1, MOST_ON_A_PAGE + 1))
    return [row for row in rows if row is not None]


def _row(fields: PostedFields, number: int) -> CommentJudgement | None:
    place = _PLACE.fullmatch(fields.get(f"comment-{number}", ""))
    digest = fields.get(f"digest-{number}", "")
    if place is None or not _DIGEST.fullmatch(digest):
        return None
    themes = frozenset(
        int(each) for each in fields.getlist(f"themes-{number}") if re.fullmatch(r"[0-9]{1,9}", each)
    )
    said = fields.get(f"judgement-{number}", "")
    if said == UNREAD:
        said, themes = "", frozenset()
    elif said not in {NEITHER, *JUDGEMENTS}:
        # A theme alone says that it was read.
        said = NEITHER if themes else ""
    if _judgement_text(said, themes) == fields.get(f"was-{number}", ""):
        return None
    judgement = {"": None, NEITHER: ""}.get(said, said)
    return CommentJudgement(int(place[1]), place[2], digest, judgement, themes)


def _judgement_text(judgement: str, theme_ids: frozenset[int]) -> str:
    return f"{judgement}:{','.join(map(str, sorted(theme_ids)))}" if judgement else ""
