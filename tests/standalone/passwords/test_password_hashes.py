"""At most two passwords are hashed at a time, and strangers keep nobody on a known device from their turn."""

import subprocess
import sys
import threading
from contextlib import ExitStack
from hashlib import sha512
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from surveyapp.foundation.errors import SurveyError
from surveyapp.standalone.passwords.password_hashes import (
    HASHES_AT_ONCE,
    MOST_WAITING,
    TooManyAtOnce,
    hash_password,
    hashing_turn,
    is_password_right,
    place_in_queue,
)

PASSWORD = "fifteen and more"  # noqa: S105 — of a test
STORED = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


def test_a_password_is_right_only_for_its_own_hash() -> None:
    assert is_password_right(STORED, PASSWORD, on_known_device=False)
    assert not is_password_right(STORED, "another password", on_known_device=True)


@pytest.mark.parametrize("nothing", [None, "", "no hash"])
def test_without_a_hash_no_password_is_right(nothing: str | None) -> None:
    for password in (PASSWORD, "nobody has this password", ""):
        assert not is_password_right(nothing, password, on_known_device=False)


@pytest.mark.parametrize(
    ("password", "known", "sentence"),
    [
        ("elevenchars", (), "12 characters or more"),
        ("passwordpassword", (), "easy to guess"),
        ("letmein12345", (), "easy to guess"),
        ("qwertyuiop123", (), "easy to guess"),
        ("safeguarding1", (), "easy to guess"),
        ("boadiceafinch", ("Boadicea Finch", "bo@partnership.example"), "easy to guess"),
        ("boadiceafinch", ("x", "boadicea.finch@partnership.example"), "easy to guess"),
        ("fifteen\tand more", (), "no tabs, line ends or other control characters"),
        ("fifteen and more\x07", (), "no tabs, line ends or other control characters"),
        ("fifteen and more\udcff", (), "no tabs, line ends or other control characters"),
        ("three words " * 100, (), "1000 characters at most"),
    ],
)
def test_a_password_that_is_among_the_first_guesses_is_refused(
    password: str, known: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(SurveyError, match=sentence):
        hash_password(password, known=known)


@pytest.mark.slow
@pytest.mark.parametrize(
    "password", [PASSWORD, "boadicea-finch", sha512(b"").hexdigest() * 7, "пароль из трёх слов"]
)
def test_any_other_password_is_taken_whatever_its_length_and_letters(password: str) -> None:
    assert is_password_right(hash_password(password), password, on_known_device=False)


def test_a_password_is_checked_as_typed_but_for_how_a_keyboard_writes_its_accents() -> None:
    composed, decomposed = "caf\u00e9 au lait, 3 cups", "cafe\u0301 au lait, 3 cups"
    stored = hash_password(decomposed)
    for right in (composed, decomposed):
        assert is_password_right(stored, right, on_known_device=True)
    for wrong in (f"{composed}\x07", f" {composed}", f"{composed} ", composed.upper(), f"{composed}\u202a"):
        assert not is_password_right(stored, wrong, on_known_device=True)


def test_a_third_password_waits_until_one_of_two_is_done() -> None:
    results: list[object] = []
    with ExitStack() as turns:
        for _ in range(HASHES_AT_ONCE):
            turns.enter_context(hashing_turn)
        waiting = [
            threading.Thread(target=lambda: results.append(hash_password(PASSWORD))),
            *(
                threading.Thread(
                    target=lambda known=known: results.append(
                        is_password_right(STORED, PASSWORD, on_known_device=known)
                    )
                )
                for known in (True, False)
            ),
        ]
        for thread in waiting:
            thread.start()
        waiting[0].join(0.1)
        assert results == []
    for thread in waiting:
        thread.join(60)
    assert len(results) == len(waiting)


def test_when_enough_strangers_wait_the_next_is_refused_and_a_known_device_is_not() -> None:
    with ExitStack() as places:
        for _ in range(HASHES_AT_ONCE + MOST_WAITING):
            places.enter_context(place_in_queue(on_known_device=False))
        with pytest.raises(TooManyAtOnce):
            is_password_right(STORED, PASSWORD, on_known_device=False)
        assert is_password_right(STORED, PASSWORD, on_known_device=True)
    assert is_password_right(STORED, PASSWORD, on_known_device=False)


FLOOD = """
import re
import threading
from contextlib import suppress
from pathlib import Path
from surveyapp.standalone.passwords.password_hashes import TooManyAtOnce, is_password_right

def most_memory():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024

at_once = threading.Barrier(8)
def tries():
    at_once.wait()
    for _ in range(3):
        with suppress(TooManyAtOnce):
            assert not is_password_right(None, "a password of nobody", on_known_device=False)
before = most_memory()
threads = [threading.Thread(target=tries) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(most_memory() - before)
"""


def test_the_first_strangers_of_a_flood_take_the_memory_of_two_passwords() -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("There is no /proc/self/status here.")
    flooded = subprocess.run([sys.executable, "-c", FLOOD], check=True, capture_output=True, text=True)
    # In megabytes: twice 64, and what threads and argon2 itself take.
    assert int(flooded.stdout) < 2 * 64 + 40
