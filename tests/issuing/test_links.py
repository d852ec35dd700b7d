"""A link opens one grant, and its token is found in text that mail programs have changed."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from surveyapp.foundation.store.keys import keys
from surveyapp.issuing.links import (
    ALPHABET,
    ID_LENGTH,
    TOKEN_LENGTH,
    LinkReplaced,
    LinkUnknown,
    draw_public_id,
    grant_for_token,
    link_for,
    link_token,
    token_in,
)
from tests.row_maker import Maker

KEY = bytes(range(32))
public_ids = st.text(ALPHABET, min_size=ID_LENGTH, max_size=ID_LENGTH)


@given(public_ids, st.integers(1, 10_000))
def test_a_token_is_fifty_small_letters_and_digits_and_begins_with_the_public_id(
    public_id: str, version: int
) -> None:
    token = link_token(public_id, version, KEY)
    assert len(token) == TOKEN_LENGTH
    assert set(token) <= set(ALPHABET)
    assert token.startswith(public_id)


@given(public_ids, st.integers(1, 100), st.binary(min_size=32, max_size=32))
def test_another_version_or_another_key_gives_another_token(public_id: str, version: int, key: bytes) -> None:
    token = link_token(public_id, version, KEY)
    assert link_token(public_id, version + 1, KEY) != token
    assert key == KEY or link_token(public_id, version, key) != token


@given(public_ids, st.sampled_from(["", ".", ",", ")", ">", "/.", " ", "\n", "?x=1"]))
def test_a_token_is_found_in_the_link_however_it_was_pasted(public_id: str, after: str) -> None:
    token = link_token(public_id, 1, KEY)
    begun, rest = f"https://audits.example/r/{token[:30]}", f"{token[30:]}/{after}"
    wrapped = f"{token[:30]}=\r\n{token[30:]}"
    rewritten = f"https://safe.example/?url=https%3A%2F%2Faudits.example%2Fr%2F{token}%2F&data=05"
    for text in (
        token,
        token.upper(),
        f"https://audits.example/r/{token}/{after}",
        f"<{token}{after}",
        f"HTTPS://AUDITS.EXAMPLE/R/{token.upper()}/{after}",
        wrapped,
        rewritten,
        *(
            f"{begun}{mark}{rest}"
            for mark in ("\n> ", "\r\n>> ", "\n> > > ", "> ", "\n| ", "\u00a0", "\u2028")
        ),
        *(f"> {begun}{mark}\n>{rest}" for mark in ("", "=", "\u00ad")),
        *(
            f"{begun}{mark}{rest}"
            for mark in (
                "\u00ad",
                "\u200b",
                "\u200c",
                "\u200d",
                "\u2060",
                "\ufeff",
                "\u034f",
                "\ufe0f",
                "%C2%AD",
            )
        ),
        "\u200b".join(f"https://audits.example/r/{token}/"),
    ):
        assert token_in(text) == token


@given(st.text())
@example("a" * 49)
@example("a" * 51)
@example("\0" * 50)
@example("a" * 24 + "0" * 26)
def test_any_text_gives_no_token_or_one_of_fifty_characters(text: str) -> None:
    assert len(token_in(text)) in {0, TOKEN_LENGTH}


def test_two_different_links_in_one_text_give_no_token() -> None:
    assert token_in(f"{'a' * 50} {'b' * 50}") == ""


def test_the_link_opens_its_grant_and_is_made_from_the_settings(make: Maker, app: Flask) -> None:
    grant = make.grants(make.audit())[0]
    with app.test_request_context("/", headers={"Host": "evil.example"}):
        link = link_for(grant)
    assert link.startswith("http://127.0.0.1:5000/r/")
    assert link.endswith("/")
    assert grant_for_token(link).id == grant.id


def test_a_link_stands_under_the_prefix_at_which_a_host_keeps_our_pages(
    make: Maker, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = make.grants(make.audit())[0]
    monkeypatch.setitem(app.extensions, "survey", _with(app.extensions["survey"], url_prefix="/audits"))
    assert link_for(grant).startswith("http://127.0.0.1:5000/audits/r/")


def test_an_old_key_of_the_ring_still_opens_and_a_key_taken_out_does_not(
    make: Maker, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = make.grants(make.audit())[0]
    link = link_for(grant)
    old, state = keys(), app.extensions["survey"]
    rotated = _with(old, link=(KEY, *old.link))
    monkeypatch.setitem(app.extensions, "survey", _with(state, keys=rotated))
    assert link_for(grant) != link
    assert grant_for_token(link).id == grant.id
    monkeypatch.setitem(app.extensions, "survey", _with(state, keys=_with(old, link=(KEY,))))
    with pytest.raises(LinkUnknown):
        grant_for_token(link)


def _with(value: Any, **changes: Any) -> Any:
    from dataclasses import replace  # noqa: PLC0415 — used here only

    return replace(value, **changes)


def test_guessed_altered_and_withdrawn_links_are_all_just_unknown(make: Maker, session: Session) -> None:
    one, other = make.grants(make.audit())
    token = token_in(link_for(one))
    last = "b" if token[30] == "a" else "a"
    guesses = [
        draw_public_id() + token[ID_LENGTH:],
        token[:30] + last + token[31:],
        token_in(link_for(other))[:ID_LENGTH] + token[ID_LENGTH:],
        link_token(one.public_id, 2, keys().link[0]),
        token + "a",
        token[:-1],
        "",
        "\0",
        "a" * 10_000,
    ]
    for guess in guesses:
        with pytest.raises(LinkUnknown):
            grant_for_token(guess)
    one.version = 2
    session.commit()
    with pytest.raises(LinkUnknown):
        grant_for_token(token)
    one.version, one.revoked_at = 1, one.issued_at
    session.commit()
    with pytest.raises(LinkUnknown):
        grant_for_token(token)


def test_the_database_stores_no_part_of_a_token_that_opens_anything(make: Maker, session: Session) -> None:
    grant = make.grants(make.audit())[0]
    mark = token_in(link_for(grant))[ID_LENGTH:]
    dump = "\n".join(
        str(tuple(row)) for row in session.connection().exec_driver_sql("SELECT * FROM survey_grant")
    )
    assert grant.public_id in dump
    assert mark not in dump


def test_the_link_of_a_contact_who_has_left_says_that_it_was_replaced_and_opens_nothing(
    make: Maker, session: Session
) -> None:
    grant = make.grants(make.audit())[0]
    link = link_for(grant)
    grant.contact.left_at = grant.issued_at
    session.commit()
    with pytest.raises(LinkReplaced) as replaced:
        grant_for_token(link)
    assert replaced.value.message == "This link has been replaced."
    # Another version of the link is unknown, as always.
    with pytest.raises(LinkUnknown) as unknown:
        grant_for_token(link_token(grant.public_id, 2, keys().link[0]))
    assert not isinstance(unknown.value, LinkReplaced)
    grant.contact.left_at = None
    session.commit()
    assert grant_for_token(link).id == grant.id
