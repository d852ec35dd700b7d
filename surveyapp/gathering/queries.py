"""What was gathered for an audit, as the steps after this one read it: these functions stay as they are."""

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
from surveyapp.gathering.comments.comment_index import all_comments, matches_read_comment
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
    """How many returns speak of one theme, out of all that came in with answers; auditors' comments alone.

    A return that names it as a strength and as a concern counts in both, and once in `mentioned`.
    """

    theme: PracticeTheme
    strength: Share
    concern: Share
    mentioned: Share


def themes_of(audit_id: int) -> tuple[PracticeTheme, ...]:
    """An audit's own list of themes, in its order; one statement."""
    found = select(PracticeTheme).where(PracticeTheme.audit_id == audit_id)
    return tuple(session.scalars(found.order_by(PracticeTheme.position, PracticeTheme.id)))


def theme_named(audit_id: int, theme_id: int) -> PracticeTheme:
    """One theme of an audit. Raises NotFound."""
    found = session.get(PracticeTheme, theme_id)
    if found is None or found.audit_id != audit_id:
        raise NotFound
    return found


def theme_counts(audit_id: int) -> tuple[ThemeCount, ...]:
    """For each theme, in the list's order, the returns whose comments speak of it: "12 of 77 returns".

    Only comments that have been read count: show `progress` beside it. Nothing that practitioners or parents
    said is in these shares. Three statements.
    """
    audit = session.get_one(Audit, audit_id)
    found = all_comments(audit)
    request_id = found.c.request_id
    counted = (
        select(
            ReadCommentTheme.theme_id,
            func.count(func.distinct(case((ReadComment.judgement == STRENGTH, request_id)))),
            func.count(func.distinct(case((ReadComment.judgement == CONCERN, request_id)))),
            func.count(func.distinct(request_id)),
        )
        .select_from(found)
        .join(ReadComment, matches_read_comment(found))
        .join(ReadCommentTheme, ReadCommentTheme.read_comment_id == ReadComment.id)
        .group_by(ReadCommentTheme.theme_id)
    )
    counts = {row[0]: (row[1], row[2], row[3]) for row in session.execute(counted)}
    of = returns_with_answers(audit)
    return tuple(
        ThemeCount(theme, *(Share(count, of) for count in counts.get(theme.id, (0, 0, 0))))
        for theme in themes_of(audit_id)
    )


def returns_with_answers(audit: Audit) -> int:
    """How many returns the shares of an audit are out of: neither nil nor withdrawn."""
    return session.scalar(join_counted_returns(select(func.count(Return.id)), audit, Filters())) or 0


def judgements_by_question(audit_id: int) -> Mapping[str, tuple[int, int, int]]:
    """For each question its comments: how many strengths, how many concerns, how many there are.

    Comments, not returns: beside a question's shares they show where few said no and many are worried
    (R2014 3.3.12). One statement.
    """
    found = all_comments(session.get_one(Audit, audit_id))
    counted = (
        select(
            found.c.question,
            func.count(case((ReadComment.judgement == STRENGTH, 1))),
            func.count(case((ReadComment.judgement == CONCERN, 1))),
            func.count(),
        )
        .select_from(found)
        .outerjoin(ReadComment, matches_read_comment(found))
        .group_by(found.c.question)
        .order_by(found.c.question)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(counted)}


def quotes_of(audit_id: int, question: str | None = None) -> tuple[Quote, ...]:
    """The quotes of an audit, by the form's questions, then auditor, practitioner, parent, then as chosen.

    `question` keeps those of one question; the empty word those that stand with none, which come last here.
    What a reader may see is `printed`, said by `attribution`; `original` goes into no document. Three
    statements.
    """
    audit = session.get_one(Audit, audit_id)
    found = (
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
        found = found.where(Quote.question == question)
    questions = [each.id for each in form_of(audit).questions]
    places = {name: number for number, name in enumerate(questions)}
    sources = list(SOURCES)
    return tuple(
        sorted(
            session.scalars(found),
            key=lambda each: (places.get(each.question, len(places)), sources.index(each.source), each.id),
        )
    )


def workshops_of(audit_id: int) -> tuple[Workshop, ...]:
    """The workshops of an audit in the order in which they were held, with who came; two statements."""
    found = select(Workshop).where(Workshop.audit_id == audit_id)
    with_people = selectinload(Workshop.attendances).joinedload(Attendance.agency)
    return tuple(session.scalars(found.options(with_people).order_by(Workshop.held_on, Workshop.id)))


def families_of(audit_id: int) -> tuple[FamilyContact, ...]:
    """The families of an audit that were offered a talk, by case, with what they said; two statements."""
    found = (
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
    return tuple(session.scalars(found))


def narratives_of(audit_id: int) -> tuple[Narrative, ...]:
    """The longer texts of an audit, the case example before the practitioner's view; one statement."""
    found = select(Narrative).where(Narrative.audit_id == audit_id).options(joinedload(Narrative.case))
    kinds = list(NARRATIVES)
    return tuple(sorted(session.scalars(found), key=lambda each: kinds.index(each.kind)))
