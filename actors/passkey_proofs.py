"""What browsers and devices say of passkeys, made and read by the WebAuthn library.

Loaded on first use (`actors.passkeys`): the library takes 6 MB of memory, which a node on which
nobody has asked for a passkey does not spend.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that a device made: its id, its public key, how often it was used."""

    credential_id: str
    public_key: bytes
    sign_count: int


def registration_options(
    host: str, site: str, username: str, user_id: bytes, challenge: bytes, known: Iterable[str]
) -> str:
    """What a browser is asked for a new passkey that none of the `known` devices has, as JSON."""
    return options_to_json(
        webauthn.generate_registration_options(
            rp_id=host,
            rp_name=site,
            user_name=username,
            user_id=user_id,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_descriptors(known),
        )
    )


def sign_in_options(host: str, challenge: bytes, known: Iterable[str]) -> str:
    """What a browser is asked for signing in with one of the `known` passkeys, or any, as JSON."""
    return options_to_json(
        webauthn.generate_authentication_options(
            rp_id=host,
            challenge=challenge,
            allow_credentials=_descriptors(known),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def read_made(answer: dict[str, Any], challenge: bytes, host: str, origin: str) -> Made:
    """The passkey of an answer; raises whatever the library does when it does not hold."""
    verified = webauthn.verify_registration_response(
        credential=answer,
        expected_challenge=challenge,
        expected_rp_id=host,
        expected_origin=origin,
        require_user_verification=True,
    )
    return Made(
        bytes_to_base64url(verified.credential_id),
        verified.credential_public_key,
        verified.sign_count,
    )


def read_use(answer: dict[str, Any], challenge: bytes, host: str, origin: str, known: Made) -> int:
    """How often the passkey was used, with this time; raises as `read_made`."""
    return webauthn.verify_authentication_response(
        credential=answer,
        expected_challenge=challenge,
        expected_rp_id=host,
        expected_origin=origin,
        credential_public_key=known.public_key,
        credential_current_sign_count=known.sign_count,
        require_user_verification=True,
    ).new_sign_count


def _descriptors(credential_ids: Iterable[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in credential_ids]
