"""Queries over an audit's voices. Later steps use them too, so their names and results stay stable."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload, selectinload

from surveyapp.answering.models import Return
from surveyapp.collating.counted_returns import join_counted_returns
from surveyapp.collating.filters import Filters
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.foundation.words.shares import Share
from surveyapp.gathering.comment_index import all_comments, matches_read_comment
from surveyapp.gathering.models import (
    CONCERN,
    NARRATIVES,
    SOURCES,
    STRENGTH,
    Attendance,
    FamilyContact,
    Narrative,
    PracticeTheme,
    Quote,
    ReadComment,
    ReadCommentTheme,
    Workshop,
)
from surveyapp.issuing.models import AuditRequest
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case


@dataclass(frozen=True)
class ThemeCount:
    """The number of returns whose comments mention a theme, out of all returns with answers.

    A return that mentions the theme as a strength and as a concern counts in both, and once in `mentioned`.
    """

    theme: PracticeTheme
    strength: Share
    concern: Share
    mentioned: Share


def themes_of(audit_id: int) -> tuple[PracticeTheme, ...]:
    """The themes of an audit, in the order of its list. One statement."""
    themes = select(PracticeTheme).where(PracticeTheme.audit_id == audit_id)
    return tuple(session.scalars(themes.order_by(PracticeTheme.position, PracticeTheme.id)))


def theme_by_id(audit_id: int, theme_id: int) -> PracticeTheme:
    """One theme of an audit. Raises NotFound."""
    theme = session.get(PracticeTheme, theme_id)
    if theme is None or theme.audit_id != audit_id:
        raise NotFound
    return theme


def theme_counts(audit_id: int) -> tuple[ThemeCount, ...]:
    """How many returns mention each theme ("12 of 77 returns"), in the order of the list. Three statements.

    Only comments that have been read count, so show `reading_progress` beside these shares. Quotes from
    practitioners and parents are not counted.
    """
    audit = session.get_one(Audit, audit_id)
    comments = all_comments(audit)
    request_id = comments.c.request_id
    by_theme = (
        select(
            ReadCommentTheme.theme_id,
            func.count(func.distinct(case((ReadComment.judgement == STRENGTH, request_id)))),
            func.count(func.distinct(case((ReadComment.judgement == CONCERN, request_id)))),
            func.count(func.distinct(request_id)),
        )
        .select_from(comments)
        .join(ReadComment, matches_read_comment(comments))
        .join(ReadCommentTheme, ReadCommentTheme.read_comment_id == ReadComment.id)
        .group_by(ReadCommentTheme.theme_id)
    )
    counts = {row[0]: (row[1], row[2], row[3]) for row in session.execute(by_theme)}
    total = returns_with_answers(audit)
    return tuple(
        ThemeCount(theme, *(Share(count, total) for count in counts.get(theme.id, (0, 0, 0))))
        for theme in themes_of(audit_id)
    )


def returns_with_answers(audit: Audit) -> int:
    """The number of returns with answers, neither nil nor withdrawn: the denominator of an audit's shares."""
    return session.scalar(join_counted_returns(select(func.count(Return.id)), audit, Filters())) or 0


def judgements_by_question(audit_id: int) -> Mapping[str, tuple[int, int, int]]:
    """Numbers of comments by question id: strengths, concerns, all comments. One statement.

    These count comments, not returns. Beside a question's shares they show where few returns answered no but
    many comments raise concerns (R2014 3.3.12).
    """
    comments = all_comments(session.get_one(Audit, audit_id))
    by_question = (
        select(
            comments.c.question,
            func.count(case((ReadComment.judgement == STRENGTH, 1))),
            func.count(case((ReadComment.judgement == CONCERN, 1))),
            func.count(),
        )
        .select_from(comments)
        .outerjoin(ReadComment, matches_read_comment(comments))
        .group_by(comments.c.question)
        .order_by(comments.c.question)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(by_question)}


def quotes_of(audit_id: int, question: str | None = None) -> tuple[Quote, ...]:
    """The quotes of an audit by question, then by source, then in the order of choosing. Three statements.

    `question` limits them to one question, or with the empty text to those of no question; without it these
    come last. Documents show `printed` and `attribution`, never `original`.
    """
    audit = session.get_one(Audit, audit_id)
    quotes = (
        select(Quote)
        .where(Quote.audit_id == audit_id)
        .options(
            selectinload(Quote.themes),
            joinedload(Quote.read_comment)
            .joinedload(ReadComment.audit_request)
            .options(joinedload(AuditRequest.agency), joinedload(AuditRequest.case)),
            joinedload(Quote.workshop),
            joinedload(Quote.family_contact).joinedload(FamilyContact.case),
        )
        .order_by(Quote.id)
    )
    if question is not None:
        quotes = quotes.where(Quote.question == question)
    positions = {question.id: position for position, question in enumerate(form_of(audit).questions)}
    sources = list(SOURCES)
    return tuple(
        sorted(
            session.scalars(quotes),
            key=lambda quote: (
                positions.get(quote.question, len(positions)),
                sources.index(quote.source),
                quote.id,
            ),
        )
    )


def workshops_of(audit_id: int) -> tuple[Workshop, ...]:
    """The workshops of an audit by the day they were held, with attendances. Two statements."""
    workshops = select(Workshop).where(Workshop.audit_id == audit_id)
    with_attendances = selectinload(Workshop.attendances).joinedload(Attendance.agency)
    return tuple(session.scalars(workshops.options(with_attendances).order_by(Workshop.held_on, Workshop.id)))


def families_of(audit_id: int) -> tuple[FamilyContact, ...]:
    """The families of an audit that were offered a talk, by case, with their notes. Two statements."""
    families = (
        select(FamilyContact)
        .join(FamilyContact.case)
        .where(Case.audit_id == audit_id)
        .options(
            joinedload(FamilyContact.case),
            joinedload(FamilyContact.agency),
            selectinload(FamilyContact.notes),
        )
        .order_by(Case.position, FamilyContact.id)
    )
    return tuple(session.scalars(families))


def narratives_of(audit_id: int) -> tuple[Narrative, ...]:
    """The longer texts of an audit, the case example before the practitioner's view. One statement."""
    narratives = select(Narrative).where(Narrative.audit_id == audit_id).options(joinedload(Narrative.case))
    kinds = list(NARRATIVES)
    return tuple(sorted(session.scalars(narratives), key=lambda narrative: kinds.index(narrative.kind)))
