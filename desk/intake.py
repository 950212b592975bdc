"""Are the bytes that come in those that were declared, and none that must never come in?

What is declared (digests and size) is asked of the list first, before a byte is read. Then the bytes are
hashed as they come; as long as they fit into memory nothing is written before all of them were hashed, and
what is larger is destroyed again if it was not what it was said to be.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from desk.refused_hashes import HashList, refused_hash
from letters.chunks import KEY, Piece, PieceRefused, Plan, Sealer, check_piece, piece_digest, root_of
from records.held import About, HeldItem
from schemas.errors import BadInput
from schemas.evidence import CHUNK, Brought

MEMORY = 32 * 1024 * 1024
"""Bytes of an item that are held in memory before the first is written."""


class NotAsDeclared(BadInput):
    """The whole is another one than was declared; what was written of it is destroyed."""

    code = "digest-mismatch"


def brought(item: str, told: Brought, origin: str) -> About:
    """What will be kept of a file that an officer brings, with a fresh key."""
    return About(
        item=item,
        sha256=told.sha256,
        md5=told.md5,
        sha1=told.sha1,
        size=told.size,
        chunk=CHUNK,
        key=secrets.token_bytes(KEY).hex(),
        origin=origin,
    )


def check_listed(about: About, listed: HashList) -> None:
    """Raises RefusedHash if what is declared is on the list."""
    told = {"sha256": about.sha256.removeprefix("sha256:"), "md5": about.md5, "sha1": about.sha1}
    if listed.holds(told):
        raise refused_hash(about.item)


@contextmanager
def intake(held: HeldItem, about: About, listed: HashList, kinds: tuple[str, ...]) -> Iterator[Intake]:
    """Take an item in, or go on where it stopped, alone. `kinds`: digests to compute, beside SHA-256 and
    those that the list needs. Raises RefusedHash, Conflict (`being-written`)."""
    check_listed(about, listed)
    with held.writing():
        made = Intake(held, about, listed, kinds)
        made.resume()
        yield made


class Intake:
    """One item on its way in. `number`: the piece that is wanted next (from 0)."""

    def __init__(self, held: HeldItem, about: About, listed: HashList, kinds: tuple[str, ...]) -> None:
        self._held = held
        self._listed = listed
        self._on_disk = False
        self._waiting: list[tuple[Piece, bytes]] = []
        self._hashes = {
            # Not for security: the lists that exist have no better digests.
            kind: hashlib.new(kind, usedforsecurity=False)
            for kind in dict.fromkeys(("sha256", *kinds, *listed.kinds))
        }
        self.number = 0
        self._take_up(about)

    def resume(self) -> None:
        """Go on behind the pieces that are here and still open; each is hashed again, none is asked for
        again."""
        before = self._held.about()
        if before is None or not self._same(before):
            self._held.keep_only(0, 0)
            return
        self._take_up(before)
        sealed = self.plan.sealed(0)
        count = self._held.cut(sealed) if self.plan.count > 1 else 0
        digests = self._held.digests()
        for number in range(count):
            box = self._held.piece(self.plan.offset(number), self.plan.sealed(number))
            try:
                check_piece(number, box, digests, self.plan)
                self._hash(self._sealer.open(number, box))
            except PieceRefused:
                break
        self._held.keep_only(self.number, sealed)
        self._on_disk = self.number > 0

    def take(self, content: bytes) -> None:
        """The next plain piece, of the size that the plan says. Raises PieceRefused (`truncated`,
        `surplus`)."""
        if self.number >= self.plan.count:
            raise PieceRefused("surplus", "More came than was declared.", self.number)
        if len(content) != self.plan.plain(self.number):
            what = f"The piece has {len(content)} bytes, not {self.plan.plain(self.number)}."
            raise PieceRefused("truncated", what, self.number)
        box = self._sealer.seal(self.number, content)
        self._hash(content)
        self._keep(box, piece_digest(box))

    def take_sealed(self, box: Piece, digests: bytes) -> None:
        """The next piece as the other house sealed it. `digests`: of all pieces, from its signed answer.
        Raises PieceRefused."""
        digest = check_piece(self.number, box, digests, self.plan)
        self._hash(self._sealer.open(self.number, box))
        self._keep(box, digest)

    def finish(self) -> About:
        """All pieces came. Raises PieceRefused (`truncated`), NotAsDeclared, RefusedHash; then nothing of it
        is left here."""
        if self.number < self.plan.count:
            missing = self.plan.count - self.number
            raise PieceRefused("truncated", f"{missing} pieces did not come.", self.number)
        found = {kind: made.hexdigest() for kind, made in self._hashes.items()}
        told = {
            "sha256": self._about.sha256.removeprefix("sha256:"),
            "md5": self._about.md5,
            "sha1": self._about.sha1,
        }
        differing = sorted(kind for kind, value in found.items() if told[kind] != value)
        on_list = self._listed.holds(found)
        if differing or on_list:
            self._waiting.clear()
            self._held.drop()
            if on_list:
                raise refused_hash(self._about.item)
            raise NotAsDeclared(
                f"The file is not the one that was declared: another {', '.join(differing)}.",
                where=self._about.item,
                next_step="nothing of it was kept; compare both files, or declare the item anew",
            )
        self._write_waiting()
        self._held.settle()
        whole = self._about.model_copy(update={"whole": True, "root": root_of(self._held.digests())})
        self._held.write_about(whole)
        return whole

    def _take_up(self, about: About) -> None:
        self._about = about
        self.plan = Plan(about.size, about.chunk)
        self._sealer = Sealer(bytes.fromhex(about.key), about.sha256, self.plan)

    def _same(self, before: About) -> bool:
        """Is what is here of the same sealing? One that was brought goes on under the key it began with."""
        wanted = self._about
        told = ("item", "sha256", "md5", "sha1", "size", "chunk", "origin", "root")
        same = all(getattr(before, name) == getattr(wanted, name) for name in told)
        return same and not before.whole and (not wanted.root or before.key == wanted.key)

    def _hash(self, content: bytes) -> None:
        for made in self._hashes.values():
            made.update(content)
        self.number += 1

    def _keep(self, box: Piece, digest: bytes) -> None:
        self._waiting.append((box, digest))
        if self._on_disk or self.number * self.plan.chunk > MEMORY:
            self._write_waiting()

    def _write_waiting(self) -> None:
        if not self._on_disk:
            self._held.write_about(self._about)
            self._on_disk = True
        boxes = [box for box, _ in self._waiting]
        self._held.append(boxes, [digest for _, digest in self._waiting])
        self._waiting.clear()
