"""Where do documents lie? As ciphertext, one folder per case, found by the digest of the plain bytes.

File names are keyed hashes: once the case key is destroyed, nobody can tell from a name which known document
a case held.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path
from uuid import uuid4

from records.keys import CaseKeys
from schemas.errors import BadData, NotFound, Unavailable
from schemas.ids import Digest
from schemas.ids import digest as digest_of


def sync_folder(folder: Path) -> None:
    """Have the names in `folder` on disk, not only the files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file of which, whatever happens, either everything is seen under its name or nothing."""
    unfinished = path.with_name(f".{uuid4().hex}.unfinished")
    try:
        with unfinished.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)


class Vault:
    """Documents of all cases, under `folder`."""

    def __init__(self, folder: Path, keys: CaseKeys) -> None:
        self._folder = folder
        self._keys = keys

    def put(self, ref: str, content: bytes) -> Digest:
        """Keep `content` for case `ref` (which has a key); its digest. Safe to repeat, never half-written.

        Raises NotFound (unknown case, or code `erased`), Unavailable where the disk takes nothing.
        """
        digest = digest_of(content)
        path = self._path(ref, digest)
        try:
            if not path.is_file():
                self._write(path, self._keys.encrypt(ref, content))
        except OSError as error:
            raise Unavailable(
                "The folder of the documents takes nothing.",
                where=os.strerror(error.errno) if error.errno else type(error).__name__,
                next_step="make room on its disk, or let the house write there, then try again",
            ) from error
        return digest

    def get(self, ref: str, digest: Digest) -> bytes:
        """The bytes. Raises NotFound (unknown, or code `erased`), BadData if they do not match the digest."""
        try:
            box = self._path(ref, digest).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(
                f"The case {ref} holds no document {digest}.", where=ref, next_step="check the digest"
            ) from error
        content = self._keys.decrypt(ref, box)
        if digest_of(content) != digest:
            raise BadData(
                "A document in the vault is not the one it is kept as.",
                where=f"{ref} {digest}",
                next_step="verify the ledger, and restore the document from a backup",
            )
        return content

    def has(self, ref: str, digest: Digest) -> bool:
        """Is it there? Raises NotFound for a case that is unknown or erased."""
        return self._path(ref, digest).is_file()

    def digests(self, ref: str) -> list[Digest]:
        """All documents of the case, sorted; each is decrypted to know it. Raises as `get`."""
        self._keys.get(ref)
        folder = self._folder_of(ref)
        files = (
            [path for path in folder.glob("*") if not path.name.startswith(".")] if folder.is_dir() else []
        )
        return sorted(digest_of(self._keys.decrypt(ref, path.read_bytes())) for path in files)

    def _write(self, path: Path, box: bytes) -> None:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            sync_folder(self._folder)
        write_whole(path, box)

    def _folder_of(self, ref: str) -> Path:
        return self._folder / hashlib.sha256(ref.encode()).hexdigest()

    def _path(self, ref: str, digest: Digest) -> Path:
        name = hmac.new(self._keys.get(ref), digest.encode(), hashlib.sha256).hexdigest()
        return self._folder_of(ref) / name
