"""Names of people that emails may hold."""

import pytest

from surveyapp.foundation.words.person_names import name_in_greeting, person_name_problem


@pytest.mark.parametrize(
    "name", ["Pat Lowe", "Dr. W. W. O’Neill", "Audit lead/deputy", "Www Lee", "日本 太郎"]
)
def test_a_name_of_a_person_or_a_post_has_no_problem(name: str) -> None:
    assert person_name_problem(name) == ""
    assert name_in_greeting(name) == name


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("Click http://evil.example/win now", "://"),
        ("HTTPS://EVIL.EXAMPLE", "://"),
        ("Pat WWW.evil.example", "www."),
        ("pat@evil.example", "@"),
        ("pat＠evil.example", "@"),
        ("http\u200b:\u200b//evil.example", "://"),
    ],
)
def test_a_name_with_an_address_is_refused_with_what_to_leave_out(name: str, mark: str) -> None:
    assert person_name_problem(name) == (
        f"Leave “{mark}” out of the name: the name goes into emails, which would make a link of it"
    )
    assert name_in_greeting(name) == ""
