"""Where do the bytes of large items lie? As sealed pieces beside the vault, one folder per item, never in
tables.

The key of an item stands in its `about`, encrypted with the key of the case: once that is destroyed, nobody
opens a piece again. Names are keyed hashes, as in the vault. Pieces are only appended; what a broken writing
left over is cut off when it goes on.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict

from records.keys import CaseKeys
from records.vault import sync_folder, write_whole
from schemas.errors import BadData, Conflict
from schemas.ids import Digest

FOLDER = "held"
"""In the home folder of a house."""
ABOUT, PIECES, DIGESTS, LOCK = "about", "pieces", "digests", ".lock"
_READ = 1024 * 1024
_DIGEST = 32


class About(BaseModel):
    """What is known of an item that is held: as declared, how it is cut, its key (hex), whether all of it is
    there. `root`: digest over those of its pieces, once known. `origin`: the house its bytes came from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: str
    sha256: Digest
    md5: str
    sha1: str
    size: int
    chunk: int
    key: str
    origin: str
    root: str = ""
    whole: bool = False


class HeldItem:
    """The folder of one item. Reading needs no lock; writing is for one at a time (`writing`)."""

    def __init__(self, folder: Path, ref: str, keys: CaseKeys) -> None:
        self._folder = folder
        self._ref = ref
        self._keys = keys

    def about(self) -> About | None:
        """What is known of it; None if nothing of it is here. Raises NotFound (`erased`), BadData."""
        try:
            box = (self._folder / ABOUT).read_bytes()
        except FileNotFoundError:
            return None
        return About.model_validate_json(self._keys.decrypt(self._ref, box))

    def write_about(self, about: About) -> None:
        """Keep this from now on: whole or not at all."""
        if not self._folder.is_dir():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            sync_folder(self._folder.parent)
        write_whole(self._folder / ABOUT, self._keys.encrypt(self._ref, about.model_dump_json().encode()))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one who writes it, in all processes. Raises Conflict (`being-written`)."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / LOCK).open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Conflict(
                    "This item is being taken in already.",
                    where=self._ref,
                    next_step="wait for that to end, or look how far it is",
                    code="being-written",
                ) from None
            yield

    def cut(self, sealed: int) -> int:
        """How many whole pieces of `sealed` bytes are there (the last may be shorter); the rest is cut
        off."""
        sizes = [_size(self._folder / name) for name in (PIECES, DIGESTS)]
        # A piece counts once its digest stands behind it.
        count = min(-(-sizes[0] // sealed), sizes[1] // _DIGEST)
        for name, size in ((PIECES, min(count * sealed, sizes[0])), (DIGESTS, count * _DIGEST)):
            if (path := self._folder / name).is_file():
                os.truncate(path, size)
        return count

    def keep_only(self, count: int, sealed: int) -> None:
        """Cut off what stands behind the first `count` pieces."""
        for name, size in ((PIECES, count * sealed), (DIGESTS, count * _DIGEST)):
            if (path := self._folder / name).is_file() and path.stat().st_size > size:
                os.truncate(path, size)

    def append(self, pieces: Sequence[bytes | bytearray], digests: list[bytes]) -> None:
        """Put these behind those that are here: a digest only once its piece is written."""
        with (self._folder / PIECES).open("ab") as file:
            file.writelines(pieces)
        with (self._folder / DIGESTS).open("ab") as file:
            file.writelines(digests)

    def settle(self) -> None:
        """Have everything on disk."""
        for name in (PIECES, DIGESTS):
            with (self._folder / name).open("rb") as file:
                os.fsync(file.fileno())
        sync_folder(self._folder)

    def have(self) -> int:
        """Bytes of sealed pieces that are here."""
        return _size(self._folder / PIECES)

    def digests(self) -> bytes:
        """The digests of the pieces that are here, 32 bytes each."""
        path = self._folder / DIGESTS
        return path.read_bytes() if path.is_file() else b""

    def piece(self, offset: int, size: int) -> bytes:
        """`size` bytes of the sealed pieces from `offset` on; fewer at the end."""
        with (self._folder / PIECES).open("rb") as file:
            file.seek(offset)
            return file.read(size)

    def stream(self, offset: int, until: int) -> Iterator[bytes]:
        """The sealed bytes from `offset` until `until`. Raises BadData if they are not all there."""
        with (self._folder / PIECES).open("rb") as file:
            file.seek(offset)
            while offset < until:
                part = file.read(min(_READ, until - offset))
                if not part:
                    raise BadData(
                        "Sealed pieces are missing.", where=self._ref, next_step="take the item in again"
                    )
                offset += len(part)
                yield part

    def drop(self) -> None:
        """Destroy what is here of it: first the key, then the pieces."""
        (self._folder / ABOUT).unlink(missing_ok=True)
        if self._folder.is_dir():
            sync_folder(self._folder)
        shutil.rmtree(self._folder, ignore_errors=True)


class Held:
    """All items that this house holds, under `folder`."""

    def __init__(self, folder: Path, keys: CaseKeys) -> None:
        self._folder = folder
        self._keys = keys

    def item(self, ref: str, item: str, sha256: Digest) -> HeldItem:
        """The place of one item of case `ref`, whether something is there or not. Raises NotFound as keys."""
        name = self.secret(ref, f"held item {item} {sha256}").hex()
        return HeldItem(self._case(ref) / name, ref, self._keys)

    def secret(self, ref: str, what: str) -> bytes:
        """32 bytes that only this house can make for this case and purpose. Raises NotFound as keys."""
        return hmac.new(self._keys.get(ref), what.encode(), hashlib.sha256).digest()

    @contextmanager
    def noting(self, ref: str) -> Iterator[None]:
        """One after the other, in all processes: what is chained has one next place."""
        folder = self._case(ref)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder / LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _case(self, ref: str) -> Path:
        return _folder_of(self._folder, ref)


def items_of(folder: Path, ref: str) -> int:
    """How many items of case `ref` lie under `folder`, whole or in part."""
    return len(list(_folder_of(folder, ref).glob(f"*/{ABOUT}")))


def drop_case(folder: Path, ref: str) -> None:
    """Destroy everything that lies under `folder` for case `ref`. Safe to repeat."""
    case = _folder_of(folder, ref)
    for about in case.glob(f"*/{ABOUT}"):
        about.unlink(missing_ok=True)  # the key first
    shutil.rmtree(case, ignore_errors=True)


@contextmanager
def standing(item: Path) -> Iterator[list[tuple[str, IO[bytes], int]]]:
    """The files of an item as they are at this moment, for a copy while the house works: name, open file,
    size. Empty if there is nothing whole enough to be of use.

    Digests are looked at before pieces: so no digest is without its piece, and what is more is cut off when
    the intake goes on. An item that is destroyed meanwhile is still read to its end.
    """
    with ExitStack() as stack:
        found: list[tuple[str, IO[bytes], int]] = []
        try:
            for name in (ABOUT, DIGESTS, PIECES):
                file = stack.enter_context((item / name).open("rb"))
                found.append((name, file, os.fstat(file.fileno()).st_size))
        except FileNotFoundError:
            found = []
        yield found


def _folder_of(folder: Path, ref: str) -> Path:
    return folder / hashlib.sha256(ref.encode()).hexdigest()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
