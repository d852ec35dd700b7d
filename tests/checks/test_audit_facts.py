"""The facts of an audit count actual returns and the children behind them."""

from datetime import date

from sqlalchemy.orm import Session

from surveyapp.answering.models import Return
from surveyapp.checks.audit_facts import audit_facts
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_nil_returns_and_withdrawn_or_outstanding_requests_do_not_count(
    make: Maker, session: Session
) -> None:
    agencies = [
        make.agency(name, kind=kind) for name, kind in (("B", "health"), ("A", "police"), ("C", "school"))
    ]
    audit = make.audit(cases=4, agencies=agencies)
    b1, b2, b3, _b4, a1, _a2, _a3, _a4, c1, *_rest = make.requests(audit)
    for audit_request in (b1, b2, a1):
        make.returned(audit_request)
    nil = make.returned(b3)
    nil.nil_reason = "not_known"
    a1.withdrawn_at = MONDAY_MORNING
    make.draft(c1)
    session.commit()
    facts = audit_facts(audit)
    assert [(organisation.name, organisation.returns) for organisation in facts.organisations] == [
        ("A", 0),
        ("B", 2),
        ("C", 0),
    ]
    assert [organisation.name for organisation in facts.audited] == ["B"]
    assert (facts.cases, len(facts.children), facts.returns) == (4, 2, 2)
    assert [child.age_months for child in facts.children] == [12, 24]
    assert facts.month == date(2027, 1, 15)
    assert session.get(Return, nil.id) is not None
