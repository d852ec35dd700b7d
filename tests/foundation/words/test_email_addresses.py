"""Which texts are email addresses, and what is said about those that are not."""

import pytest

from surveyapp.foundation.words.email_addresses import (
    address_problem,
    clean_address,
    is_address,
    unlisted_domain,
)


def test_an_address_pasted_with_invisible_characters_is_the_address() -> None:
    assert clean_address(" \u200baudit@police.example\ufeff ") == "audit@police.example"


@pytest.mark.parametrize(
    "typed",
    [
        "audit@police.example",
        "o.neil+audit@nhs.net",
        "siobhan.o'neill@kent.gov.example",
        "a@b.c.d.example",
        "A.Lead@Police.Example",
        "7@9lives.example",
        "audit-team_2@north-east.nhs.uk",
        "a@xn--mnchen-3ya.example",
        "lead@police.xn--p1ai",
        "!#$%&'*+/?=^_`{|}~-@agency.example",
        "x" * 64 + "@police.example",
        "a@" + "b" * 63 + ".example",
    ],
)
def test_valid_addresses_are_accepted(typed: str) -> None:
    assert is_address(typed)


REFUSED = {
    "": "Enter an email address, like name@agency.example",
    "audit": "“audit” is not an email address. Enter one, like name@agency.example",
    "audit@": "“audit@” is not an email address. Enter one, like name@agency.example",
    "@police.example": "“@police.example” is not an email address. Enter one, like name@agency.example",
    "a@b": "“a@b” is not an email address. Enter one, like name@agency.example",
    "a@b.c": "“a@b.c” is not an email address. Enter one, like name@agency.example",
    "a@police..example": "“a@police..example” has two dots side by side: check it",
    "a b@police.example": "“a b@police.example” has a space in it: check it",
    "a@b.example,c@d.example": (
        "“a@b.example,c@d.example” holds more than one email address. Enter one, like name@agency.example"
    ),
    "s.o’neill@kent.example": "“s.o’neill@kent.example” has a curly apostrophe: write s.o'neill@kent.example",
    "s.o‘neill@kent.example": "“s.o‘neill@kent.example” has a curly apostrophe: write s.o'neill@kent.example",
    "MailTo:lead@kent.example": "“MailTo:lead@kent.example” begins with “mailto:”: write lead@kent.example",
    "mailto:lead@kent.example?subject=Audit": (
        "“mailto:lead@kent.example?subject=Audit” begins with “mailto:”: write lead@kent.example"
    ),
    "<lead@kent.example>": "“<lead@kent.example>” stands between < and >: write lead@kent.example",
    "<mailto:s.o’neill@kent.example>": (
        "“<mailto:s.o’neill@kent.example>” stands between < and > and begins with “mailto:” and has a curly "
        "apostrophe: write s.o'neill@kent.example"
    ),
    "lead@kent.example.": "“lead@kent.example.” ends with a punctuation mark: write lead@kent.example",
    "lead@kent.example;": "“lead@kent.example;” ends with a punctuation mark: write lead@kent.example",
    "zoë@kent.example": "“zoë@kent.example” has “ë” in it, which mail servers do not take: check it",
    "lead@zoë.example": "“lead@zoë.example” has “ë” in it, which mail servers do not take: check it",
    "lead@poliſe.example": "“lead@poliſe.example” has “ſ” in it, which mail servers do not take: check it",
    "two..dots@kent.example": "“two..dots@kent.example” has two dots side by side: check it",
    ".first@kent.example": (
        "“.first@kent.example” has a dot at the beginning or the end of the part before the @: check it"
    ),
    "last.@kent.example": (
        "“last.@kent.example” has a dot at the beginning or the end of the part before the @: check it"
    ),
    "tel:1@kent.example": (
        "“tel:1@kent.example” has “:” before the @, which mail servers do not take: check it"
    ),
    "=?utf-8?q?a?=@kent.example": (
        "“=?utf-8?q?a?=@kent.example” has “=?” before the @, which mail servers do not take: check it"
    ),
    "lead@kent.456": "“lead@kent.456” ends in “.456”, and no email address ends in a number: check it",
    "lead@192.0.2.7": "“lead@192.0.2.7” ends in “.7”, and no email address ends in a number: check it",
    "lead@kent.example-": (
        "“lead@kent.example-” has a hyphen at the beginning or the end of a part after the @: check it"
    ),
    "lead@-kent.example": (
        "“lead@-kent.example” has a hyphen at the beginning or the end of a part after the @: check it"
    ),
    "x" * 65 + "@kent.example": (
        "“" + "x" * 65 + "@kent.example” has 65 characters before the @, which may be at most 64: check it"
    ),
    "a@" + "b" * 64 + ".example": (
        "“a@" + "b" * 64 + ".example” is not an email address. Enter one, like name@agency.example"
    ),
    "x" * 250 + "@police.example": (
        "“" + "x" * 100 + "…” has 265 characters, and an email address at most 254"
    ),
    "a@b.example\nBcc: x@y.example": (
        "“a@b.example\nBcc: x@y.example” holds more than one email address. "
        "Enter one, like name@agency.example"
    ),
}


@pytest.mark.parametrize("typed", REFUSED)
def test_anything_but_one_address_is_refused_with_what_is_wrong(typed: str) -> None:
    assert not is_address(typed)
    assert address_problem(typed) == REFUSED[typed]


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("pat@police.uk", ""),
        ("pat@Kent.Police.UK", ""),
        ("pat@mypolice.uk", "mypolice.uk"),
        ("pat@police.uk.example", "police.uk.example"),
        ("pat@gmail.example", "gmail.example"),
    ],
)
def test_a_listed_domain_includes_those_below_it(address: str, outside: str) -> None:
    assert unlisted_domain(address, ("police.uk", "nhs.net")) == outside
    assert unlisted_domain(address, ()) == "", "Without a list nobody is warned."
