"""Notes on roles that several people of an agency have."""

from dataclasses import dataclass

import pytest

from surveyapp.agencies.role_notes import role_notes


@dataclass(frozen=True)
class Person:
    """A person with a role."""

    role: str
    name: str

    @property
    def email(self) -> str:
        """The address."""
        return f"{self.name.lower()}@police.example"


@pytest.mark.parametrize(
    ("roles", "notes"),
    [
        ("", []),
        ("lead deputy deputy escalation", []),
        ("deputy lead lead", ["Police has 2 leads: only B (b@police.example) is asked"]),
        (
            "escalation escalation escalation lead",
            ["Police has 3 escalation contacts: only A (a@police.example) gets copies"],
        ),
    ],
)
def test_of_several_with_one_role_the_one_who_fills_it_is_named(roles: str, notes: list[str]) -> None:
    people = [Person(role, name) for role, name in zip(roles.split(), "ABCD", strict=False)]
    assert list(role_notes("Police", people)) == notes
