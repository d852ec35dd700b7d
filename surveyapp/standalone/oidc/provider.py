"""The organisation’s identity provider, as the settings OIDC_… name it, and what it says of a person."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, url_for

from surveyapp.foundation.errors import CannotStart, SurveyError
from surveyapp.foundation.loopback import is_loopback
from surveyapp.issuing.links import absolute_url

if TYPE_CHECKING:
    from authlib.integrations.flask_client import FlaskOAuth2App

_EXTENSION = "survey_oidc"
# In seconds; somebody waits for the page.
_TIMEOUT = 10


class IdentityRefused(SurveyError):
    """The provider, or what came back from it, signs nobody in; `why` is for the log and names nobody."""

    def __init__(self, why: str) -> None:
        """Keep the reason; the message is the same for all."""
        super().__init__("That account signs nobody in here. Ask whoever administers accounts to invite you.")
        self.why = why


@dataclass(frozen=True)
class Identity:
    """Whom the provider has signed in: its own unchanging name for them, and their verified address."""

    subject: str
    email: str


def set_up_provider(app: Flask) -> None:
    """Prepare an app for its identity provider, if OIDC_ISSUER names one.

    Raises CannotStart if another setting or the package is missing, or the provider would be asked in clear.
    """
    issuer = str(app.config.get("OIDC_ISSUER") or "").rstrip("/")
    if not issuer:
        return
    if not app.config.get("OIDC_CLIENT_ID") or not app.config.get("OIDC_CLIENT_SECRET"):
        raise CannotStart("OIDC_ISSUER is set: set OIDC_CLIENT_ID and OIDC_CLIENT_SECRET too.")
    if not _is_safe(issuer):
        raise CannotStart("OIDC_ISSUER begins with https://.")
    if find_spec("authlib") is None:
        raise CannotStart("OIDC_ISSUER needs a package more: pip install surveyapp[oidc].")
    app.extensions[_EXTENSION] = issuer


def _is_safe(issuer: str) -> bool:
    parts = urlsplit(issuer)
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))


def has_provider() -> bool:
    """Whether this app has an identity provider."""
    return _EXTENSION in current_app.extensions


def address_at_provider() -> str:
    """Where the provider signs people in; a state, a nonce and a PKCE challenge are kept in the cookie.

    Raises IdentityRefused if the provider does not answer, or not as the one that the settings name.
    """
    import requests
    from authlib.integrations.base_client import OAuthError

    client = _client()
    try:
        _issuer(client)
        answer: Response = client.authorize_redirect(
            absolute_url(url_for("oidc.come_back")), code_challenge_method="S256"
        )
    except (requests.RequestException, OAuthError, ValueError, KeyError, RuntimeError):
        raise IdentityRefused("the provider does not answer") from None
    return answer.headers["Location"]


def identity_from_provider() -> Identity:
    """Whom the provider has signed in, from the request with which it sent them back.

    The state, the nonce, the PKCE verifier, the signature, issuer, audience and time are checked. Raises
    IdentityRefused.
    """
    import requests
    from authlib.integrations.base_client import OAuthError
    from joserfc.errors import JoseError

    client = _client()
    try:
        wanted = {
            "iss": {"essential": True, "value": _issuer(client)},
            "aud": {"essential": True, "value": current_app.config["OIDC_CLIENT_ID"]},
        }
        token = client.authorize_access_token(claims_options=wanted)
    except (OAuthError, JoseError):
        raise IdentityRefused("the answer does not fit the question") from None
    except (requests.RequestException, ValueError, KeyError, RuntimeError):
        raise IdentityRefused("the provider does not answer") from None
    claims: dict[str, Any] = token.get("userinfo") or {}
    if claims.get("email_verified") is not True or not claims.get("email"):
        raise IdentityRefused("the address is not verified")
    return Identity(str(claims["sub"]), str(claims["email"]).lower())


def _issuer(client: "FlaskOAuth2App") -> str:
    """The provider’s own name in its metadata. Raises IdentityRefused if it is not that of the settings."""
    named = str(client.load_server_metadata().get("issuer"))
    if named.rstrip("/") != current_app.extensions[_EXTENSION]:
        raise IdentityRefused("the provider’s metadata are those of another issuer")
    return named


def _client() -> "FlaskOAuth2App":
    """A client of its own for each request: the provider’s keys are read afresh."""
    from authlib.integrations.flask_client import OAuth

    return OAuth(current_app).register(
        "oidc",
        server_metadata_url=f"{current_app.extensions[_EXTENSION]}/.well-known/openid-configuration",
        client_id=current_app.config["OIDC_CLIENT_ID"],
        client_secret=current_app.config["OIDC_CLIENT_SECRET"],
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": _TIMEOUT,
            # Whom we ask is settled by the settings and the metadata, not by an answer.
            "max_redirects": 0,
        },
    )
