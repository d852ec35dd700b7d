"""How many agencies stand behind what was answered to each question."""

from typing import Any

from sqlalchemy import and_, func, or_, select

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Answer, Return
from surveyapp.collating.asked_in_sql import kinds_asked, was_shown
from surveyapp.collating.filters import Filters
from surveyapp.collating.queries import agencies_asked, join_counted_returns
from surveyapp.defining.definition import COMMENT
from surveyapp.foundation.store.db import session
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit


def other_agency_counts(audit: Audit, agency_id: int) -> dict[str, int]:
    """For each question how many agencies but this one have a return that counts in its figures.

    Two statements; a question that no other agency answered is left out.
    """
    definition = form_of(audit)
    kinds = kinds_asked(definition, {each.kind for each in agencies_asked(audit)})
    chosen: Any = select(Answer.question, func.count(func.distinct(Agency.id)))
    rows: Any = session.execute(
        join_counted_returns(chosen, audit, Filters())
        .join(Answer, Answer.revision_id == Return.current_revision_id)
        .where(
            Agency.id != agency_id,
            Answer.item != COMMENT,
            or_(
                *(
                    and_(
                        Answer.question == each.id,
                        Agency.kind.in_(kinds[each.id]),
                        was_shown(definition, each),
                    )
                    for each in definition.questions
                )
            ),
        )
        .group_by(Answer.question)
    )
    return {question: count for question, count in rows}  # noqa: C416 — rows are not pairs to mypy
