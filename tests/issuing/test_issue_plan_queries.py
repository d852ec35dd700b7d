"""The contacts to ask, and the cases to ask them about."""

from sqlalchemy.orm import Session

from surveyapp.issuing.issue_plan_queries import contacts_to_ask
from surveyapp.planning.models import Case, Involvement
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_a_new_case_is_planned_beside_the_cases_already_asked_for(make: Maker, session: Session) -> None:
    audit = make.audit(cases=3, agencies=1)
    (agency,) = {audit_request.agency for audit_request in make.requests(audit)}
    make.requests(audit)[1].withdrawn_at = MONDAY_MORNING
    new = Case(audit_id=audit.id, position=4, pseudonym="Child 4")
    new.involvements = [Involvement(agency=agency)]
    session.add(new)
    session.commit()

    def asked() -> tuple[list[str], list[str]]:
        (asking,) = contacts_to_ask(audit)
        return [case.pseudonym for case in asking.asked], [case.pseudonym for case in asking.new]

    assert asked() == (["Child 1", "Child 3"], ["Child 4"])
    make.grants(audit)[0].revoked_at = MONDAY_MORNING
    session.commit()
    assert asked() == ([], ["Child 4"])
