"""Names that are nearly the same are found, and names that only look alike are not."""

import pytest

from surveyapp.agencies.directory_import.near_names import NearNames


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Northside Police", "North Side Police"),
        ("Northside Police", "Northside Polic"),
        ("Northside Police", "Northsides Police"),
        ("Northside Police", "The Northside Police Service"),
        ("St. Mary’s School", "Saint Mary's School"),
        ("Health & Care", "Health and Care"),
        ("Northside Police", "Northside Polise"),
    ],
)
def test_a_slip_makes_names_near(first: str, second: str) -> None:
    assert NearNames([second, "Another"]).near(first) == second
    assert NearNames([first, "Another"]).near(second) == first


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Northside Police", "northside  police"),
        ("School 1", "School 2"),
        ("School 1", "School 11"),
        ("Surgery A", "Surgery B"),
        ("Northside Police", "Northside Youth"),
        ("Northside Police", "Southside Police"),
        ("Northside Police", "Northside Police Youth"),
        ("", "A"),
    ],
)
def test_the_same_name_and_other_names_are_not_near(first: str, second: str) -> None:
    assert NearNames([second]).near(first) == ""
