"""The event log of an archive."""

from datetime import datetime

from sqlalchemy.orm import Session

from surveyapp.archive.event_log import event_log_csv
from surveyapp.foundation.mail.outbox import queue_email
from surveyapp.foundation.store.db import session as current_session
from surveyapp.foundation.store.db import transaction
from surveyapp.foundation.store.event_log import record_event
from surveyapp.foundation.store.models import Outbox
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.exports.opened_files import csv_rows, exported
from tests.row_maker import Maker

Row = dict[str, str]


def log(audit: Audit) -> list[Row]:
    return csv_rows(event_log_csv(audit))


def noted(*events: tuple[str, ...], now: datetime = MONDAY_MORNING) -> None:
    """Record these events."""
    current_session.commit()
    with transaction():
        for event in events:
            record_event(*event, now=now)


def test_the_log_has_every_event_of_this_audit_and_of_no_other(make: Maker, session: Session) -> None:
    mine, other = make.audit(cases=1, agencies=1), make.audit(cases=1, agencies=1)
    for audit in (mine, other):
        audit_request, grant = make.requests(audit)[0], make.grants(audit)[0]
        queue_email("request", grant.id, to="a@agency.example", key=f"k{grant.id}", now=MONDAY_MORNING)
        mail = session.query(Outbox).filter_by(subject_id=grant.id).one()
        case = audit.cases[0]
        noted(
            ("staff 1", "issued_requests", f"audit {audit.id}"),
            (f"grant {grant.id}", "returned_audit", f"request {audit_request.id}"),
            ("worker", "sent_link_again", f"grant {grant.id}"),
            ("staff 1", "changed_case", f"case {case.id}"),
            ("staff 1", "removed_case", "case 990", f"audit {audit.id}"),
            ("worker", "doubted_mail", f"mail {mail.id}"),
            ("staff 1", "changed_contact", "contact 1"),
        )
    agency = make.requests(mine)[0].agency.name
    reference = make.requests(mine)[0].reference
    found = [
        (row["who"], row["whose"], row["action"], row["case"], row["agency"], row["request"])
        for row in log(mine)
    ]
    grant_id = make.grants(mine)[0].id
    assert found == [
        ("staff 1", "", "issued_requests", "", "", ""),
        (f"grant {grant_id}", agency, "returned_audit", "Child 1", agency, reference),
        ("worker", "", "sent_link_again", "", agency, ""),
        ("staff 1", "", "changed_case", "Child 1", "", ""),
        ("staff 1", "", "removed_case", "", "", ""),
        ("worker", "", "doubted_mail", "", "", ""),
    ]


def test_times_are_uk_time_and_formulas_are_escaped(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    noted(("=cmd|x", "planned_audit", f"audit {audit.id}"), now=MONDAY_MORNING.replace(year=2027, month=7))
    (row,) = log(audit)
    assert row["at"] == "2027-07-30T10:00:00+01:00"
    assert row["who"] == "'=cmd|x"


def test_an_earlier_export_is_in_the_log(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    exported(audit, "csv")
    assert [(row["who"], row["action"], row["detail"]) for row in log(audit)] == [
        ("tester", "exported_audit", ".csv, 0 returns")
    ]
