"""Where do documents lie? As ciphertext by digest, one folder per case."""

from __future__ import annotations

from pathlib import Path

from records.keys import CaseKeys
from schemas.ids import Digest


class Vault:
    """Documents of all cases. The digest is that of the plain bytes; what lies on disk is encrypted."""

    def __init__(self, folder: Path, keys: CaseKeys) -> None:
        raise NotImplementedError

    def put(self, ref: str, content: bytes) -> Digest:
        """Keep `content` for case `ref` (which has a key) and return its digest. Safe to repeat; never half-written."""
        raise NotImplementedError

    def get(self, ref: str, digest: Digest) -> bytes:
        """The bytes. Raises NotFound (unknown, or code `erased`), BadData if they no longer match the digest."""
        raise NotImplementedError

    def has(self, ref: str, digest: Digest) -> bool:
        """Is it there?"""
        raise NotImplementedError

    def digests(self, ref: str) -> list[Digest]:
        """All documents of the case, sorted."""
        raise NotImplementedError
