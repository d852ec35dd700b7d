from base64 import urlsafe_b64encode
from os import urandom

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.foundation.store.text_cipher import KEY_BYTES, TextCipher, UnknownKey, UnreadableText

NEWEST, OLDER, FOREIGN = (urandom(KEY_BYTES) for _ in range(3))
PLACE, ELSEWHERE = "survey_quote.printed", "survey_quote.original"
CIPHER = TextCipher((NEWEST, OLDER))


@given(st.text())
def test_a_text_comes_back_as_it_was_and_is_33_bytes_longer(text: str) -> None:
    stored = CIPHER.encrypt(text, PLACE)
    assert CIPHER.decrypt(stored, PLACE) == text
    assert len(stored) == len(text.encode()) + 33


def test_a_text_does_not_open_in_another_place() -> None:
    stored = CIPHER.encrypt("Seen weekly.", PLACE)
    with pytest.raises(UnreadableText):
        CIPHER.decrypt(stored, ELSEWHERE)


def test_a_text_of_which_any_byte_was_changed_or_cut_does_not_open() -> None:
    stored = CIPHER.encrypt("Seen.", PLACE)
    changed = [bytes((*stored[:n], stored[n] ^ 1, *stored[n + 1 :])) for n in range(len(stored))]
    for spoilt in (*changed, *(stored[:n] for n in range(len(stored))), stored + b"\0"):
        with pytest.raises(UnreadableText):
            CIPHER.decrypt(spoilt, PLACE)


def test_a_text_named_after_another_key_of_the_ring_does_not_open() -> None:
    stored = CIPHER.encrypt("Seen.", PLACE)
    older = TextCipher((OLDER,)).newest_prefix
    with pytest.raises(UnreadableText):
        CIPHER.decrypt(older + stored[len(older) :], PLACE)


def test_a_token_from_before_texts_were_bound_does_not_open() -> None:
    token = Fernet(urlsafe_b64encode(NEWEST)).encrypt(b"Seen weekly.")
    with pytest.raises(UnreadableText):
        CIPHER.decrypt(token, PLACE)


def test_a_text_of_a_key_outside_the_ring_is_told_from_a_text_that_was_changed() -> None:
    with pytest.raises(UnknownKey):
        CIPHER.decrypt(TextCipher((FOREIGN,)).encrypt("Seen.", PLACE), PLACE)


def test_the_newest_key_encrypts_and_every_key_decrypts() -> None:
    stored = TextCipher((OLDER,)).encrypt("Seen in May.", PLACE)
    assert CIPHER.decrypt(stored, PLACE) == "Seen in May."
    assert CIPHER.encrypt("Seen in June.", PLACE).startswith(CIPHER.newest_prefix)
    assert not stored.startswith(CIPHER.newest_prefix)
    assert TextCipher((NEWEST,)).decrypt(CIPHER.encrypt("Seen in July.", PLACE), PLACE) == "Seen in July."


def test_one_text_encrypted_twice_gives_nothing_in_common_behind_the_name_of_the_key() -> None:
    first, second = (CIPHER.encrypt("Seen weekly.", PLACE) for _ in range(2))
    begin = len(CIPHER.newest_prefix)
    assert first[:begin] == second[:begin]
    assert first[begin:] != second[begin:]
