"""Keyed hashes of text, for detecting that it changed after somebody read it."""

import hmac
from hashlib import sha256

from surveyapp.foundation.store.keys import derive_key, keys

_LABEL = "surveyapp/words-read/v1"


def digest_of(*texts: str) -> str:
    """The digest of these texts, in 64 hexadecimal digits, made with the newest link key."""
    return _digest(keys().link[0], texts)


def is_digest_of(digest: str, *texts: str) -> bool:
    """Whether a digest is of these texts, whichever link key made it."""
    return any(hmac.compare_digest(digest, _digest(key, texts)) for key in keys().link)


def _digest(key: bytes, texts: tuple[str, ...]) -> str:
    # Each text is preceded by its length, so that two different lists of texts never give the same string.
    joined = "".join(f"{len(text)}:{text}" for text in texts)
    return hmac.new(derive_key(key, _LABEL), joined.encode(), sha256).hexdigest()
