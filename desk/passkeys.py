"""Is this the authenticator it says it is, and did its owner show it who they are? (W3C Web Authentication)

What is asked stands sealed in the page that asks, and is good once and for ten minutes.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import Request
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from desk.api.doors import house_of
from records.open import Records
from schemas.errors import BadInput

ASKED = timedelta(minutes=10)
REGISTERING, SIGNING_IN = "passkey-new", "passkey"
CHALLENGE_BYTES = 32
MOST_SIGNS = 20_000
_MALFORMED = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Place:
    """Where passkeys are good: for this host, from pages of this origin."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page asks an authenticator. `word` comes back with the answer; `options` is JSON."""

    word: str
    options: str


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """An authenticator that has proven itself and is not kept yet."""

    id: bytes
    key: bytes
    counter: int


def place_of(request: Request) -> Place | None:
    """The place of this house; None where browsers know no passkeys: at a bare address, or without https.

    Only the house's own settings say where it is, or that it is this machine itself: never a header alone.
    """
    public = urlsplit(house_of(request).office.settings.public_url)
    if public.hostname and public.scheme == "https":
        return Place(public.hostname, f"https://{public.netloc}")
    if not public.hostname and request.url.hostname == "localhost":
        return Place("localhost", f"http://{request.url.netloc}")
    return None


def ask_new(records: Records, place: Place, account: str) -> Asked:
    """Asks for a new passkey of `account`, none of those it has."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    # An authenticator that has one for this person already would put the new one in its place.
    known = records.credentials.passkey_ids(account)
    options = generate_registration_options(
        rp_id=place.host,
        rp_name=records.settings.name,
        user_name=account,
        user_id=_handle(records, account),
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=id) for id in known],
    )
    return Asked(_sealed(records, REGISTERING, challenge, account), options_to_json(options))


def new_one(records: Records, place: Place, account: str, word: str, answer: str) -> NewPasskey:
    """A new passkey as its authenticator told it. Raises BadInput where it is not what was asked for."""
    challenge = _challenge(records, REGISTERING, word, account)
    try:
        made = verify_registration_response(
            credential=_told(answer),
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except _MALFORMED as error:
        raise _refused() from error
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


def ask(records: Records, place: Place) -> Asked:
    """Asks for a passkey of anybody who has one here."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    options = generate_authentication_options(
        rp_id=place.host, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return Asked(_sealed(records, SIGNING_IN, challenge, ""), options_to_json(options))


def recognise(records: Records, place: Place, word: str, answer: str) -> str:
    """Whose passkey has answered. Raises BadInput: unknown, wrong, too late, used before, or a copy."""
    challenge = _challenge(records, SIGNING_IN, word, "")
    try:
        told = _told(answer)
        id = base64url_to_bytes(str(told["rawId"]))
        known = records.credentials.passkey(id)
        if known is None:
            raise _refused()
        shown = verify_authentication_response(
            credential=told,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=known.key,
            credential_current_sign_count=known.counter,
            require_user_verification=True,
        )
    except _MALFORMED as error:
        raise _refused() from error
    if not records.credentials.passkey_used(id, known.counter, shown.new_sign_count):
        raise _refused()
    return known.account


def _sealed(records: Records, kind: str, challenge: bytes, account: str) -> str:
    return records.sign_ins.seal(kind, {"challenge": challenge.hex(), "account": account}, ASKED)


def _challenge(records: Records, kind: str, word: str, account: str) -> bytes:
    found = records.sign_ins.unseal(kind, word)
    if found is None or found["account"] != account or not records.sign_ins.once(word, ASKED):
        raise BadInput(
            "This was asked too long ago, or answered before.", where="passkey", next_step="try again"
        )
    return bytes.fromhex(found["challenge"])


def _told(answer: str) -> dict[str, object]:
    told = json.loads(answer) if len(answer) <= MOST_SIGNS else None
    if not isinstance(told, dict):
        raise ValueError("no answer of an authenticator")
    return told


def _handle(records: Records, account: str) -> bytes:
    # Stays on the authenticator: it must tell nobody who it is.
    return hashlib.sha256(f"{records.settings.house}:{account}".encode()).digest()


def _refused() -> BadInput:
    return BadInput(
        "This passkey opens nothing here.",
        where="passkey",
        next_step="take another, or another way to sign in",
    )
