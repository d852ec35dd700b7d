from sqlalchemy.orm import Session

from surveyapp.tracking.staff_tasks import staff_tasks_today
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker
from tests.tracking.conftest import Post


def test_needs_you_today_counts_refused_addresses_and_messages_in_doubt(make: Maker, post: Post) -> None:
    audit = make.audit(cases=2, agencies=2)
    assert not staff_tasks_today(now=MONDAY_MORNING).any
    first, second = make.grants(audit)
    post(first, "failed")
    post(second, "doubtful", kind="chaser")
    found = staff_tasks_today(now=MONDAY_MORNING)
    assert (found.refused, found.doubtful, found.late_texts) == (1, 1, ())


def test_a_refused_address_needs_nobody_once_the_audit_is_closed(
    make: Maker, post: Post, session: Session
) -> None:
    audit = make.audit(cases=1, agencies=1)
    post(make.grants(audit)[0], "failed")
    audit.closed_at = MONDAY_MORNING
    session.commit()
    assert staff_tasks_today(now=MONDAY_MORNING).refused == 0
