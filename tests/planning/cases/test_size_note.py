"""The note on the number of cases."""

from sqlalchemy.orm import Session

from surveyapp.planning.cases.size_note import size_note
from tests.row_maker import Maker


def test_a_number_of_cases_outside_the_terms_of_reference_is_noted(make: Maker, session: Session) -> None:
    audit = make.audit(cases=15, agencies=1, issued=False)
    audit.terms_of_reference = "Rounds of 8 or 20-25 cases alternate."
    session.commit()
    assert size_note(audit) == "There are 15 cases; the terms of reference say 8 or 20-25."
    audit.terms_of_reference = "About 12 to 16 cases."
    session.commit()
    assert size_note(audit) == ""
