"""How many other agencies stand behind a question’s figures."""

from surveyapp.collating.cases.agency_counts import other_agency_counts
from surveyapp.defining.question_kinds import GivenAnswer
from tests.row_maker import Maker


def test_other_agencies_count_where_their_answer_counts(make: Maker) -> None:
    agencies = [make.agency(kind=kind) for kind in ("police", "health", "education")]
    audit = make.audit(cases=2, agencies=agencies, form="neglect_2024")
    police, health, school = (
        [each for each in make.requests(audit) if each.agency_id == agency.id] for agency in agencies
    )
    followed = (
        GivenAnswer("missed_visits", option="yes"),
        GivenAnswer("missed_visits_followed_up", option="yes"),
    )
    for each in (*police, health[0]):
        make.returned(each, followed)
    # Asked no more once the answer before it changed; a comment alone is no answer; a nil return is none.
    make.returned(school[0], (GivenAnswer("missed_visits", option="no"), followed[1]))
    make.returned(health[1], (GivenAnswer("flag", item="comment", text="So."),))
    make.returned(school[1], (GivenAnswer("flag", option="yes"),)).nil_reason = "not_known"
    assert other_agency_counts(audit, agencies[0].id) == {"missed_visits": 2, "missed_visits_followed_up": 1}
