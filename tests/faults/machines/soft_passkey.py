"""A passkey without a device: its key pair, and its answers to challenges, as an authenticator gives them."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

# Present, and checked by the lock of its device (WebAuthn level 2, 6.1).
_FLAGS = 0b00000101


class SoftPasskey:
    """A passkey for the site `host`, whose pages have the address `origin`."""

    def __init__(self, host: str, origin: str) -> None:
        self._host, self._origin = host, origin
        self._key = generate_private_key(SECP256R1())
        self.credential_id = secrets.token_bytes(16)

    @property
    def public_key(self) -> bytes:
        """The public half as COSE: an EC2 key on P-256 for ES256, in CBOR."""
        numbers = self._key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        return bytes.fromhex("a5010203262001215820") + x + bytes.fromhex("225820") + y

    def answer(self, challenge: str) -> str:
        """The browser’s answer to a challenge, which is base64url, as JSON."""
        seen = {"type": "webauthn.get", "challenge": challenge, "origin": self._origin, "crossOrigin": False}
        client = json.dumps(seen).encode()
        # The count of uses is 0, as from devices that do not count.
        device = hashlib.sha256(self._host.encode()).digest() + bytes([_FLAGS]) + bytes(4)
        signature = self._key.sign(device + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        own_id = _text(self.credential_id)
        return json.dumps(
            {
                "id": own_id,
                "rawId": own_id,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {
                    "clientDataJSON": _text(client),
                    "authenticatorData": _text(device),
                    "signature": _text(signature),
                },
            }
        )


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")
