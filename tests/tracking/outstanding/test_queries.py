"""The outstanding list."""

from datetime import date

from surveyapp.tracking.outstanding.queries import outstanding_list
from tests.row_maker import Maker
from tests.tracking.conftest import Post


def test_the_outstanding_list_says_whom_to_ring_and_how_often_they_were_chased(
    make: Maker, post: Post
) -> None:
    audit = make.audit(cases=2, agencies=[make.agency("Police", contact="p@police.example")], returned=1)
    make.draft(make.requests(audit)[1])
    post(make.grants(audit)[0], "sent", kind="chaser")
    (waiting,) = outstanding_list(audit)
    assert (waiting.agency, waiting.case, waiting.email) == ("Police", "Child 2", "p@police.example")
    assert (waiting.telephone, waiting.word, waiting.has_draft) == ("01234 500100", "started", True)
    assert (waiting.chased, waiting.last_chased_on) == (1, date(2026, 11, 30))
