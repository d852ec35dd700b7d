"""A child is found in every audit, by pseudonym or by an agency's own reference."""

from sqlalchemy.orm import Session

from surveyapp.planning.audit_state_operations import mark_answers_removed
from surveyapp.planning.models import Audit, Case
from surveyapp.subject_access.found_cases import find_cases
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def with_reference(audit: Audit, agency: str, reference: str) -> Case:
    """The first case of an audit, after this agency's own reference for it was entered."""
    case = audit.cases[0]
    involvement = next(each for each in case.involvements if each.agency.name == agency)
    involvement.own_reference = reference
    return case


def test_a_pseudonym_is_found_in_every_audit_the_newest_first(make: Maker) -> None:
    first, second = make.audit(cases=2, title="Neglect"), make.audit(cases=1, title="Plans")
    wanted = first.cases[0].pseudonym
    second.cases[0].pseudonym = wanted
    found = find_cases(f"  {wanted.upper()} ")
    assert [(each.case.audit.title, each.by_reference_of) for each in found] == [
        ("Plans", ()),
        ("Neglect", ()),
    ]


def test_a_reference_is_found_whatever_its_capitals_and_spaces(make: Maker, session: Session) -> None:
    police, school = make.agency("Northside Police"), make.agency("Hill School")
    audit = make.audit(cases=2, agencies=[police, school])
    case = with_reference(audit, "Northside Police", "NP 12/345")
    session.flush()
    for typed in ("NP 12/345", "np12/345", " np  12/345 "):
        found = find_cases(typed)
        assert [(each.case.id, each.by_reference_of) for each in found] == [(case.id, ("Northside Police",))]
    assert find_cases("NP 12/34") == []


def test_nothing_is_found_for_nothing(make: Maker) -> None:
    make.audit(cases=1)
    assert find_cases("   ") == []


def test_a_child_of_an_audit_whose_purge_has_begun_is_not_found(make: Maker, session: Session) -> None:
    audit = make.audit(cases=1, agencies=[make.agency("Northside Police")])
    case = with_reference(audit, "Northside Police", "NP 12/345")
    session.flush()
    assert len(find_cases("NP 12/345")) == len(find_cases(case.pseudonym)) == 1
    mark_answers_removed(audit, counts={}, now=MONDAY_MORNING)
    session.flush()
    assert find_cases("NP 12/345") == find_cases(case.pseudonym) == []
