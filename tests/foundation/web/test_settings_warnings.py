"""Unsafe settings of a host are warned of by name; safe ones are not."""

from typing import Any

import pytest

from surveyapp.foundation.web.settings_warnings import is_weak_secret, settings_warnings

SAFE: dict[str, Any] = {
    "SECRET_KEY": "f3cfe9ed8fae309f02079dbf",
    "MAX_CONTENT_LENGTH": 16_000_000,
    "TRUSTED_HOSTS": ["audits.partnership.example"],
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
}
SERVED = "https://audits.partnership.example"


def test_a_safe_configuration_gives_no_warning() -> None:
    assert settings_warnings(SAFE, public_base_url=SERVED) == ()
    assert settings_warnings(SAFE | {"WTF_CSRF_ENABLED": True}, public_base_url=SERVED) == ()


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("SECRET_KEY", None, "is not set"),
        ("SECRET_KEY", "dev", "short or well known"),
        ("SECRET_KEY", b"dev", "short or well known"),
        ("SECRET_KEY", "a" * 64, "short or well known"),
        ("SECRET_KEY", "you-will-never-guess", "short or well known"),
        ("MAX_CONTENT_LENGTH", None, "is not set"),
        ("TRUSTED_HOSTS", None, "is not set"),
        ("TRUSTED_HOSTS", [], "is not set"),
        ("SESSION_COOKIE_SECURE", False, "is off"),
        ("SESSION_COOKIE_SAMESITE", None, "is not set"),
        ("SESSION_COOKIE_SAMESITE", "None", "is not set"),
        ("SESSION_COOKIE_HTTPONLY", False, "is off"),
        ("WTF_CSRF_ENABLED", False, "is off"),
    ],
)
def test_each_unsafe_setting_is_warned_of_by_its_name(setting: str, value: object, words: str) -> None:
    (warning,) = settings_warnings(SAFE | {setting: value}, public_base_url=SERVED)
    assert warning.startswith(f"{setting} ")
    assert words in warning


def test_an_old_weak_key_among_the_fallbacks_is_warned_of() -> None:
    weak = SAFE | {"SECRET_KEY_FALLBACKS": ["f3cfe9ed8fae309f02079dbe", "dev"]}
    (warning,) = settings_warnings(weak, public_base_url=SERVED)
    assert "SECRET_KEY_FALLBACKS" in warning


def test_a_cookie_needs_no_https_on_ones_own_machine() -> None:
    for own in ("http://127.0.0.1:5000", "http://localhost", "http://[::1]:5000"):
        assert settings_warnings(SAFE | {"SESSION_COOKIE_SECURE": False}, public_base_url=own) == ()


@pytest.mark.parametrize(
    "secret",
    [
        "changeme-changeme-changeme",
        "CHANGE_ME_IN_PRODUCTION",
        "super-secret-key-123",
        "your_secret_key_here",
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
        b'_5#y2L"F4Q8z\n\xec]/',
    ],
)
def test_secrets_of_tutorials_are_weak(secret: str | bytes) -> None:
    assert is_weak_secret(secret)


@pytest.mark.parametrize(
    "secret", ["f3cfe9ed8fae309f02079dbf", "correct horse battery staple", bytes(range(32))]
)
def test_random_and_long_secrets_are_not_weak(secret: str | bytes) -> None:
    assert not is_weak_secret(secret)
