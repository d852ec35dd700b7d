"""The status of an audit: its cells, and its counts by case and by agency."""

from sqlalchemy.orm import Session

from surveyapp.planning.models import Involvement
from surveyapp.tracking.queries import tally
from surveyapp.tracking.status_queries import audit_status
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_the_status_adds_up_by_case_and_by_agency(make: Maker) -> None:
    audit = make.audit(cases=3, agencies=2, returned=4)
    make.draft(make.requests(audit)[5])
    found = audit_status(audit, now=MONDAY_MORNING)
    for lines in (found.cases, found.agencies):
        assert sum(line.tally.returned for line in lines) == found.tally.returned == 4
        assert sum(line.tally.requests for line in lines) == found.tally.requests == 6
        assert sum(line.tally.started for line in lines) == found.tally.started == 1
    assert found.tally == tally(audit, now=MONDAY_MORNING)


def test_a_cell_ticked_after_issue_is_shown_and_not_counted(make: Maker, session: Session) -> None:
    audit = make.audit(cases=2, agencies=1)
    agency = make.agency("Early Help Team", kind="early_help")
    session.add(Involvement(case_id=audit.cases[0].id, agency_id=agency.id))
    session.commit()
    found = audit_status(audit, now=MONDAY_MORNING)
    assert found.not_issued == {(audit.cases[0].id, agency.id)}
    assert [line.name for line in found.agencies][-1] == "Early Help Team"
    assert found.tally.requests == 2


def test_agencies_are_in_the_order_in_which_partnerships_print_kinds(make: Maker) -> None:
    chosen = [
        make.agency("Youth Justice", kind="youth"),
        make.agency("Police"),
        make.agency("Children’s Services", kind="social_care"),
    ]
    found = audit_status(make.audit(cases=1, agencies=chosen), now=MONDAY_MORNING)
    assert [line.name for line in found.agencies] == ["Children’s Services", "Police", "Youth Justice"]
