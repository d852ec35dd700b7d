"""Locks the directory before several of its rows are changed together."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from surveyapp.agencies.models import Agency, Contact
from surveyapp.agencies.queries import AgenciesByName
from surveyapp.foundation.store.db import session


def lock_directory() -> AgenciesByName:
    """Lock every agency and contact until the transaction ends, and return them as they are stored now."""
    for table in (Agency, Contact):
        session.execute(select(table.id).order_by(table.id).with_for_update(key_share=True)).all()
    afresh = select(Agency).options(selectinload(Agency.contacts)).order_by(Agency.id)
    return AgenciesByName(session.scalars(afresh.execution_options(populate_existing=True)))
