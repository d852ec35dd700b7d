"""Purges on their day: what goes, what stays, and what stops them."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.concluding.models import Action
from surveyapp.planning.models import Audit
from surveyapp.retention.models import PurgeCertificate
from surveyapp.retention.queries import retention_of
from surveyapp.tracking.queries import tally
from tests.retention.conftest import CLOSED, RECEIVED, Worker
from tests.retention.full_audit import COLLEAGUE, drafts_of, emptied_tables, release_report, rows_of


def test_an_audit_is_purged_in_steps_on_its_days(
    full_audit: Audit, working: Worker, session: Session
) -> None:
    empty = [table.name for table in emptied_tables() if not rows_of(table)]
    assert not empty, f"Give the full audit rows of {empty}, so that their purge is tested."
    working.works_at(CLOSED)
    before = tally(full_audit, now=CLOSED)
    release_report(full_audit, RECEIVED)
    working.works_at(RECEIVED)
    dates = retention_of(full_audit.id)
    assert dates is not None
    assert (dates.drafts_on, dates.returns_on, dates.figures_on) == (
        date(2027, 4, 8),
        date(2028, 3, 1),
        date(2033, 3, 1),
    )
    assert drafts_of(full_audit)
    working.works_on(date(2027, 4, 7))
    assert drafts_of(full_audit), "not before its day"
    working.works_on(date(2027, 4, 8))
    assert not drafts_of(full_audit)
    working.works_on(date(2028, 2, 29))
    assert full_audit.answers_removed_at is None
    working.works_on(date(2028, 3, 1))
    session.expire_all()
    left = {table.name: rows_of(table) for table in emptied_tables() if rows_of(table)}
    assert set(left) <= {"survey_outbox"}
    assert full_audit.answers_removed_at is not None
    after = tally(full_audit, now=CLOSED)
    assert (after.returned, after.nil, after.requests) == (before.returned, before.nil, before.requests)
    assert session.query(Action).count() == 6
    assert session.scalar(select(Contact).where(Contact.email == COLLEAGUE)) is None
    working.works_on(date(2033, 3, 1))
    assert session.scalars(select(Audit)).all() == []
    kinds = session.scalars(select(PurgeCertificate.kind).order_by(PurgeCertificate.id)).all()
    assert kinds == ["drafts", "returns", "everything"]
