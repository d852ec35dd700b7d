"""What a browser is asked for when a passkey is made or used, and the check of its answer (WebAuthn)."""

import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from surveyapp.foundation.errors import SurveyError
from surveyapp.foundation.settings import settings

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

CHALLENGE_BYTES = 32


class PasskeyRefused(SurveyError):
    """The answer of a browser is no passkey of ours, whatever the reason."""

    def __init__(self) -> None:
        """Set the message."""
        super().__init__("This passkey was not taken. Try again, or sign in with your password.")


@dataclass(frozen=True)
class NewPasskey:
    """A passkey as it is stored: its id, its public key, and how often it says it has been used."""

    credential_id: bytes
    public_key: bytes
    uses: int


def new_challenge() -> bytes:
    """A challenge, which a device signs once."""
    return secrets.token_bytes(CHALLENGE_BYTES)


def options_for_making(
    handle: bytes, *, name: str, address: str, challenge: bytes, known: tuple[bytes, ...]
) -> str:
    """What the browser is asked for to make a passkey, as JSON; a device with one of `known` makes none."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=settings().host,
        rp_name=settings().partnership,
        user_id=handle,
        user_name=address,
        user_display_name=name,
        challenge=challenge,
        exclude_credentials=_descriptors(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return options_to_json(options)


def options_for_signing_in(challenge: bytes) -> str:
    """What the browser is asked for to sign in, as JSON; it offers the passkeys that it has for this site."""
    # Written here, so that the sign-in page does not load the library.
    return json.dumps(
        {
            "challenge": urlsafe_b64encode(challenge).decode().rstrip("="),
            "rpId": settings().host,
            "timeout": 60_000,
            "allowCredentials": [],
            "userVerification": "required",
        }
    )


def made_passkey(answer: str, *, challenge: bytes) -> NewPasskey:
    """The passkey in a browser's answer. Raises PasskeyRefused for anything else."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=settings().host,
            expected_origin=settings().public_base_url,
            require_user_verification=True,
        )
    except WebAuthnException:
        raise PasskeyRefused from None
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


def credential_id_in(answer: str) -> bytes:
    """The id of the passkey that a browser says it used. Raises PasskeyRefused if there is none."""
    from webauthn.helpers import parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return parse_authentication_credential_json(answer).raw_id
    except WebAuthnException:
        raise PasskeyRefused from None


def uses_after_signing_in(answer: str, *, challenge: bytes, public_key: bytes, uses: int) -> int:
    """How often the passkey has been used, once its signature is right. Raises PasskeyRefused if it is not.

    A device that counts and counts fewer uses than before is a copy.
    """
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        used = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=settings().host,
            expected_origin=settings().public_base_url,
            credential_public_key=public_key,
            credential_current_sign_count=uses,
            require_user_verification=True,
        )
    except WebAuthnException:
        raise PasskeyRefused from None
    return used.new_sign_count


def _descriptors(known: tuple[bytes, ...]) -> list["PublicKeyCredentialDescriptor"]:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=credential_id) for credential_id in known]
