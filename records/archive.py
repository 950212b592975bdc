"""What does a backup look like, and is this one whole? A tar.gz whose last member tells what is in it."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.errors import BadData, NotFound

BACKUP = "rogatory/backup/1"
MANIFEST = "manifest.json"
TEMPORAL = "temporal.sqlite"

_NAMES = re.compile(
    r"tables/[a-z_]{1,60}\.jsonl"
    r"|vault/[0-9a-f]{64}/[0-9a-f]{64}"
    r"|held/[0-9a-f]{64}/[0-9a-f]{64}/(?:about|pieces|digests)"
    rf"|{re.escape(TEMPORAL)}"
)
_PIECE = 1 << 20
_UNREADABLE = (tarfile.TarError, zlib.error, EOFError, OSError)


class Manifest(BaseModel):
    """What the file holds. `schema_revision`: of the tables, `master`: name of the master key. `held`: are
    the sealed items of evidence in it? Backups of earlier releases left them out."""

    model_config = ConfigDict(extra="forbid")

    type: str
    house: str
    schema_revision: str
    master: str
    made: str
    rows: dict[str, int]
    files: dict[str, str]
    held: bool = False


@dataclass(slots=True)
class ArchiveWriter:
    """Adds members to a backup that is being written, and remembers their digests."""

    tar: tarfile.TarFile
    files: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, content: bytes) -> None:
        """Add `content` under `name`."""
        self.files[name] = hashlib.sha256(content).hexdigest()
        self._write(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> None:
        """Add the file at `path`, which nobody changes meanwhile, under `name`."""
        with path.open("rb") as content:
            self.add_open(name, content, path.stat().st_size)

    def add_open(self, name: str, content: IO[bytes], size: int) -> None:
        """Add the next `size` bytes of an open file under `name`; what is written behind them stays out."""
        read = _Hashing(content)
        self._write(name, read, size)
        self.files[name] = read.hashed.hexdigest()

    def finish(self, manifest: Manifest) -> None:
        """Add the last member."""
        self._write(MANIFEST, io.BytesIO(text := manifest.model_dump_json().encode()), len(text))

    def _write(self, name: str, content: Any, size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size = size
        info.mode = 0o600
        self.tar.addfile(info, content)


class _Hashing:
    """A file that is read once, and the digest of what was read."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.hashed = hashlib.sha256()

    def read(self, size: int) -> bytes:
        piece = self._content.read(size)
        self.hashed.update(piece)
        return piece


def _damaged(path: Path, what: str) -> BadData:
    return BadData(
        f"The backup is damaged: {what}.", where=str(path), next_step="take another backup", code="bad-backup"
    )


def read_manifest(path: Path) -> Manifest:
    """The manifest of a backup, once everything in the file is what it says.

    Raises NotFound if there is no such file, BadData (`bad-backup`) if one byte is not as it was written.
    """
    if not path.is_file():
        raise NotFound("There is no such backup.", where=str(path), next_step="give the path of the file")
    try:
        with tarfile.open(path, "r:gz") as tar:
            manifest, found = _walked(path, tar)
    except (*_UNREADABLE, ValidationError, OverflowError) as error:
        raise _damaged(path, "it cannot be read to its end") from error
    if manifest is None or manifest.type != BACKUP:
        raise _damaged(path, "it has no manifest of a kind we know")
    if manifest.files != found:
        differing = sorted(name for name, _ in manifest.files.items() ^ found.items())
        raise _damaged(path, f"{differing[0]} is not as it was written")
    return manifest


def _walked(path: Path, tar: tarfile.TarFile) -> tuple[Manifest | None, dict[str, str]]:
    """The manifest, and the digests of all members before it."""
    found: dict[str, str] = {}
    manifest: Manifest | None = None
    for member in tar:
        content = tar.extractfile(member) if member.isreg() else None
        if manifest is not None or content is None or member.name in found:
            raise _damaged(path, f"{member.name[:80]!r} does not belong into it")
        if member.name == MANIFEST:
            manifest = Manifest.model_validate_json(content.read())
        elif _NAMES.fullmatch(member.name):
            found[member.name] = _digest_of(content)
        else:
            raise _damaged(path, f"{member.name[:80]!r} does not belong into it")
    return manifest, found


def _digest_of(content: Any) -> str:
    hashed = hashlib.sha256()
    while piece := content.read(_PIECE):
        hashed.update(piece)
    return hashed.hexdigest()


def read_rows(path: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Table by table: its name and its rows, as they were added."""
    with tarfile.open(path, "r:gz") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if member.name.startswith("tables/") and content is not None:
                name = member.name.removeprefix("tables/").removesuffix(".jsonl")
                yield name, [json.loads(line) for line in content.read().splitlines()]


def unpack_folder(path: Path, part: str, folder: Path) -> int:
    """Write every file under `part` (`vault`, `held`: ciphertext) into `folder`. Returns how many. Only names
    that fit are taken."""
    count = 0
    with tarfile.open(path, "r:gz") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if member.name.startswith(f"{part}/") and _NAMES.fullmatch(member.name) and content is not None:
                target = folder / member.name.removeprefix(f"{part}/")
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                _copy(content, target)
                count += 1
    return count


def unpack_temporal(path: Path, target: Path) -> bool:
    """Write Temporal's file to `target`. False if the backup has none."""
    with tarfile.open(path, "r:gz") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if member.name == TEMPORAL and content is not None:
                target.parent.mkdir(parents=True, exist_ok=True)
                _copy(content, target)
                return True
    return False


def _copy(content: IO[bytes], target: Path) -> None:
    with target.open("wb") as out:
        while piece := content.read(_PIECE):
            out.write(piece)
