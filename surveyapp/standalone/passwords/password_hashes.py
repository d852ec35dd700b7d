"""Passwords hashed with argon2, two at a time: each takes a tenth of a second and 64 MB."""

import re
import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.normal_form import normal_form

# ASVS 5.0 6.2.1 requires 8 characters and advises 15; we require 12 and advise 15.
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000
# zxcvbn's scores are 0 to 4; from 3 a password takes more than 100 million guesses.
LEAST_SCORE = 3
LONGEST_JUDGED = 64
_WORDS_OF_OURS = ("safeguarding children partnership case audit surveyapp",)
# Control characters, and halves of characters.
_UNTYPED = {"Cc", "Cs"}
_WORD = re.compile(r"\w{4,}")
HASHES_AT_ONCE = 2
# How many may wait for one of the two: the server's other threads stay free for everybody else. People on a
# device that they have signed in on have a place of their own, which strangers cannot take.
MOST_WAITING = 2

_hasher = PasswordHasher()
# Whoever hashes holds one of the turns.
hashing_turn = BoundedSemaphore(HASHES_AT_ONCE)
_places_of_strangers = BoundedSemaphore(HASHES_AT_ONCE + MOST_WAITING)
_places_of_known_devices = BoundedSemaphore(HASHES_AT_ONCE)


class TooManyAtOnce(Exception):
    """So many passwords are being checked at this moment that one more would keep others waiting."""


def hash_password(password: str, *, known: Sequence[str] = ()) -> str:
    """Hash a password.

    `known` is what others know of the person, such as their name and address. Raises SurveyError for a
    password that is too short or too long, holds characters that no keyboard types, or is among the first to
    be guessed.
    """
    if _UNTYPED & {unicodedata.category(character) for character in password}:
        raise SurveyError("A password has no tabs, line ends or other control characters.")
    if len(password) > LONGEST_PASSWORD:
        raise SurveyError(f"A password has {LONGEST_PASSWORD} characters at most.")
    if len(password) < SHORTEST_PASSWORD:
        raise SurveyError(f"A password has {SHORTEST_PASSWORD} characters or more; 15 and more are advised.")
    if _is_easily_guessed(password, known):
        raise SurveyError(
            "This password is easy to guess. Take three words that have nothing to do with each other."
        )
    with hashing_turn:
        return _hasher.hash(_from_any_keyboard(password))


def is_password_right(password_hash: str | None, password: str, *, on_known_device: bool) -> bool:
    """Whether a password matches its hash.

    None, for an account that does not exist, and an empty hash, for one without a password, take as long.

    Raises TooManyAtOnce without checking.
    """
    stored = password_hash or _hash_of_nobody()
    with place_in_queue(on_known_device=on_known_device), hashing_turn:
        try:
            is_match = _hasher.verify(stored, _from_any_keyboard(password))
        except (VerificationError, InvalidHashError):
            return False
    return is_match and bool(password_hash)


def _from_any_keyboard(password: str) -> str:
    """A password in the form NFC, and nothing else changed.

    A telephone and a computer may send the same “é” as one character or as two (NIST SP 800-63B-4, 3.1.1.2).
    """
    return normal_form("NFC", password)


def _is_easily_guessed(password: str, known: Sequence[str]) -> bool:
    """Whether common passwords, words, names, dates, rows of keys and what is known lead to a password."""
    from zxcvbn import zxcvbn

    texts = [
        part for text in (*known, *_WORDS_OF_OURS) for part in (text.lower(), text.lower().partition("@")[0])
    ]
    # Each word, and all of a text without what divides it: “bofinch”.
    words = [word for text in texts for word in (*_WORD.findall(text), "".join(filter(str.isalnum, text)))]
    # What takes ever longer to judge is long enough.
    judged: int = zxcvbn(password[:LONGEST_JUDGED], user_inputs=words)["score"]
    return judged < LEAST_SCORE


@contextmanager
def place_in_queue(*, on_known_device: bool) -> Iterator[None]:
    """Hold one of the places of those who hash or wait for their turn. Raises TooManyAtOnce."""
    places = _places_of_known_devices if on_known_device else _places_of_strangers
    if not places.acquire(blocking=False):
        raise TooManyAtOnce
    try:
        yield
    finally:
        places.release()


def _hash_of_nobody() -> str:
    """A hash that no password is known to have, with the costs of every other one.

    Nothing is hashed for it: the first eight strangers of a flood each made one, outside the queue, and took
    500 MB at once.
    """
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (_hasher.salt_len, _hasher.hash_len)
    )
    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"
