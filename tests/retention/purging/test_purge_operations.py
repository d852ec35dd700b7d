"""Purges on their day: what goes, what stays, and what stops them."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveyapp.agencies.models import Contact
from surveyapp.concluding.models import Action
from surveyapp.foundation import clock
from surveyapp.foundation.clock import local_day
from surveyapp.foundation.store.db import transaction
from surveyapp.planning.models import Audit
from surveyapp.retention.dates import DELETION_DELAY, NOTICE
from surveyapp.retention.deletion_operations import delete_issued_audit
from surveyapp.retention.hold_operations import end_hold, set_hold
from surveyapp.retention.models import PurgeCertificate
from surveyapp.retention.queries import retention_of
from surveyapp.tracking.queries import tally
from tests.retention.conftest import CLOSED, RECEIVED, Worker
from tests.retention.full_audit import COLLEAGUE, drafts_of, emptied_tables, release_report, rows_of
from tests.row_maker import Maker


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


def test_a_deleted_audit_is_purged_by_the_worker_on_its_day_with_a_certificate(
    full_audit: Audit, working: Worker, session: Session
) -> None:
    audit_id, title = full_audit.id, full_audit.title
    with transaction():
        delete_issued_audit(full_audit, typed_title=title, actor="Ann Lee", now=clock.now())
    day = local_day(clock.now()) + DELETION_DELAY
    working.works_on(day - timedelta(days=1), hour=23)
    session.expire_all()
    assert session.get(Audit, audit_id) is not None, "not before its day"
    assert session.scalars(select(PurgeCertificate)).all() == []
    working.works_on(day)
    session.expire_all()
    assert session.scalars(select(Audit)).all() == []
    certificate = session.scalars(select(PurgeCertificate)).one()
    assert (certificate.audit_id, certificate.kind, certificate.purged_by) == (
        audit_id,
        "everything",
        "worker",
    )
    assert local_day(certificate.began_at) == day
    assert certificate.finished_at is not None
    assert certificate.cleaned_at is not None
    assert certificate.removed["survey_audit"] == 1
    assert certificate.removed["survey_return"] > 0
    left = {table.name: rows_of(table) for table in emptied_tables() if rows_of(table)}
    assert set(left) <= {"survey_outbox"}


def test_a_hold_stops_the_purge_of_a_deleted_audit_until_two_weeks_after_it_ends(
    make: Maker, working: Worker, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1, title="Neglect")
    audit_id = audit.id
    with transaction():
        delete_issued_audit(audit, typed_title="Neglect", actor="Ann Lee", now=clock.now())
        set_hold(audit, reason="An inquiry has asked for it.", actor="Ann Lee", now=clock.now())
    working.works_on(local_day(clock.now()) + DELETION_DELAY + timedelta(days=1))
    session.expire_all()
    ended_on = local_day(clock.now())
    with transaction():
        end_hold(
            session.get_one(Audit, audit_id), reason="It has reported.", actor="Ann Lee", now=clock.now()
        )
    working.works_on(ended_on + NOTICE - timedelta(days=1))
    session.expire_all()
    assert session.get(Audit, audit_id) is not None
    working.works_on(ended_on + NOTICE)
    session.expire_all()
    assert session.get(Audit, audit_id) is None
