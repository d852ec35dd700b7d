"""An audit of which four returns say something, two of them twice."""

import pytest

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.planning.models import Audit
from tests.row_maker import Maker

MANAGER = "staff 1"


def commented(question: str, text: str, option: str = "yes") -> tuple[GivenAnswer, ...]:
    """An answer with a comment."""
    return GivenAnswer(question, option=option), GivenAnswer(question, item="comment", text=text)


@pytest.fixture
def said(make: Maker) -> Audit:
    """Two cases and three agencies; five returned, one of them nil, and one request is outstanding.

    In order: 1 and 2 to supervision (Health, Police), 3 and 4 to strengths_or_concerns (Health, of Child 1
    and of Child 2). What the nil return and the draft say is nobody's comment.
    """
    agencies = [make.agency(name, kind=kind) for name, kind in (("Health", "health"), ("Police", "police"))]
    audit = make.audit(cases=2, agencies=[*agencies, make.agency("Youth", kind="youth")], title="Voices")
    by_place = {(each.case.pseudonym, each.agency.name): each for each in make.requests(audit)}
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
