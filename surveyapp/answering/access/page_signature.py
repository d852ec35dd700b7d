"""The signature that a page carries, which proves that we showed it; it gives no access."""

import hmac
from base64 import b32encode
from hashlib import sha256

from flask import request

from surveyapp.foundation.store.keys import keys

_LABEL = b"surveyapp/page/v1\0"


_MARK_BYTES = 16


def page_signature(public_id: str) -> str:
    """What a page of ours carries, so that its text can be shown again on it without a link.

    It says that we have shown these questions at this address before, and opens nothing.
    """
    return _sign_page(public_id, keys().link[0])


def page_signature_from_form(public_id: str) -> str:
    """The mark that came with a press; empty where it is none of ours."""
    sent = request.form.get("page-mark", "")
    made = [hmac.compare_digest(_sign_page(public_id, key).encode(), sent.encode()) for key in keys().link]
    return sent if any(made) else ""


def _sign_page(public_id: str, key: bytes) -> str:
    made = hmac.new(key, _LABEL + public_id.encode(), sha256).digest()[:_MARK_BYTES]
    return b32encode(made).decode().rstrip("=").lower()
