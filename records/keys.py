"""Which key encrypts the papers of one case, and how is it kept, used and destroyed?"""

from __future__ import annotations

from pathlib import Path

from records.database import Database


def new_master_key(folder: Path) -> Path:
    """Make `folder`/master.key (32 random bytes, readable by its owner only). Raises Conflict if it exists."""
    raise NotImplementedError


class CaseKeys:
    """Keys of the cases, each wrapped by the house's master key. Safe to use from many threads."""

    def __init__(self, database: Database, folder: Path) -> None:
        raise NotImplementedError

    def create(self, ref: str) -> None:
        """Give case `ref` a key; nothing happens if it has one. Raises NotFound (`erased`) if it was destroyed."""
        raise NotImplementedError

    def get(self, ref: str) -> bytes:
        """The key of `ref`, 32 bytes. Raises NotFound: unknown case, or code `erased`."""
        raise NotImplementedError

    def encrypt(self, ref: str, content: bytes) -> bytes:
        """Nonce and AES-256-GCM ciphertext of `content`, bound to `ref`. Raises as `get`."""
        raise NotImplementedError

    def decrypt(self, ref: str, box: bytes) -> bytes:
        """What `encrypt` was given. Raises NotFound as `get`; BadInput if the bytes were altered."""
        raise NotImplementedError

    def destroy(self, ref: str) -> None:
        """Destroy the key for ever: nothing of the case can be read again. Only erasure does this."""
        raise NotImplementedError
