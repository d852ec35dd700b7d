"""The limit on attempts to sign in: ten in a quarter of an hour for each address, by the package limits."""

from flask import Flask, current_app
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

SIGN_IN_RATE_LIMIT = RateLimitItemPerMinute(10, 15)
_SCOPE = "sign-in"


class SignInLimit:
    """The attempts to sign in to one app, counted in its memory, or in a store that its processes share."""

    def __init__(self, storage_uri: str) -> None:
        """`storage_uri` is an address as the package limits writes them, such as "memory://"."""
        self._storage = storage_from_string(storage_uri)
        self._attempts = FixedWindowRateLimiter(self._storage)

    def allows_attempt(self, address: str) -> bool:
        """Count an attempt; False if there have been too many."""
        return self._attempts.hit(SIGN_IN_RATE_LIMIT, _SCOPE, address)

    def forget(self, address: str) -> None:
        """Forget the attempts with an address, which has signed in."""
        self._attempts.clear(SIGN_IN_RATE_LIMIT, _SCOPE, address)

    def forget_all(self) -> None:
        """Forget every attempt."""
        self._storage.reset()


def set_up_sign_in_limit(app: Flask) -> None:
    """Give an app its count of attempts."""
    app.extensions["survey_sign_in_limit"] = SignInLimit(app.config.get("RATELIMIT_STORAGE_URI", "memory://"))


def sign_in_limit() -> SignInLimit:
    """The count of attempts of the app under way."""
    limit: SignInLimit = current_app.extensions["survey_sign_in_limit"]
    return limit
