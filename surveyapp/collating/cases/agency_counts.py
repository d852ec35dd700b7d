"""How many agencies answered each question."""

from typing import Any

from sqlalchemy import and_, func, or_, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Answer, Return
from surveyapp.collating.asked_in_sql import kinds_asked, was_shown
from surveyapp.collating.counted_returns import join_counted_returns
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import agencies_asked
from surveyapp.defining.definition import COMMENT
from surveyapp.foundation.store.db import session
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit


def other_agency_counts(audit: Audit, agency_id: int) -> dict[str, int]:
    """For each question, how many other agencies have a return that counts in its figures.

    Two statements. A question that no other agency answered has no entry.
    """
    definition = form_of(audit)
    kinds = kinds_asked(definition, {agency.kind for agency in agencies_asked(audit)})
    columns: Any = select(Answer.question, func.count(func.distinct(Agency.id)))
    rows: Any = session.execute(
        join_counted_returns(columns, audit, Filters())
        .join(Answer, Answer.revision_id == Return.current_revision_id)
        .where(
            Agency.id != agency_id,
            Answer.item != COMMENT,
            or_(
                *(
                    and_(
                        Answer.question == question.id,
                        Agency.kind.in_(kinds[question.id]),
                        was_shown(definition, question),
                    )
                    for question in definition.questions
                )
            ),
        )
        .group_by(Answer.question)
    )
    return {question_id: count for question_id, count in rows}  # noqa: C416 — rows are not pairs to mypy
