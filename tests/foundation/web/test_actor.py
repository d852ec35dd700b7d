"""Only a well-made Actor is a member of staff; `staff` itself is checked as the app starts."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from werkzeug.local import LocalProxy

from surveyapp.foundation.errors import CannotStart
from surveyapp.foundation.web.actor import STAFF_ROLES, Actor, actor_problem, checked_staff


@pytest.mark.parametrize(
    "actor",
    [
        None,
        Actor("7"),
        Actor("o’neill", frozenset({"administrator"})),
        Actor("Mo", frozenset(STAFF_ROLES)),
        LocalProxy(lambda: Actor("behind a proxy")),
    ],
)
def test_an_actor_or_none_has_no_problem(actor: object) -> None:
    assert actor_problem(actor) == ""


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (False, "something of type bool"),
        (True, "something of type bool"),
        ("", "something of type str"),
        ("ann@partnership.example", "something of type str"),
        ({}, "something of type dict"),
        (0, "something of type int"),
        (SimpleNamespace(name="Mo", roles=frozenset(), is_authenticated=False), "type SimpleNamespace"),
        (LocalProxy(lambda: None), "something of type LocalProxy"),
        (Actor(""), "name is empty"),
        (Actor(" \t"), "name is empty"),
        (Actor(7), "name is something of type int"),  # type: ignore[arg-type]
        (Actor(None), "name is something of type NoneType"),  # type: ignore[arg-type]
        (Actor("x" * 201), "longer than 200 characters"),
        (Actor("worker"), "keep for the program or for a contact"),
        (Actor(" Command "), "keep for the program or for a contact"),
        (Actor("grant 12"), "keep for the program or for a contact"),
        (Actor("Stranger"), "keep for the program or for a contact"),
        (Actor("ｗorker"), "keep for the program or for a contact"),
        (Actor("grant  １２"), "keep for the program or for a contact"),
        (Actor("\u200b"), "name is empty"),
        (Actor("worker\u200b"), "keep for the program or for a contact"),
        (Actor("worker\ufe0f"), "cannot be seen"),
        (Actor("Mo\u202e"), "cannot be seen"),
        (Actor("M\u200bo"), "cannot be seen"),
        (Actor("Mo\nAnn"), "cannot be seen"),
        (Actor("Mo\x00"), "cannot be seen"),
        (Actor("Mo\ud800"), "cannot be seen"),
        (
            Actor("Mo", frozenset({"administrator", "editor"})),
            "the role 'editor'; roles are business_manager",
        ),
        (Actor("Mo", "administrator"), "roles are something of type str"),  # type: ignore[arg-type]
        (Actor("Mo", frozenset("administrator")), "the role 'a'"),
        (Actor("Mo", ["administrator"]), "roles are something of type list"),  # type: ignore[arg-type]
        (Actor("Mo", {"administrator": True}), "roles are something of type dict"),  # type: ignore[arg-type]
        (Actor("Mo", {"administrator"}), "roles are something of type set"),  # type: ignore[arg-type]
        (Actor("Mo", None), "roles are something of type NoneType"),  # type: ignore[arg-type]
    ],
)
def test_any_other_answer_is_described_without_naming_the_person(answer: object, words: str) -> None:
    problem = actor_problem(answer)
    assert words in problem
    assert "ann@" not in problem


@pytest.mark.parametrize(
    ("staff", "words"),
    [
        (None, "needs staff=..."),
        (Actor("Mo"), "staff is something of type Actor"),
        (lambda _request: None, "without arguments"),
    ],
)
def test_a_missing_or_unfit_staff_is_refused_at_the_start_with_what_to_pass(staff: Any, words: str) -> None:
    with pytest.raises(CannotStart, match="a function without arguments that returns an Actor") as refused:
        checked_staff(staff)
    assert words in refused.value.message


@pytest.mark.parametrize("staff", [lambda: None, lambda _optional=None: None, dict])
def test_what_can_be_called_without_arguments_is_kept(staff: Callable[[], None]) -> None:
    assert checked_staff(staff) is staff
