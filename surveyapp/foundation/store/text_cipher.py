"""Encrypts texts so that each opens in its own place only (promises 3.9)."""

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from surveyapp.foundation.errors import SurveyError

KEY_BYTES = 32
# The first byte of every text. Fernet tokens, which opened in any place, began with the letter g.
FORMAT = b"\x01"
_KEY_ID_BYTES = 4
PREFIX_BYTES = len(FORMAT) + _KEY_ID_BYTES
_NONCE_BYTES = 12
_TEXT_FROM = PREFIX_BYTES + _NONCE_BYTES
_LABEL = "surveyapp/text/v1"


class UnreadableText(SurveyError):
    """A stored text does not open where it stands: it was changed, moved or made with another key."""

    status = 500
    way_on = "Tell whoever runs this program. Its log says where the text is stored."

    def __init__(self) -> None:
        """Set the message, which says nothing about the text."""
        super().__init__("A stored text cannot be shown, because it was changed or moved in the database.")


class UnknownKey(UnreadableText):
    """A text was made with a key that is not in the ring."""


def derive_key(key: bytes, label: str) -> bytes:
    """Derive a 32-byte key for one use, so that no two uses share a key."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=label.encode()).derive(key)


class TextCipher:
    """Encrypts and decrypts with a ring of data keys, the newest first.

    A text becomes FORMAT, 4 bytes that name the key, 12 random bytes, and what AES-256-GCM makes of it: 33
    bytes more than the text in UTF-8. The key of each place is derived from the data key and the place.
    """

    def __init__(self, ring: Sequence[bytes]) -> None:
        """Take the data keys, 32 bytes each, the newest first."""
        self._ring = {_key_id(key): key for key in reversed(ring)}
        self._newest_id = _key_id(ring[0])
        self._keys_of_places: dict[tuple[bytes, str], AESGCM] = {}

    @property
    def newest_prefix(self) -> bytes:
        """The first PREFIX_BYTES bytes of every text that is made with the newest key."""
        return FORMAT + self._newest_id

    @property
    def prefixes(self) -> tuple[bytes, ...]:
        """The first PREFIX_BYTES bytes of the texts of each key of the ring."""
        return tuple(FORMAT + key_id for key_id in self._ring)

    def encrypt(self, text: str, place: str) -> bytes:
        """Encrypt with the newest key; the text opens in this place only, such as “survey_quote.printed”."""
        nonce = os.urandom(_NONCE_BYTES)
        key = self._key_of_place(self._newest_id, place)
        return self.newest_prefix + nonce + key.encrypt(nonce, text.encode(), self.newest_prefix)

    def decrypt(self, stored: bytes, place: str) -> str:
        """Decrypt a text of this place.

        Raises UnknownKey if the ring has not got its key, and UnreadableText if it is of another place or
        another format, or was changed.
        """
        prefix, nonce = stored[:PREFIX_BYTES], stored[PREFIX_BYTES:_TEXT_FROM]
        if prefix[:1] != FORMAT:
            raise UnreadableText
        if prefix[1:] not in self._ring:
            raise UnknownKey
        try:
            text = self._key_of_place(prefix[1:], place).decrypt(nonce, stored[_TEXT_FROM:], prefix)
        except (InvalidTag, ValueError):
            raise UnreadableText from None
        return text.decode()

    def _key_of_place(self, key_id: bytes, place: str) -> AESGCM:
        known = self._keys_of_places.get((key_id, place))
        if known is None:
            known = AESGCM(derive_key(self._ring[key_id], f"{_LABEL}\0{place}"))
            self._keys_of_places[key_id, place] = known
        return known


def _key_id(key: bytes) -> bytes:
    return derive_key(key, f"{_LABEL}/key id")[:_KEY_ID_BYTES]
