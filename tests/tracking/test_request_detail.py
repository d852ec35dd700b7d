"""One request as its page shows it."""

import pytest
from sqlalchemy.orm import Session

from surveyapp.foundation.errors import NotFound
from surveyapp.tracking.request_detail import request_detail
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker
from tests.tracking.conftest import Post


def test_a_request_nobody_has_touched_has_no_history(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    found = request_detail(audit.id, make.requests(audit)[0].id)
    assert (found.word, found.audit_return, found.nil_reason) == ("not sent", None, "")
    assert (found.revisions, found.request_emails, found.events, found.late_texts) == ((), (), (), 0)
    assert found.may_be_late


def test_only_the_emails_about_the_request_are_listed_with_their_results(make: Maker, post: Post) -> None:
    audit = make.audit(cases=1, agencies=2)
    mine, other = make.grants(audit)
    post(mine, "failed")
    post(mine, kind="chaser")
    post(other)
    found = request_detail(audit.id, make.requests(audit)[0].id)
    assert [(mail.to, mail.why) for mail in found.request_emails] == [
        (mine.contact.email, "550 5.1.1 unknown"),
        (mine.contact.email, ""),
    ]


def test_a_late_return_can_be_allowed_once_for_an_outstanding_request(make: Maker, session: Session) -> None:
    audit = make.audit(cases=3, agencies=1)
    drafted, returned, withdrawn = make.requests(audit)
    kept = make.draft(drafted)
    make.returned(returned)
    withdrawn.withdrawn_at = MONDAY_MORNING
    session.commit()
    assert request_detail(audit.id, drafted.id).may_be_late
    assert not request_detail(audit.id, returned.id).may_be_late
    assert not request_detail(audit.id, withdrawn.id).may_be_late
    kept.late_allowed_at = MONDAY_MORNING
    session.commit()
    assert not request_detail(audit.id, drafted.id).may_be_late


def test_a_request_of_another_audit_is_not_found(make: Maker) -> None:
    audit, other = make.audit(cases=1, agencies=1), make.audit(cases=1, agencies=1)
    with pytest.raises(NotFound):
        request_detail(audit.id, make.requests(other)[0].id)
