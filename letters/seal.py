"""How is a message signed, and with which key of ours?

Ed25519 signatures as JWS in compact form over canonical JSON. The key is a JWK in a file that only its owner
can read, outside the database and its backups.
"""

from __future__ import annotations

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
from schemas.errors import BadInput, Conflict, NotFound
from schemas.messages import Envelope, Head, KeyChange, Receipt


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Our private key. `kid` names it in every header; `house` is ours. The key itself is never shown."""

    kid: str
    house: str
    jwk: OKPKey = field(repr=False)

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
    private = {**key.public, "d": key.jwk.as_dict(private=True)["d"], "kid": key.kid, "house": house}
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(
            "There is a signing key already.",
            where=str(path),
            next_step="keep it: messages signed with it must stay verifiable",
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(private, file, indent=2, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def load_key(path: Path) -> SigningKey:
    """The key in `path`. Raises NotFound, or BadInput if it is no key of ours or others may read it."""
    try:
        content = json.loads(path.read_text("utf-8"))
        mode = path.stat().st_mode & 0o077
    except FileNotFoundError:
        raise NotFound(
            "The signing key is missing.",
            where=str(path),
            next_step="bring it back from where keys are kept, or make a house with `rogatory house new`",
        ) from None
    except ValueError as error:
        raise _no_key(path) from error
    if mode:
        raise BadInput(
            "Others than its owner may read the signing key.", where=str(path), next_step=f"chmod 600 {path}"
        )
    return _key_from(content, path)


def _key_from(content: Any, path: Path) -> SigningKey:
    try:
        parts = {name: content[name] for name in ("crv", "d", "kty", "x")}
        if (parts["kty"], parts["crv"]) != ("OKP", "Ed25519"):
            raise _no_key(path)
        return SigningKey(str(content["kid"]), str(content["house"]), OKPKey.import_key(parts))
    except (KeyError, TypeError, ValueError, JoseError) as error:
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
    return jose.serialize_compact(header, payload, key.jwk, registry=REGISTRY)
