"""Which families an agency can help to reach."""

from surveyapp.defining.question_kinds import GivenAnswer
from surveyapp.gathering.families.queries import offers_of_help
from tests.gathering.families.test_operations import added
from tests.row_maker import Maker


def test_offers_of_help_are_listed_until_the_family_has_a_talk(make: Maker) -> None:
    audit = make.audit(cases=2, agencies=2)
    answers = ("yes", "no", "yes", "not_appropriate")
    for audit_request, option in zip(make.requests(audit), answers, strict=True):
        make.returned(audit_request, (GivenAnswer("family_contact", option=option),))
    # Requests go by agency, then by case: both agencies offered help with the first child.
    assert [case.pseudonym for case, _agency in offers_of_help(audit)] == ["Child 1", "Child 1"]
    added(audit, state="offered", held_on=None)
    assert offers_of_help(audit) == []


def test_a_form_without_the_question_has_no_offers(make: Maker) -> None:
    audit = make.audit(cases=1, agencies=1)
    audit.form_definition = (
        '{"form":"own","title":"Own","source":"ours","themes":{"a":"A"},"questions":['
        '{"id":"other","number":3,"theme":"a","kind":"long_text","ask":"Anything?"}]}'
    )
    assert offers_of_help(audit) == []
