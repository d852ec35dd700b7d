"""The signature on a page, which proves that we showed it; it gives no access."""

import hmac
from base64 import b32encode
from hashlib import sha256

from flask import request

from surveyapp.foundation.store.keys import keys

_LABEL = b"surveyapp/page/v1\0"
_MARK_BYTES = 16


def page_signature(public_id: str) -> str:
    """Signature proving that we showed this page, so that typed text can be shown again without a link."""
    return _sign_page(public_id, keys().link[0])


def page_signature_from_form(public_id: str) -> str:
    """The signature posted with the form; empty if it is not one of ours."""
    sent = request.form.get("page-mark", "")
    matches = [hmac.compare_digest(_sign_page(public_id, key).encode(), sent.encode()) for key in keys().link]
    return sent if any(matches) else ""


def _sign_page(public_id: str, key: bytes) -> str:
    digest = hmac.new(key, _LABEL + public_id.encode(), sha256).digest()[:_MARK_BYTES]
    return b32encode(digest).decode().rstrip("=").lower()
