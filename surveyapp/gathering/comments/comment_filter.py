"""The filter of the comments page: by state or judgement, question and theme."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Subquery, and_, select, true

from surveyapp.gathering.models import CONCERN, STRENGTH, ReadComment, ReadCommentTheme

UNREAD, CHANGED, NEITHER = "unread", "changed", "neither"
# The values of `CommentFilter.shown`, with the words of the page.
COMMENT_FILTERS = {
    "": "All comments",
    UNREAD: "Not read yet",
    STRENGTH: "Strengths",
    CONCERN: "Concerns",
    NEITHER: "Neither",
    CHANGED: "Changed since they were read",
}


@dataclass(frozen=True)
class CommentFilter:
    """Limits the comments shown; empty values limit nothing.

    `shown` is a key of COMMENT_FILTERS, `question` the id of a question and `theme` the id of a theme.
    """

    shown: str = ""
    question: str = ""
    theme: int = 0

    def condition(self, comments: Subquery, changed: frozenset[int]) -> ColumnElement[bool]:
        """SQL condition on `comments` joined to ReadComment; `changed` holds the ids for CHANGED."""
        conditions: list[ColumnElement[bool]] = [true()]
        if self.question:
            conditions.append(comments.c.question == self.question)
        if self.theme:
            conditions.append(
                select(ReadCommentTheme.theme_id)
                .where(
                    ReadCommentTheme.read_comment_id == ReadComment.id,
                    ReadCommentTheme.theme_id == self.theme,
                )
                .exists()
            )
        if self.shown == UNREAD:
            conditions.append(ReadComment.id.is_(None))
        elif self.shown == CHANGED:
            conditions.append(ReadComment.id.in_(changed))
        elif self.shown:
            conditions.append(ReadComment.judgement == ("" if self.shown == NEITHER else self.shown))
        return and_(*conditions)
