"""A digest matches only its own texts, by any key of the ring."""

from dataclasses import replace

from flask import Flask

from surveyapp.foundation.store.digests import digest_of, is_digest_of


def test_a_digest_matches_only_its_own_texts(app: Flask) -> None:  # noqa: ARG001 — its keys
    digest = digest_of("Seen at home.", "")
    assert len(digest) == 64
    assert is_digest_of(digest, "Seen at home.", "")
    assert not is_digest_of(digest, "Seen at home")
    assert not is_digest_of(digest, "", "Seen at home.")
    assert digest_of("a", "bc") != digest_of("ab", "c")


def test_a_digest_matches_after_the_keys_were_rotated(app: Flask) -> None:
    before = digest_of("Seen at home.")
    state = app.extensions["survey"]
    rotated = replace(state.keys, link=(bytes(range(32)), *state.keys.link))
    app.extensions["survey"] = replace(state, keys=rotated)
    assert digest_of("Seen at home.") != before
    assert is_digest_of(before, "Seen at home.")
