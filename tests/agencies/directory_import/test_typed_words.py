"""Kinds and roles are read as offices write them."""

import pytest

from surveyapp.agencies.directory_import.typed_words import kind_in_name, read_kind, read_role


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("social_care", "social_care"),
        ("Children's Social Care", "social_care"),
        ("CHILDREN’S SOCIAL CARE", "social_care"),
        ("GP", "gp"),
        ("School", "school"),
        ("YOT", "youth"),
        ("Zoo", None),
    ],
)
def test_a_kind_is_read_by_its_usual_words(typed: str, kind: str | None) -> None:
    assert read_kind(typed) == kind


@pytest.mark.parametrize(
    ("typed", "role"),
    [("Lead", "lead"), ("Agency audit lead", "lead"), ("Deputy", "deputy"), ("Escalation", "escalation")],
)
def test_a_role_is_read_by_its_usual_words(typed: str, role: str) -> None:
    assert read_role(typed) == role
    assert read_role("Sergeant") is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Northside Police", "police"),
        ("Hill Lane Surgery", "gp"),
        ("Rainbow Nursery School", "nursery"),
        ("St Mary’s C of E Primary", "school"),
        ("Wrenford Children’s Services", "social_care"),
        ("Northside Community NHS Trust", "health"),
        ("The Beacon", ""),
    ],
)
def test_a_name_suggests_the_kind(name: str, kind: str) -> None:
    assert kind_in_name(name) == kind
