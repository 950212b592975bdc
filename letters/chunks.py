"""How is a large file sealed piece by piece, and how do two houses come to share the key?

Each item has one random key. A piece is AES-256-GCM under it: the nonce is the number of the piece, and the
digest of the whole file, the number and the count are bound to it, so that no piece passes for another. The
key travels wrapped under a secret that both houses agree on for this one question (X25519, both halves fresh
and signed), so that what was recorded on the way stays closed even when a signing key is lost later.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from schemas.errors import EnvelopeRefused
from schemas.ids import Digest

TAG = 16
"""Bytes by which a piece grows when it is encrypted."""
KEY = 32
DIGEST = 32

Piece = bytes | bytearray

_ONCE = b"\x00" * 12


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file of `size` bytes is cut: `count` pieces of `chunk` bytes, the last one shorter or equal."""

    size: int
    chunk: int

    @property
    def count(self) -> int:
        return -(-self.size // self.chunk)

    def plain(self, number: int) -> int:
        """Bytes of the piece `number` (from 0) before it is encrypted."""
        return min(self.chunk, self.size - number * self.chunk)

    def sealed(self, number: int) -> int:
        """Bytes of the piece `number` once it is encrypted."""
        return self.plain(number) + TAG

    def offset(self, number: int) -> int:
        """Where the piece `number` begins among the encrypted ones."""
        return number * (self.chunk + TAG)

    @property
    def whole(self) -> int:
        """Bytes of all encrypted pieces."""
        return self.size + self.count * TAG


class PieceRefused(EnvelopeRefused):
    """A piece that is not the one it should be. `number` counts from 0."""

    def __init__(self, code: str, what: str, number: int) -> None:
        super().__init__(
            what,
            where=f"piece {number}",
            next_step="fetch the item again: what came before this piece is kept",
            code=code,
        )
        self.number = number


class Sealer:
    """Seals and opens the pieces of one item. `sha256`: the declared digest of the whole file."""

    def __init__(self, key: bytes, sha256: Digest, plan: Plan) -> None:
        self._cipher = AESGCM(key)
        self._bound = f"rogatory/piece/1 {sha256} {plan.size} {plan.chunk} ".encode()
        self.plan = plan

    def seal(self, number: int, content: bytes) -> bytes:
        """The encrypted piece. A number is sealed once only under one key."""
        return self._cipher.encrypt(number.to_bytes(12, "big"), content, self._bound + b"%d" % number)

    def open(self, number: int, box: Piece) -> bytes:
        """The plain piece. Raises PieceRefused (`wrong-piece`) for another piece, another item or altered
        bytes."""
        try:
            return self._cipher.decrypt(number.to_bytes(12, "big"), box, self._bound + b"%d" % number)
        except (InvalidTag, ValueError) as error:
            raise PieceRefused(
                "wrong-piece", "The piece does not open: it is another one, or was altered.", number
            ) from error


def check_piece(number: int, box: Piece, digests: bytes, plan: Plan) -> bytes:
    """The digest of the piece. Raises PieceRefused: `truncated` (another size than the plan says),
    `wrong-piece` (another digest than listed)."""
    if len(box) != plan.sealed(number):
        what = f"The piece has {len(box)} bytes; the signed list says {plan.sealed(number)}."
        raise PieceRefused("truncated", what, number)
    found = piece_digest(box)
    if found != digests[number * DIGEST : (number + 1) * DIGEST]:
        raise PieceRefused("wrong-piece", "The piece is not the one in the signed list.", number)
    return found


def piece_digest(box: Piece) -> bytes:
    return hashlib.sha256(box).digest()


def root_of(digests: bytes | Iterable[bytes]) -> Digest:
    """The digest that is signed: over those of all encrypted pieces, in order."""
    whole = digests if isinstance(digests, bytes) else b"".join(digests)
    return "sha256:" + hashlib.sha256(whole).hexdigest()


# --- the key --------------------------------------------------------------------------------------------


class Half:
    """Our half of a key agreement, made for one question and kept in memory only."""

    def __init__(self) -> None:
        self._private = X25519PrivateKey.generate()

    @property
    def public(self) -> str:
        """What the other house is told (base64url, 43 signs)."""
        return encoded(self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def wrap(self, theirs: str, secret: bytes, bound: bytes) -> str:
        """`secret` for the house that holds the other half, tied to `bound`. Raises EnvelopeRefused."""
        return encoded(AESGCM(self._agreed(theirs, bound)).encrypt(_ONCE, secret, bound))

    def unwrap(self, theirs: str, wrapped: str, bound: bytes) -> bytes:
        """What the other house wrapped for us. Raises EnvelopeRefused (`key-not-agreed`)."""
        try:
            return AESGCM(self._agreed(theirs, bound)).decrypt(_ONCE, decoded(wrapped), bound)
        except (InvalidTag, ValueError) as error:
            raise _not_agreed() from error

    def _agreed(self, theirs: str, bound: bytes) -> bytes:
        try:
            shared = self._private.exchange(X25519PublicKey.from_public_bytes(decoded(theirs)))
        except ValueError as error:
            raise _not_agreed() from error
        # Both halves are fresh, so this secret wraps once and needs no nonce of its own.
        made = HKDF(algorithm=SHA256(), length=KEY, salt=None, info=b"rogatory/evidence-key/1 " + bound)
        return made.derive(shared)


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def decoded(text: str) -> bytes:
    """Raises ValueError for what is no base64url."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _not_agreed() -> EnvelopeRefused:
    return EnvelopeRefused(
        "The two houses do not come to the same key.",
        next_step="ask for the item again; if it lasts, compare the trust lists",
        code="key-not-agreed",
    )
