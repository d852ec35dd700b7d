"""Keys of cookies and form tokens, which follow the key file while the app runs (promises 3.6, 3.9)."""

from hashlib import sha256

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from surveyapp.foundation.store.keys import Keys, derive_key, keys


class RotatingCookies(SecureCookieSessionInterface):
    """Signs the session’s cookie with the newest key in the key file, and takes those of every key in it.

    With `uses_ring` False, the app has a SECRET_KEY of its own, and only form tokens follow the key file.
    """

    # Flask’s own is SHA-1.
    digest_method = staticmethod(sha256)

    def __init__(self, *, uses_ring: bool) -> None:
        """Begin without keys."""
        self._uses_ring = uses_ring
        self._in_use: Keys | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer of this moment; Flask asks for it with every request, before anything reads a form."""
        self.use(app, keys())
        return super().get_signing_serializer(app)

    def use(self, app: Flask, current: Keys) -> None:
        """Set the keys of cookies and form tokens; nothing if they are in use."""
        if current is self._in_use:
            return
        if self._uses_ring:
            newest, *older = (derive_key(key, "surveyapp/cookie/v1") for key in current.secret)
            app.config.update(SECRET_KEY=newest, SECRET_KEY_FALLBACKS=older)
        # A ring of their own: with another SECRET_KEY, no open form breaks. The last key signs.
        app.config["WTF_CSRF_SECRET_KEY"] = [
            derive_key(key, "surveyapp/csrf/v1") for key in reversed(current.link)
        ]
        self._in_use = current
