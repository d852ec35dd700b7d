"""A cookie for devices on which somebody has signed in: strangers cannot lock them out (promises L16).

It opens nothing. It holds a random id and a keyed digest of each account's address; it is signed and kept for
half a year.
"""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from surveyapp.foundation.store.keys import derive_key, keys

KEPT_FOR = timedelta(days=183)
# Colleagues may share a device; the account that signed in longest ago is dropped.
MOST_ACCOUNTS = 10
_LABEL = "surveyapp/known-device/v1"


def known_device(address: str) -> str:
    """The id of this device, if somebody has signed in on it with this address; else empty."""
    device = _device_in_cookie()
    is_known = bool(set(_digests(address)) & set(device["accounts"]))
    return str(device["id"]) if is_known else ""


def remember_device(response: Response, address: str) -> None:
    """Store in the browser that somebody has signed in with this address; no script can read the cookie."""
    device, of_address = _device_in_cookie(), _digests(address)
    others = [digest for digest in device["accounts"] if digest not in of_address]
    accounts = [*others, of_address[0]][-MOST_ACCOUNTS:]
    response.set_cookie(
        _cookie_name(),
        str(_signer().dumps({"id": device["id"] or secrets.token_urlsafe(16), "accounts": accounts})),
        max_age=KEPT_FOR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Strict",
        path="/",
    )


def _cookie_name() -> str:
    # The prefix __Host- of the session cookie, where it has one, holds for this cookie too.
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"


def _signer() -> URLSafeTimedSerializer:
    # The serializer signs with its last key and accepts them all; our ring has the newest first.
    ring = [derive_key(key, _LABEL) for key in reversed(keys().secret)]
    return URLSafeTimedSerializer(ring, salt="device", signer_kwargs={"digest_method": sha256})


def _device_in_cookie() -> dict[str, Any]:
    try:
        device: Any = _signer().loads(
            request.cookies.get(_cookie_name(), ""), max_age=int(KEPT_FOR.total_seconds())
        )
    except BadData:
        device = {"id": "", "accounts": []}
    return dict(device)


def _digests(address: str) -> list[str]:
    """Digests of an address with every key of the ring, the newest first."""
    rings = [derive_key(key, f"{_LABEL}/address") for key in keys().secret]
    return [hmac.new(key, address.encode(), sha256).hexdigest()[:32] for key in rings]
