"""The challenge of a page: kept in the signed cookie, good for ten minutes and for one answer."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

from flask import session as cookie

from surveyapp.foundation import clock
from surveyapp.standalone.passkeys.ceremonies import PasskeyRefused, new_challenge
from surveyapp.standalone.sign_in_limits import sign_in_limits

# Within the time for which the limits remember that a challenge was answered.
GOOD_FOR = timedelta(minutes=10)
_NAME = "staff_challenge"


def challenge_for_page() -> bytes:
    """A new challenge for the page that is shown."""
    challenge = new_challenge()
    cookie[_NAME] = [urlsafe_b64encode(challenge).decode(), int(clock.now().timestamp())]
    return challenge


def answered_challenge() -> bytes:
    """The challenge that the page answers, once. Raises PasskeyRefused if there is none any more."""
    stored = cookie.pop(_NAME, None)
    if not isinstance(stored, list):
        raise PasskeyRefused
    encoded, at = stored
    is_old = clock.now() - datetime.fromtimestamp(at, UTC) > GOOD_FOR
    # A copy of the cookie holds the challenge for longer than the browser does.
    if is_old or not sign_in_limits().is_first("challenge", encoded):
        raise PasskeyRefused
    return urlsafe_b64decode(encoded)
