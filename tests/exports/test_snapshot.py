"""Reading an audit at one moment for export."""

import pytest
from sqlalchemy.orm import Session

from surveyapp.collating.figures import DenominatorRule
from surveyapp.collating.filters import Filters
from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.exports.snapshot import AuditSnapshot, read_audit
from surveyapp.planning.models import Audit
from tests.conftest import MONDAY_MORNING
from tests.exports.conftest import EveryKind
from tests.row_maker import Maker
from tests.tracking.test_views import Queries


def read(audit: Audit, filters: Filters | None = None) -> AuditSnapshot:
    return read_audit(audit, filters=filters or Filters(), rule=DenominatorRule(), now=MONDAY_MORNING)


def test_outstanding_drafted_and_withdrawn_requests_are_left_out(make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=2)
    returned, draft, withdrawn, _outstanding = make.requests(audit)
    make.returned(returned)
    make.draft(draft)
    make.returned(withdrawn)
    withdrawn.withdrawn_at = MONDAY_MORNING
    session.commit()
    with read(audit) as snapshot:
        assert [row.reference for row in snapshot.returns()] == [returned.reference]
        assert snapshot.withdrawn == 1
        assert len(snapshot.asked) == 4


def test_a_nil_return_has_its_reason_and_no_answers(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    nil_return = make.returned(
        make.requests(audit)[0],
        (
            GivenAnswer("nil-return", "reason", "moved"),
            GivenAnswer("nil-return", "whereabouts", text="In Leeds"),
        ),
    )
    nil_return.nil_reason = "moved"
    session.commit()
    with read(audit) as snapshot:
        (row,) = snapshot.returns()
        assert row.nil_in_words == "The child has moved: another agency holds the file"
        assert (row.whereabouts, row.given) == ("In Leeds", ())
        assert [row.reference for row in snapshot.nil_returns()] == [row.reference]
        assert snapshot.collation.returns == 0


def test_answers_to_questions_hidden_by_another_answer_are_left_out(
    every_kind: EveryKind, make: Maker
) -> None:
    audit = every_kind()
    police, school = make.requests(audit)
    make.returned(police, (GivenAnswer("seen", option="no"), GivenAnswer("alone", option="yes")))
    make.returned(school, (GivenAnswer("seen", option="yes"), GivenAnswer("alone", option="yes")))
    with read(audit) as snapshot:
        first, second = snapshot.returns()
        assert [answer.question for answer in first.given] == ["seen"]
        assert first.not_asked == {"alone"}
        assert [answer.question for answer in second.given] == ["seen", "alone"]
        assert second.not_asked == {"police_only"}


def test_filters_select_the_same_returns_as_the_figures(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind(cases=2)
    for audit_request in make.requests(audit):
        make.returned(audit_request, (GivenAnswer("seen", option="yes"),))
    with read(audit, Filters(kinds=("school",))) as snapshot:
        assert {row.agency.kind for row in snapshot.returns()} == {"school"}
        assert snapshot.collation.returns == len(list(snapshot.returns())) == 2


def test_a_later_return_is_not_in_an_earlier_snapshot(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=2)
    first, second = make.requests(audit)
    make.returned(first)
    with read(audit) as snapshot:
        make.returned(second)
        assert len(list(snapshot.returns())) == snapshot.collation.returns == 1


@pytest.mark.parametrize("cases", [1, 30])
def test_reading_many_returns_takes_no_more_statements(make: Maker, queries: Queries, cases: int) -> None:
    audit = make.audit(cases=cases, agencies=2, returned=2 * cases)
    audit_id = audit.id
    with queries(13), read(audit) as snapshot:
        assert len(list(snapshot.returns())) == 2 * cases
        assert snapshot.audit_id == audit_id
