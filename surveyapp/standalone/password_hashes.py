"""Passwords hashed with argon2, two at a time: each takes a tenth of a second and 64 MB."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from surveyapp.foundation.errors import SurveyError

# ASVS 5.0 6.2.1 requires 8 characters and advises 15; we require 12 and advise 15.
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000
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


def hash_password(password: str) -> str:
    """Hash a password. Raises SurveyError for one that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise SurveyError(f"A password has {SHORTEST_PASSWORD} characters or more; 15 and more are advised.")
    with hashing_turn:
        return _hasher.hash(password)


def is_password_right(password_hash: str | None, password: str, *, on_known_device: bool) -> bool:
    """Whether a password matches its hash; None, for an account that does not exist, takes as long.

    Raises TooManyAtOnce without checking.
    """
    stored = _placeholder_hash() if password_hash is None else password_hash
    with place_in_queue(on_known_device=on_known_device), hashing_turn:
        try:
            is_match = _hasher.verify(stored, password[:LONGEST_PASSWORD])
        except (VerificationError, InvalidHashError):
            return False
    return is_match and password_hash is not None


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


@cache
def _placeholder_hash() -> str:
    return _hasher.hash("nobody has this password")
