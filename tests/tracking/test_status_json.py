from surveyapp.tracking.status_json import status_json
from tests.conftest import MONDAY_MORNING
from tests.row_maker import Maker


def test_the_status_for_scripts_keeps_its_shape(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=[make.agency("Police")], returned=1, title="Repeat plans")
    line = {
        "requests": 1,
        "returned": 1,
        "nil": 0,
        "outstanding": 0,
        "overdue": 0,
        "undelivered": 0,
        "withdrawn": 0,
        "percent": 100.0,
    }
    whole = {**line, "requests": 2, "outstanding": 1, "percent": 50.0}
    assert status_json(audit, now=MONDAY_MORNING) == {
        "audit": audit.id,
        "title": "Repeat plans",
        **whole,
        "by_case": [
            {"case": "Child 1", **line},
            {"case": "Child 2", **line, "returned": 0, "outstanding": 1, "percent": 0.0},
        ],
        "by_agency": [{"agency": "Police", **whole}],
    }


def test_an_audit_that_asks_for_nothing_has_no_percentage(make: Maker) -> None:
    found = status_json(make.audit(cases=1, agencies=1, issued=False), now=MONDAY_MORNING)
    assert (found["requests"], found["percent"]) == (0, None)
