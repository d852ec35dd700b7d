from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from surveyapp.tracking.queries import tallies, tally
from surveyapp.tracking.tally import Tally
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_the_return_rate_reads_as_in_the_report(make: Maker) -> None:
    found = tally(make.audit(cases=15, agencies=6, returned=77), now=MONDAY_MORNING)
    assert found.in_words == "77 of 90 returned (85.6%)"
    assert (found.outstanding, found.overdue, found.undelivered, found.started) == (13, 0, 0, 0)


def test_nil_and_late_returns_are_among_the_returned_and_withdrawn_requests_are_not_counted(
    make: Maker, session: Session
) -> None:
    audit = make.audit(cases=4, agencies=1)
    nil, late, withdrawn, _waiting = make.requests(audit)
    make.returned(nil).nil_reason = "not_known"
    make.returned(late).is_late = True
    withdrawn.withdrawn_at = MONDAY_MORNING
    session.commit()
    found = tally(audit, now=MONDAY_MORNING)
    assert found == Tally(returned=2, nil=1, late=1, outstanding=1, withdrawn=1)
    assert found.in_words == "2 of 3 returned (66.7%)"


def test_a_return_of_a_request_withdrawn_later_is_not_counted(make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=1, returned=1)
    make.requests(audit)[0].withdrawn_at = MONDAY_MORNING
    session.commit()
    assert tally(audit, now=MONDAY_MORNING) == Tally(returned=0, outstanding=1, withdrawn=1)


def test_a_late_return_that_was_only_allowed_is_not_a_draft(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    kept = make.draft(make.requests(audit)[0])
    kept.current_revision_id = None
    kept.late_allowed_at = MONDAY_MORNING
    session.commit()
    assert tally(audit, now=MONDAY_MORNING).started == 0


def test_a_request_is_overdue_from_the_day_after_the_due_date(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=1, returned=1, due_on=date(2026, 12, 18))
    last_minute = datetime(2026, 12, 18, 23, 59, tzinfo=UTC)
    assert tally(audit, now=last_minute).overdue == 0
    assert tally(audit, now=last_minute + timedelta(minutes=2)).overdue == 1


def test_several_audits_are_counted_in_one_statement(make: Maker, queries: Callable[[int], object]) -> None:
    audits = [make.audit(cases=2, agencies=1, returned=count) for count in (0, 1, 2)]
    ids = [audit.id for audit in audits]
    with queries(1):  # type: ignore[attr-defined]
        found = tallies(audits, now=MONDAY_MORNING)
    assert [found[id_].returned for id_ in ids] == [0, 1, 2]
