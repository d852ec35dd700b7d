"""Whether the example waits to be loaded: what the worker asks every two seconds, and the page Audits."""

from sqlalchemy import select

from surveyapp.foundation.store.db import session
from surveyapp.standalone.models import WantedExample


def is_awaited() -> bool:
    """Whether somebody has asked for the example and it is not all there, also if loading it has failed."""
    return session.scalar(select(WantedExample.id)) is not None


def is_wanted() -> bool:
    """Whether somebody has asked for the example, and loading it has not failed since."""
    return session.scalar(select(WantedExample.id).where(WantedExample.failed_at.is_(None))) is not None
