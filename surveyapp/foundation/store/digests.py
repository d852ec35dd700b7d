"""A keyed digest of words that were read, so that a later correction shows and the words are stored once."""

import hmac
from hashlib import sha256

from surveyapp.foundation.store.keys import derive_key, keys

_LABEL = "surveyapp/words-read/v1"


def digest_of(*texts: str) -> str:
    """The digest of these words, in 64 hexadecimal digits; by the newest link key."""
    return _made(keys().link[0], texts)


def is_digest_of(digest: str, *texts: str) -> bool:
    """Whether a digest is of these words, by whichever link key made it."""
    return any(hmac.compare_digest(digest, _made(key, texts)) for key in keys().link)


def _made(key: bytes, texts: tuple[str, ...]) -> str:
    # Each text with its length, so that no two lists of texts are alike when put together.
    told = "".join(f"{len(each)}:{each}" for each in texts)
    return hmac.new(derive_key(key, _LABEL), told.encode(), sha256).hexdigest()
