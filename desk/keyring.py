"""Which keys and certificates does a house have, how are they renewed, and how do others learn of them?

These run on the machine of the house, by its operator, as `desk.house` does: whoever writes the trust list
decides whose letters count. A change of keys goes in two steps, so that nobody gets a letter under a key they
do not know yet: told first (`rotate`), used when the others have taken it in (`use_next`).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from pydantic import ValidationError

from letters.keys import (
    CERTIFICATE_FILE,
    KEY_FILE,
    check_certificate,
    load_document_key,
    new_document_key,
    self_signed,
    signing_request,
)
from letters.rotation import key_change, renewed, verify_key_change
from letters.seal import SIGNING_KEY, SigningKey, house_key, load_key, new_key, take_token_key
from letters.trust import TrustedCertificate, TrustedHouse, TrustedStamper, TrustList
from records.vault import write_whole
from schemas.errors import BadInput, Conflict, NotFound
from schemas.settings import Settings

NEXT_KEY = "signing.next.json"
KEY_CHANGE = "key-change.jws"
TRUST_LIST = "trust.json"
OVERLAP_DAYS = 30
"""How long the old key counts after the new one is told: letters on their way were sealed with it."""

CLOCKS = timedelta(minutes=5)
"""So much two clocks may differ: what we make is dated back by it."""


def own_entry(settings: Settings) -> TrustedHouse:
    """Our house as it stands in our trust list. Raises NotFound."""
    found = _trust(settings).house(settings.house)
    if found is None:
        raise NotFound(
            "Our own house is missing in the trust list.",
            where=str(_path(settings)),
            next_step="bring the list back from where keys are kept",
        )
    return found


def card(settings: Settings) -> str:
    """What another house takes in to believe us (JSON): keys, certificates, address. Nothing in it is secret;
    whoever takes it in compares the fingerprints with us by another way."""
    entry = own_entry(settings).model_dump(mode="json")
    return json.dumps({**entry, "url": settings.url}, indent=2) + "\n"


# --- certificates of letters ----------------------------------------------------------------------


def is_certified(settings: Settings) -> bool:
    """Is there a certificate for letters?"""
    return (settings.keys / CERTIFICATE_FILE).is_file()


def certify(settings: Settings, days: int, *, new: bool = False) -> TrustedCertificate:
    """A certificate by our own hand for our key (made if there is none, or anew), put into our trust list.

    What was sealed under an older one stays good: it stays in the list. Raises BadInput with keys on a token.
    """
    _require_files(settings)
    if new:
        (settings.keys / KEY_FILE).unlink(missing_ok=True)
    key = _document_key(settings)
    pem = self_signed(key, settings.name, settings.state, datetime.now(UTC) - CLOCKS, days)
    return take_certificate(settings, pem)


def request_certificate(settings: Settings) -> str:
    """What a certification authority needs to make a certificate for our key (PKCS#10, PEM)."""
    _require_files(settings)
    return signing_request(_document_key(settings), settings.name, settings.state)


def take_certificate(settings: Settings, pem: str) -> TrustedCertificate:
    """Use `pem` for our letters from now on. Raises BadInput unless it is for our key."""
    key = None if settings.signing else load_document_key(settings.keys)
    check_certificate(pem, key, CERTIFICATE_FILE)
    made = TrustedCertificate.of(pem)
    entry = own_entry(settings)
    # The list first: a seal that our own list does not know would not hold here.
    _keep(settings, _trust(settings).with_house(_with(entry, certificate=made)))
    write_whole(settings.keys / CERTIFICATE_FILE, pem.encode("ascii"))
    return made


def _document_key(settings: Settings) -> EllipticCurvePrivateKey:
    if (settings.keys / KEY_FILE).is_file():
        return load_document_key(settings.keys)
    return new_document_key(settings.keys)


def _require_files(settings: Settings) -> None:
    if settings.signing:
        raise BadInput(
            "The key for letters lies on a token: it makes its certificate or request with its own tools.",
            where="signing",
            next_step="then `rogatory house certificate --take FILE`",
        )


# --- keys of messages -----------------------------------------------------------------------------


def rotate(settings: Settings, overlap_days: int = OVERLAP_DAYS, *, token_key: str = "") -> str:
    """Make the next key and tell it under the present one: the text for the others (JWS). `token_key`: it is
    the Ed25519 key of this name on the token of the setting `signing`.

    The house goes on with the present key until `use_next`. Again, before that: the same text.
    """
    told = settings.keys / KEY_CHANGE
    next_path = settings.keys / NEXT_KEY
    if next_path.is_file() and told.is_file():
        return told.read_text("ascii")
    now = datetime.now(UTC)
    present, fresh = house_key(settings), _next_key(settings, next_path, token_key)
    text = key_change(present, fresh, now, now + timedelta(days=overlap_days))
    change, _ = verify_key_change(text, _trust(settings), now)
    _keep(settings, renewed(_trust(settings), change))
    write_whole(told, text.encode("ascii"))
    return text


def _next_key(settings: Settings, path: Path, token_key: str) -> SigningKey:
    where = (settings.signing, settings.signing_pin_file)
    if path.is_file():
        return load_key(path, *where)
    if not token_key:
        return new_key(path, settings.house)
    if not settings.signing:
        raise BadInput(
            "No token is named.",
            where="signing",
            next_step="set `signing` and `signing_pin_file`, then again",
        )
    return take_token_key(path, settings.house, *where, token_key)


def use_next(settings: Settings) -> str:
    """Sign with the next key from now on; the old private key is gone. Its kid. Raises NotFound.

    Running processes sign with the old key until they start again.
    """
    path = settings.keys / NEXT_KEY
    if not path.is_file() or not (settings.keys / KEY_CHANGE).is_file():
        raise NotFound(
            "There is no next key.",
            where=str(path),
            next_step="make it: `rogatory house rotate-key`",
        )
    kid = _next_key(settings, path, "").kid
    path.replace(settings.keys / SIGNING_KEY)
    # The announcement stays under a name of its own: a house that was away may still ask for it.
    (settings.keys / KEY_CHANGE).replace(settings.keys / f"key-change-{kid}.jws")
    return kid


# --- what others told us ----------------------------------------------------------------------------


def take_in(settings: Settings, content: bytes, stamper: str | None = None) -> dict[str, str]:
    """Believe what a file says: a card of a house (JSON), a change of its key (JWS), or, with the name of a
    `stamper`, the certificate of a time-stamping authority. Tells what was taken in.

    Raises BadInput for a file of none of these, Refused for a change of keys that does not verify.
    """
    text = content.decode("utf-8", "replace").strip()
    trust = _trust(settings)
    if stamper is not None:
        try:
            by = TrustedStamper.of(text + "\n", name=stamper)
        except (ValidationError, ValueError) as error:
            raise BadInput("This is not one certificate (X.509, PEM).") from error
        _keep(settings, trust.with_stamper(by))
        return {"stamper": stamper, "certificate": by.fingerprint}
    if text.startswith("{"):
        entry = _read_card(text, settings)
        _keep(settings, trust.with_house(entry))
        return {"house": entry.id, **_fingerprints(entry)}
    change, _ = verify_key_change(text, trust, datetime.now(UTC))
    if change.house == settings.house:
        raise Conflict("This is our own change of keys.", next_step="`rogatory house rotate-key --use`")
    _keep(settings, renewed(trust, change))
    return {"house": change.house, "key": change.kid, "replaces": change.replaces}


def _read_card(text: str, settings: Settings) -> TrustedHouse:
    try:
        entry = TrustedHouse.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise BadInput(
            f"This is no card of a house: {first['msg']}.",
            where=".".join(str(step) for step in first["loc"]),
            next_step="ask for `rogatory house card` of the other house",
        ) from None
    if entry.id == settings.house:
        raise Conflict("This is a card of our own name.", next_step="take in that of the other house")
    return entry


def _fingerprints(entry: TrustedHouse) -> dict[str, str]:
    """What two people compare by telephone."""
    return {
        "keys": ", ".join(key.kid for key in entry.keys),
        "certificates": ", ".join(one.fingerprint for one in entry.certificates),
    }


def revoke(settings: Settings, house: str, name: str, at: datetime | None = None) -> datetime:
    """Believe the key or certificate `name` of `house` no more, from `at` (now) on. Raises NotFound.

    What was made before stays good as far as its time is proved by more than its own word.
    """
    moment = at or datetime.now(UTC)
    own = house_key(settings)
    if house == settings.house and name == own.kid and not (settings.keys / NEXT_KEY).is_file():
        raise Conflict(
            "This is the key we sign with.",
            where=name,
            next_step="first give the house another: `rogatory house rotate-key`, then --use",
        )
    _keep(settings, _trust(settings).ended(house, name, revoked=moment))
    return moment


def _with(entry: TrustedHouse, *, certificate: TrustedCertificate) -> TrustedHouse:
    others = tuple(one for one in entry.certificates if one.fingerprint != certificate.fingerprint)
    return entry.model_copy(update={"certificates": (*others, certificate)})


def _path(settings: Settings) -> Path:
    return settings.keys / TRUST_LIST


def _trust(settings: Settings) -> TrustList:
    return TrustList.load(_path(settings))


def _keep(settings: Settings, trust: TrustList) -> None:
    trust.save(_path(settings))
