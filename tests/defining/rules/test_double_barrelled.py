"""Questions that ask two things at once are noticed."""

import pytest

from surveyapp.defining.rules.double_barrelled import asks_two_things
from tests.defining.forms_at_hand import OURS, ours


@pytest.mark.parametrize(
    "wording",
    [
        "Are the child’s own views heard and recorded in your file?",
        "Was the plan read and understood?",
        "Did your agency see and speak with the child?",
        "Did your agency assess the risk and then share it?",
        "Has somebody been identified to explain the plan and feedback the child’s response?",
        "Was there a pre-birth plan, and did it hold?",
        "Was there a pre-birth plan and was it robust?",
        "Did your agency complete a checklist, and bring it up to date?",
        "Was the family told that the worry is neglect, and what it means for the child?",
        "Is the child registered with a GP, and up to date with immunisations?",
        "Did your agency change what it did? Say how, and whether it was watchful enough.",
        "WAS IT SEEN AND RECORDED",
    ],
)
def test_a_wording_that_asks_two_things_is_noticed(wording: str) -> None:
    assert asks_two_things(wording)


@pytest.mark.parametrize(
    "wording",
    [
        "Did your agency take part in the child protection conferences and core groups?",
        "Are tasks and dates clear?",
        "Does your file contain the previous plan and related recording?",
        "Who at your agency knows this child’s case and the family?",
        "Were police, health, and social care told?",
        "Did health and school support the child?",
        "Is there a plan for health and work?",
        "Was the child seen alone?",
        "Did your agency ask about home, school and friends?",
        "And?",
        "and",
        "",
    ],
)
def test_a_wording_that_asks_one_thing_is_left_alone(wording: str) -> None:
    assert not asks_two_things(wording)


def test_our_own_forms_ask_one_thing_at_a_time_but_for_what_was_printed_in_2014() -> None:
    two_things = {
        (path.stem, question.number)
        for path in sorted(OURS.glob("*.yaml"))
        for question in ours(path.stem).questions
        if asks_two_things(question.ask)
    }
    assert two_things == {("repeat_child_protection_plans_2014", number) for number in (7, 8)}
