"""Queries on the example: what of it is there, and how far it is loaded."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from surveyapp.commands.demonstration.audit import TITLE, demonstration_audit
from surveyapp.foundation.store.db import session
from surveyapp.planning.models import Audit
from surveyapp.standalone.models import WantedExample
from surveyapp.tracking.queries import tally

# The worker looks every two seconds; a wish that has waited longer than this finds none at work.
USUAL_WAIT = timedelta(minutes=2)


@dataclass(frozen=True)
class ExampleProgress:
    """How far the example is: `part` in words while it is being loaded; `audit_id` once it is begun.

    `is_wanted` until it is all there; then only `audit_id` is set. Without either nobody has asked for it.
    """

    audit_id: int | None
    is_wanted: bool = False
    has_failed: bool = False
    is_late: bool = False
    part: str = ""

    @property
    def is_loaded(self) -> bool:
        """Whether all of it is there."""
        return self.audit_id is not None and not self.is_wanted


def example_progress(*, now: datetime) -> ExampleProgress:
    """How far the example is at `now` (UTC)."""
    wanted, audit = session.get(WantedExample, 1, populate_existing=True), demonstration_audit()
    audit_id = audit.id if audit is not None and audit.is_example else None
    if wanted is None:
        return ExampleProgress(audit_id)
    return ExampleProgress(
        audit_id,
        is_wanted=True,
        has_failed=wanted.failed_at is not None,
        is_late=wanted.lease_until is None and now - wanted.asked_at > USUAL_WAIT,
        part=_part_in_words(audit, now),
    )


def _part_in_words(audit: Audit | None, now: datetime) -> str:
    """What is there so far, in words."""
    if audit is None or not audit.is_issued:
        return f"“{TITLE}” is being set up."
    return f"So far: {tally(audit, now=now).in_words}."


def example_audits() -> list[Audit]:
    """The audits that are an example, oldest first."""
    return list(session.scalars(select(Audit).where(Audit.is_example).order_by(Audit.id)))


def is_offered() -> bool:
    """Whether the example is offered: there is no audit, also none set aside, and nobody has asked for it."""
    any_row = exists().where(Audit.id.is_not(None)), exists().where(WantedExample.id.is_not(None))
    return not any(session.execute(select(*any_row)).one())
