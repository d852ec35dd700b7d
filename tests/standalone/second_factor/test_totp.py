"""Codes of an authenticator app, against the numbers of RFC 6238."""

from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pytest

from surveyapp.standalone.second_factor.totp import key_address, new_key, step_of_code

# Appendix B of RFC 6238, whose codes have eight digits: ours are their last six.
KEY = b32encode(b"12345678901234567890").decode()
PUBLISHED = {1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}


@pytest.mark.parametrize(("seconds", "code"), PUBLISHED.items())
def test_the_published_codes_are_right_half_a_minute_early_or_late_and_once(seconds: int, code: str) -> None:
    now, step = datetime.fromtimestamp(seconds, UTC), seconds // 30
    for late in (-30, 0, 30):
        assert step_of_code(KEY, code, after=0, now=now + timedelta(seconds=late)) == step
    for late in (-60, 60):
        assert step_of_code(KEY, code, after=0, now=now + timedelta(seconds=late)) == 0
    assert step_of_code(KEY, code, after=step, now=now) == 0


@pytest.mark.parametrize("code", ["", "28708", "2870823", "000000", "２８７０８２"])
def test_any_other_code_is_wrong(code: str) -> None:
    assert step_of_code(KEY, code, after=0, now=datetime.fromtimestamp(59, UTC)) == 0


def test_a_key_is_new_each_time_and_as_long_as_the_hash() -> None:
    assert len({new_key() for _ in range(5)}) == 5
    assert len(new_key()) == 32
    address = key_address(KEY, account="bo@partnership.example", issuer="Wrenford Partnership")
    assert address.startswith("otpauth://totp/Wrenford%20Partnership:bo%40partnership.example?")
    assert f"secret={KEY}" in address
