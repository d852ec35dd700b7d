"""An audit whose returns have comments."""

import pytest

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.planning.models import Audit
from tests.row_maker import Maker

MANAGER = "staff 1"


def commented(question: str, text: str, option: str = "yes") -> tuple[GivenAnswer, ...]:
    """An answer with a comment."""
    return GivenAnswer(question, option=option), GivenAnswer(question, item="comment", text=text)


@pytest.fixture
def commented_audit(make: Maker) -> Audit:
    """Two cases, three agencies: four returns with answers, one nil return and one draft.

    The comments are, in order: 1 and 2 on supervision (Health and Police, both on Child 1), 3 and 4 on
    strengths_or_concerns (Health, on Child 1 and on Child 2). The comments of the nil return and of the draft
    do not count.
    """
    agencies = [make.agency(name, kind=kind) for name, kind in (("Health", "health"), ("Police", "police"))]
    audit = make.audit(cases=2, agencies=[*agencies, make.agency("Youth", kind="youth")], title="Voices")
    by_place = {
        (audit_request.case.pseudonym, audit_request.agency.name): audit_request
        for audit_request in make.requests(audit)
    }
    make.returned(
        by_place["Child 1", "Health"],
        (
            *commented("supervision", "Discussed monthly."),
            *commented("strengths_or_concerns", "The father is hardly mentioned."),
        ),
    )
    make.returned(by_place["Child 1", "Police"], commented("supervision", "Nobody wrote it down.", "no"))
    make.returned(
        by_place["Child 2", "Health"], commented("strengths_or_concerns", "The child’s own words are there.")
    )
    make.returned(by_place["Child 2", "Police"])
    nil = make.returned(by_place["Child 1", "Youth"], commented("supervision", "Not ours."))
    nil.nil_reason = "not_known"
    make.draft(by_place["Child 2", "Youth"], commented("supervision", "Half a thought"))
    return audit
