"""Is this the digest of material that must never enter? A configured list, asked before a byte is written.

The lists of known abuse material that exist come as MD5, SHA-1 or SHA-256; any of them is taken, mixed, one
or more to a line. Nothing but digests is read from the file, and nothing of it is ever shown.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from schemas.errors import BadInput, RogatoryError
from schemas.settings import Settings

KINDS = {32: "md5", 40: "sha1", 64: "sha256"}
_DIGESTS = re.compile(rb"(?<![0-9A-Za-z])([0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})(?![0-9A-Za-z])")


class RefusedHash(RogatoryError):
    """The bytes are on the list: they stay outside, whatever anybody says."""

    code = "refused-hash"
    status = 422


def refused_hash(where: str) -> RefusedHash:
    """What whoever brought it is told."""
    return RefusedHash(
        "This file is on the list of material that is never taken in.",
        where=where,
        next_step="leave it with its custodian and note its custody; the head of the office is told",
    )


@dataclass(frozen=True)
class HashList:
    """Digests by kind, sorted and side by side: a million of them take some 16 to 32 megabytes."""

    rows: Mapping[str, bytes]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which sorts of digests it holds, so which must be known of a file."""
        return tuple(kind for kind, rows in self.rows.items() if rows)

    def holds(self, digests: Mapping[str, str]) -> bool:
        """Is one of these digests (kind to hexadecimal digits) on the list?"""
        return any(_in(self.rows.get(kind, b""), bytes.fromhex(value)) for kind, value in digests.items())

    def holds_content(self, content: bytes) -> bool:
        """Are these bytes on the list?"""
        # Not for security: the lists that exist have no better digests.
        return self.holds({k: hashlib.new(k, content, usedforsecurity=False).hexdigest() for k in self.kinds})


def list_of(settings: Settings) -> HashList:
    """The list of this house; an empty one if none is set. Read again when the file changes.

    Raises BadInput if it cannot be read or holds no digest: then nothing is taken in.
    """
    path = settings.refused_hashes
    if path is None:
        return HashList({})
    try:
        seen = path.stat()
        return _read(path, seen.st_mtime_ns, seen.st_size)
    except OSError as error:
        raise BadInput(
            "The list of refused hashes cannot be read, so nothing is taken in.",
            where=f"refused_hashes: {path}",
            next_step=error.strerror or "bring the file back",
        ) from error


def check_content(settings: Settings, content: bytes, where: str) -> None:
    """Raises RefusedHash if these bytes are on the list of the house, BadInput as `list_of`."""
    if list_of(settings).holds_content(content):
        raise refused_hash(where)


@lru_cache(maxsize=2)
def _read(path: Path, changed: int, size: int) -> HashList:
    found: dict[str, list[bytes]] = {kind: [] for kind in KINDS.values()}
    with path.open("rb") as file:
        for line in file:
            if line.lstrip().startswith(b"#"):
                continue
            for told in _DIGESTS.findall(line):
                found[KINDS[len(told)]].append(bytes.fromhex(told.decode("ascii")))
    if not any(found.values()):
        raise BadInput(
            "The list of refused hashes holds no digest, so nothing is taken in.",
            where=f"refused_hashes: {path}",
            next_step="one MD5, SHA-1 or SHA-256 to a line, in hexadecimal digits",
        )
    return HashList({kind: b"".join(sorted(set(rows))) for kind, rows in found.items()})


def _in(rows: bytes, wanted: bytes) -> bool:
    size = len(wanted)
    place = bisect_left(_Rows(rows, size), wanted)
    return rows[place * size : (place + 1) * size] == wanted


@dataclass(frozen=True, slots=True)
class _Rows:
    """`rows` as a sequence of digests of `size` bytes, without a copy."""

    rows: bytes
    size: int

    def __len__(self) -> int:
        return len(self.rows) // self.size

    def __getitem__(self, place: int) -> bytes:
        return self.rows[place * self.size : (place + 1) * self.size]
