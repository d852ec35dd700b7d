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


def test_outstanding_drafted_and_withdrawn_requests_are_no_returns(make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=2)
    returned, draft, withdrawn, _outstanding = make.requests(audit)
    make.returned(returned)
    make.draft(draft)
    make.returned(withdrawn)
    withdrawn.withdrawn_at = MONDAY_MORNING
    session.commit()
    with read(audit) as found:
        assert [each.reference for each in found.returns()] == [returned.reference]
        assert found.withdrawn == 1
        assert len(found.asked) == 4


def test_a_nil_return_is_listed_with_its_reason_and_has_no_answers(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=1)
    kept = make.returned(
        make.requests(audit)[0],
        (
            GivenAnswer("nil-return", "reason", "moved"),
            GivenAnswer("nil-return", "whereabouts", text="In Leeds"),
        ),
    )
    kept.nil_reason = "moved"
    session.commit()
    with read(audit) as found:
        (each,) = found.returns()
        assert each.nil_in_words == "The child has moved: another agency holds the file"
        assert (each.whereabouts, each.given) == ("In Leeds", ())
        assert [one.reference for one in found.nil_returns()] == [each.reference]
        assert found.collation.returns == 0


def test_what_an_answer_took_away_is_not_asked_and_not_exported(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind()
    police, school = make.requests(audit)
    make.returned(police, (GivenAnswer("seen", option="no"), GivenAnswer("alone", option="yes")))
    make.returned(school, (GivenAnswer("seen", option="yes"), GivenAnswer("alone", option="yes")))
    with read(audit) as found:
        first, second = found.returns()
        assert [each.question for each in first.given] == ["seen"]
        assert first.not_asked == {"alone"}
        assert [each.question for each in second.given] == ["seen", "alone"]
        assert second.not_asked == {"police_only"}


def test_filters_keep_the_same_returns_as_the_figures(every_kind: EveryKind, make: Maker) -> None:
    audit = every_kind(cases=2)
    for each in make.requests(audit):
        make.returned(each, (GivenAnswer("seen", option="yes"),))
    with read(audit, Filters(kinds=("school",))) as found:
        assert {each.agency.kind for each in found.returns()} == {"school"}
        assert found.collation.returns == len(list(found.returns())) == 2


def test_a_later_return_is_in_no_reading_made_before(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=2)
    first, second = make.requests(audit)
    make.returned(first)
    with read(audit) as found:
        make.returned(second)
        assert len(list(found.returns())) == found.collation.returns == 1


@pytest.mark.parametrize("cases", [1, 30])
def test_reading_takes_as_few_statements_for_many_returns_as_for_one(
    make: Maker, queries: Queries, cases: int
) -> None:
    audit = make.audit(cases=cases, agencies=2, returned=2 * cases)
    audit_id = audit.id
    with queries(13), read(audit) as found:
        assert len(list(found.returns())) == 2 * cases
        assert found.audit_id == audit_id
