"""Queries over talks with families, and over the returns that offer help with them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from surveyapp.agencies.models import Agency
from surveyapp.answering.models import Answer, Return
from surveyapp.collating.counted_returns import join_counted_returns
from surveyapp.collating.filters import Filters
from surveyapp.foundation.errors import NotFound
from surveyapp.foundation.store.db import session
from surveyapp.gathering.models import FamilyContact
from surveyapp.issuing.queries import form_of
from surveyapp.planning.models import Audit, Case

# The question that asks agencies to help reach a family, and the answer that offers it (R2014 App 3 Q14).
OFFER_QUESTION, OFFER_ANSWER = "family_contact", "yes"


def family_by_id(audit_id: int, family_id: int) -> FamilyContact:
    """One talk of an audit, with its notes. Raises NotFound."""
    family = session.scalar(
        select(FamilyContact)
        .join(FamilyContact.case)
        .where(Case.audit_id == audit_id, FamilyContact.id == family_id)
        .options(
            joinedload(FamilyContact.case),
            joinedload(FamilyContact.agency),
            selectinload(FamilyContact.notes),
        )
    )
    if family is None:
        raise NotFound
    return family


def offers_of_help(audit: Audit) -> list[tuple[Case, Agency]]:
    """Cases with a family that an agency can help to reach, each with the agency, by case and agency.

    Cases that have a talk already are left out. Empty if the form does not have the question.
    """
    if OFFER_QUESTION not in {question.id for question in form_of(audit).questions}:
        return []
    cases_with_talk = select(FamilyContact.case_id)
    columns: Any = select(Case, Agency)
    rows = session.execute(
        join_counted_returns(columns, audit, Filters())
        .join(Answer, Answer.revision_id == Return.current_revision_id)
        .where(
            Answer.question == OFFER_QUESTION, Answer.option == OFFER_ANSWER, Case.id.not_in(cases_with_talk)
        )
        .order_by(Case.position, Case.id, Agency.name)
    )
    return [(row[0], row[1]) for row in rows]
