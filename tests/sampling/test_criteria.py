"""The rules, each with the reason by which it leaves a child out."""

from datetime import date

import pytest

from surveyapp.planning.cases.ages import Age
from surveyapp.sampling.children import ListedChild
from surveyapp.sampling.criteria import Criteria

CHILD = ListedChild(Age(50), "female", "neglect", "child protection", date(2013, 6, 1), interval=36, plans=2)


@pytest.mark.parametrize(
    ("criteria", "reason"),
    [
        (Criteria(), ""),
        (Criteria(only_repeat=True, longest_interval=36), ""),
        (Criteria(longest_interval=35), "More than 2 years 11 months between the plans"),
        (Criteria(began_from=date(2013, 6, 1), began_until=date(2013, 6, 1)), ""),
        (Criteria(began_from=date(2013, 6, 2)), "Plan began outside the period"),
        (Criteria(began_until=date(2013, 5, 31)), "Plan began outside the period"),
        (Criteria(plans=("child in need",)), "Plan type not included"),
        (Criteria(categories=("emotional abuse",)), "Category not included"),
        (Criteria(plans=("child protection",), categories=("neglect", "other")), ""),
    ],
)
def test_each_rule_has_its_reason(criteria: Criteria, reason: str) -> None:
    assert criteria.exclusion(CHILD) == reason
    assert Criteria.from_stored(criteria.stored()) == criteria


def test_what_the_list_does_not_say_is_a_reason_of_its_own() -> None:
    child = ListedChild(Age(50))
    assert Criteria(only_repeat=True).exclusion(child) == "Not a repeat plan"
    assert Criteria(longest_interval=36).exclusion(child) == "Time between the plans not known"
    assert Criteria(began_from=date(2013, 1, 1)).exclusion(child) == "Day on which the plan began not known"


def test_the_rules_read_as_in_the_report() -> None:
    criteria = Criteria(
        only_repeat=True, longest_interval=36, began_from=date(2013, 1, 1), categories=("neglect", "other")
    )
    assert criteria.in_words() == (
        "The plan is a repeat plan",
        "An interval of 3 years or less between the plans",
        "The plan began on or after 1 January 2013",
        "Category: neglect and other",
        "Only one child of each sibling group",
    )
