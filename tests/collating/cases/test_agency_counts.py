"""How many other agencies count in a question’s figures."""

from surveyapp.collating.cases.agency_counts import other_agency_counts
from surveyapp.defining.question_kinds import GivenAnswer
from tests.row_maker import Maker


def test_other_agencies_count_where_their_answers_count_in_the_figures(make: Maker) -> None:
    agencies = [make.agency(kind=kind) for kind in ("police", "health", "school")]
    audit = make.audit(cases=2, agencies=agencies, form="neglect_2024")
    police, health, school = (
        [audit_request for audit_request in make.requests(audit) if audit_request.agency_id == agency.id]
        for agency in agencies
    )
    followed = (
        GivenAnswer("domestic_abuse", option="yes"),
        GivenAnswer("domestic_abuse_effect", option="yes"),
    )
    for audit_request in (*police, health[0]):
        make.returned(audit_request, followed)
    # These do not count: an answer whose gate has changed, a comment alone, and a nil return.
    make.returned(school[0], (GivenAnswer("domestic_abuse", option="no"), followed[1]))
    make.returned(health[1], (GivenAnswer("flag", item="comment", text="So."),))
    make.returned(school[1], (GivenAnswer("flag", option="yes"),)).nil_reason = "not_known"
    assert other_agency_counts(audit, agencies[0].id) == {"domestic_abuse": 2, "domestic_abuse_effect": 1}
