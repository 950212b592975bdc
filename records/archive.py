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
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.errors import BadData, NotFound

BACKUP = "rogatory/backup/1"
MANIFEST = "manifest.json"
TEMPORAL = "temporal.sqlite"

_NAMES = re.compile(
    rf"tables/[a-z_]{{1,60}}\.jsonl|vault/[0-9a-f]{{64}}/[0-9a-f]{{64}}|{re.escape(TEMPORAL)}"
)
_PIECE = 1 << 20
_UNREADABLE = (tarfile.TarError, zlib.error, EOFError, OSError)


class Manifest(BaseModel):
    """What the file holds. `schema_revision`: of the tables, `master`: name of the master key."""

    model_config = ConfigDict(extra="forbid")

    type: str
    house: str
    schema_revision: str
    master: str
    made: str
    rows: dict[str, int]
    files: dict[str, str]


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
            self.files[name] = hashlib.file_digest(content, "sha256").hexdigest()
            content.seek(0)
            self._write(name, content, path.stat().st_size)

    def finish(self, manifest: Manifest) -> None:
        """Add the last member."""
        self._write(MANIFEST, io.BytesIO(text := manifest.model_dump_json().encode()), len(text))

    def _write(self, name: str, content: Any, size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size = size
        info.mode = 0o600
        self.tar.addfile(info, content)


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
    except (*_UNREADABLE, ValidationError) as error:
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


def unpack_vault(path: Path, folder: Path) -> int:
    """Write every document (ciphertext) under `folder`. Returns how many. Only names that fit are taken."""
    count = 0
    with tarfile.open(path, "r:gz") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if member.name.startswith("vault/") and _NAMES.fullmatch(member.name) and content is not None:
                target = folder / member.name.removeprefix("vault/")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())
                count += 1
    return count


def unpack_temporal(path: Path, target: Path) -> bool:
    """Write Temporal's file to `target`. False if the backup has none."""
    with tarfile.open(path, "r:gz") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if member.name == TEMPORAL and content is not None:
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as out:
                    while piece := content.read(_PIECE):
                        out.write(piece)
                return True
    return False
