"""How is a message signed, and with which key of ours?

Ed25519 signatures as JWS in compact form over canonical JSON. The key is a JWK in a file that only its owner
can read, outside the database and its backups; or that file names the key on the token of the setting
`signing`, and holds nothing secret.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc import jws as jose
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from letters.canonical import canonical
from letters.compact import ALGORITHM, REGISTRY, plain_json, typ_of
from letters.token import TokenKey, address
from schemas.errors import BadInput, Conflict, NotFound
from schemas.messages import Envelope, Head, KeyChange, Receipt
from schemas.settings import Settings

SIGNING_KEY = "signing.json"
"""In the key folder of a house."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Our private key. `kid` names it in every header; `house` is ours. The key itself is never shown; with
    one on a `token`, `jwk` is the public half."""

    kid: str
    house: str
    jwk: OKPKey = field(repr=False)
    token: TokenKey | None = field(default=None, repr=False)

    @property
    def public(self) -> dict[str, str]:
        """The public half as a JWK: what other houses put in their trust lists."""
        whole = self.jwk.as_dict(private=False)
        return {name: str(whole[name]) for name in ("crv", "kty", "x")}


def make_key(house: str) -> SigningKey:
    """A fresh key, in memory only. Its id is the house and the start of its RFC 7638 thumbprint."""
    made = OKPKey.generate_key("Ed25519")
    return SigningKey(f"{house}-{made.thumbprint()[:12]}", house, made)


def new_key(path: Path, house: str) -> SigningKey:
    """Make a key and write it to `path`, readable by its owner only. Raises Conflict if one is there."""
    key = make_key(house)
    private = {**key.public, "d": str(key.jwk.as_dict(private=True)["d"]), "kid": key.kid, "house": house}
    _write(path, private)
    return key


def take_token_key(path: Path, house: str, signing: str, pin_file: Path | None, label: str) -> SigningKey:
    """Write to `path` that the key `label` on the token of `signing` signs for `house`. Raises Conflict if a
    key is there already, and what the token raises."""
    token = TokenKey(signing, pin_file, label)
    jwk = OKPKey.import_key({"crv": "Ed25519", "kty": "OKP", "x": _text(token.public())})
    key = SigningKey(f"{house}-{jwk.thumbprint()[:12]}", house, jwk, token)
    _write(path, {**key.public, "object": token.label, "kid": key.kid, "house": house})
    return key


def _write(path: Path, content: dict[str, str]) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(
            "There is a signing key already.",
            where=str(path),
            next_step="keep it: messages signed with it must stay verifiable",
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


def house_key(settings: Settings) -> SigningKey:
    """The key by which the house signs its messages now. Raises as `load_key`."""
    return load_key(settings.keys / SIGNING_KEY, settings.signing, settings.signing_pin_file)


def load_key(path: Path, signing: str = "", pin_file: Path | None = None) -> SigningKey:
    """The key in `path`, or the one on the token that it names: `signing` and `pin_file` lead there.

    Raises NotFound, or BadInput if it is no key of ours or others may read it.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
        mode = path.stat().st_mode & 0o077
    except FileNotFoundError:
        raise NotFound(
            "The signing key is missing.",
            where=str(path),
            next_step="bring it back from where keys are kept, or make a house with `rogatory house new`",
        ) from None
    except (ValueError, RecursionError) as error:
        raise _no_key(path) from error
    if mode:
        raise BadInput(
            "Others than its owner may read the signing key.", where=str(path), next_step=f"chmod 600 {path}"
        )
    return _key_from(content, path, signing, pin_file)


def _key_from(content: Any, path: Path, signing: str, pin_file: Path | None) -> SigningKey:
    try:
        label = content.get("object")
        parts = {name: content[name] for name in ("crv", "kty", "x", *(() if label else ("d",)))}
        if (parts["kty"], parts["crv"]) != ("OKP", "Ed25519"):
            raise _no_key(path)
        token = TokenKey(signing, pin_file, str(label)) if label else None
        if token is not None:
            address(signing)
        return SigningKey(str(content["kid"]), str(content["house"]), OKPKey.import_key(parts), token)
    except (AttributeError, KeyError, TypeError, ValueError, JoseError) as error:
        raise _no_key(path) from error


def _no_key(path: Path) -> BadInput:
    return BadInput(
        "This is not a signing key (a private Ed25519 JWK with `kid` and `house`).",
        where=str(path),
        next_step="bring the right file back from where keys are kept",
    )


def sign(payload: bytes, key: SigningKey) -> str:
    """Compact JWS of canonical `payload`; the header announces its `type`. Same bytes, same text.

    Raises EnvelopeRefused if `payload` is not canonical JSON: nothing of ours may have a second spelling.
    """
    return _signed(payload, str(plain_json(payload).get("type", "")), key)


def seal(message: Envelope | Receipt | Head | KeyChange, key: SigningKey) -> str:
    """Compact JWS of one message."""
    return _signed(canonical(message), message.type, key)


def _signed(payload: bytes, kind: str, key: SigningKey) -> str:
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": typ_of(kind)}
    if key.token is None:
        return jose.serialize_compact(header, payload, key.jwk, registry=REGISTRY)
    covered = f"{_text(canonical(header))}.{_text(payload)}"
    return f"{covered}.{_text(key.token.sign(covered.encode('ascii')))}"


def _text(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode("ascii")
