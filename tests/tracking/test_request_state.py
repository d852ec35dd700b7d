"""The state of a request."""

from sqlalchemy.orm import Session

from surveyapp.issuing.queries import refused_grants
from surveyapp.planning.models import Audit
from surveyapp.tracking.status_queries import request_cells
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker
from tests.tracking.conftest import Post


def words(audit: Audit) -> list[str]:
    return [cell.word for cell in request_cells(audit)]


def test_each_request_has_one_state(make: Maker, post: Post, session: Session) -> None:
    audit = make.audit(cases=6, agencies=1, returned=1)
    grant = make.grants(audit)[0]
    _returned, nil, late, withdrawn, started, _rest = make.requests(audit)
    make.returned(nil).nil_reason = "not_known"
    make.returned(late).is_late = True
    make.draft(started)
    withdrawn.withdrawn_at = MONDAY_MORNING
    session.commit()
    before = words(audit)
    post(grant, "sent")
    assert before == ["returned", "nil return", "late", "withdrawn", "started", "not sent"]
    assert words(audit) == ["returned", "nil return", "late", "withdrawn", "started", "sent"]
    post(grant, "failed", kind="chaser")
    assert words(audit)[4:] == ["not delivered", "not delivered"]


def test_correcting_the_address_ends_not_delivered(make: Maker, post: Post, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    grant = make.grants(audit)[0]
    post(grant, "failed")
    assert words(audit) == ["not delivered"]
    assert refused_grants(audit) == {grant.id}
    grant.contact.email = "right@agency.example"
    session.commit()
    assert words(audit) == ["not sent"]
    post(grant, "sent")
    assert words(audit) == ["sent"]
    assert refused_grants(audit) == set()


def test_an_email_in_doubt_counts_as_sent(make: Maker, post: Post) -> None:
    audit = make.audit(cases=1, agencies=1)
    grant = make.grants(audit)[0]
    post(grant, "doubtful")
    assert words(audit) == ["sent"]
    post(grant, "failed", kind="chaser")
    assert words(audit) == ["not delivered"]
    # The last email decides, and this one may have been delivered.
    post(grant, "doubtful", kind="chaser")
    assert words(audit) == ["sent"]
    assert refused_grants(audit) == set()
