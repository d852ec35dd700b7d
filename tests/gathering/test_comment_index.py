"""Progress of reading, later changes and single comments."""

from datetime import timedelta

from sqlalchemy.orm import Session

from surveyapp.gathering.comment_index import changed_since_read, text_of_comment
from surveyapp.gathering.comments.comment_filter import CHANGED, CommentFilter
from surveyapp.gathering.comments.comments_to_read import comments_to_read
from surveyapp.issuing.models import AuditRequest
from surveyapp.planning.models import Audit
from tests.gathering.comments.test_comments_to_read import TEXTS, judged
from tests.gathering.conftest import commented
from tests.row_maker import Maker


def test_a_comment_corrected_after_reading_is_changed_until_it_is_read_again(
    commented_audit: Audit, make: Maker, session: Session
) -> None:
    judged(commented_audit, c1="strength", c3="concern")
    assert changed_since_read(commented_audit) == frozenset()
    correct(make, make.requests(commented_audit)[0], "Discussed once, in May.")
    session.expire_all()
    changed = changed_since_read(commented_audit)
    assert len(changed) == 1
    found = comments_to_read(commented_audit, CommentFilter(CHANGED), changed=changed).shown
    assert [(comment.text, comment.judgement, comment.is_changed) for comment in found] == [
        ("Discussed once, in May.", "strength", True)
    ]
    judged(commented_audit, c1="concern")
    assert changed_since_read(commented_audit) == frozenset()
    assert not comments_to_read(commented_audit).shown[0].is_changed


def correct(make: Maker, audit_request: AuditRequest, text: str) -> None:
    """Return a request again an hour later, its first comment put otherwise."""
    make.now += timedelta(hours=1)
    given = (*commented("supervision", text), *commented("strengths_or_concerns", TEXTS[2]))
    make.corrected(audit_request, given)


def test_the_text_of_a_single_comment_is_read(commented_audit: Audit, make: Maker) -> None:
    question = commented_audit.form.question("supervision")
    first, _, police, _, nil, _ = make.requests(commented_audit)
    assert text_of_comment(commented_audit, first.id, question) == TEXTS[0]
    assert text_of_comment(commented_audit, police.id, question) == TEXTS[1]
    assert text_of_comment(commented_audit, nil.id, question) is None
