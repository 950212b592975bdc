"""Which key encrypts the papers of one case, and how is it kept, used and destroyed?"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, insert, select, update

from records.database import Database
from records.moments import now, text_of
from records.references import HOUSE, check_ref, is_taken, reserve_within
from records.tables import CASE_KEYS
from schemas.errors import BadData, BadInput, Conflict, NotFound

MASTER_FILE = "master.key"
NEXT_FILE = "master.next.key"
"""The master key that is about to take its place (`records.rewrap`)."""

KEY_BYTES = 32
NONCE_BYTES = 12

REMEMBERED_SECONDS = 60.0
"""How long an unwrapped key stays in memory: another process may destroy it meanwhile."""

REMEMBERED_KEYS = 4096


@dataclass(frozen=True, slots=True)
class _Unwrapped:
    key: bytes
    cipher: AESGCM
    until: float


def new_master_key(folder: Path, name: str = MASTER_FILE) -> Path:
    """Make `folder`/`name` (32 random bytes, for its owner's eyes only). Raises Conflict if it exists."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Conflict(
            "The house has a master key already.",
            where=str(path),
            next_step="keep it: without it nothing in the records can be read",
        ) from error
    with os.fdopen(file, "wb") as out:
        out.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
        out.flush()
        os.fsync(out.fileno())
    return path


def load_master_key(folder: Path, name: str = MASTER_FILE) -> bytes:
    """The master key. Raises BadInput if it is missing, malformed, or open to other users of the machine."""
    path = folder / name
    if not path.is_file():
        raise BadInput(
            "The house has no master key.",
            where=str(path),
            next_step="make a new house, or bring the key back from where you keep it apart from the backups",
        )
    if path.stat().st_mode & 0o077:
        raise BadInput(
            "Other users of this machine may read the master key.",
            where=str(path),
            next_step=f"chmod 600 {path}",
        )
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise BadInput("The master key is damaged.", where=str(path), next_step="bring it back from its copy")
    return key


def master_id(master: bytes) -> str:
    """Names a master key without telling anything about it: 16 hexadecimal digits."""
    return hmac.new(master, b"rogatory master key", hashlib.sha256).hexdigest()[:16]


def old_file(master: bytes) -> str:
    """Where a master key lies that another has replaced."""
    return f"master.{master_id(master)}.key"


def masters(folder: Path) -> dict[str, bytes]:
    """Every master key in `folder` by its name: the one that counts, the next one, and older ones."""
    found = [load_master_key(folder)]
    found += [load_master_key(folder, path.name) for path in sorted(folder.glob("master.*.key"))]
    return {master_id(master): master for master in found}


def wrap(master: bytes, ref: str, key: bytes) -> bytes:
    """The case key of `ref` as it lies in the database: nonce and ciphertext, bound to `ref`."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(master).encrypt(nonce, key, ref.encode())


def unwrap(known: Mapping[str, bytes], ref: str, wrapped: bytes, master: str) -> bytes:
    """The case key in `wrapped`, which the master key named `master` opens, if it is `known`.

    Raises BadInput without that master key, BadData if the wrapped key was altered.
    """
    if master not in known:
        raise BadInput(
            "The case key was wrapped by another master key than this house has.",
            where=ref,
            next_step=f"bring back the master key named {master}",
        )
    try:
        return AESGCM(known[master]).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], ref.encode())
    except (InvalidTag, ValueError) as error:
        raise BadData("The case key is damaged.", where=ref, next_step="restore a backup") from error


def erased(ref: str) -> NotFound:
    """What every reader of an erased case is told."""
    return NotFound(
        f"The case {ref} was erased.",
        where=ref,
        next_step="its certificate of erasure is kept",
        code="erased",
    )


def unknown(ref: str) -> NotFound:
    """What every reader of a case that is not there is told."""
    return NotFound(f"There is no case {ref[:80]}.", where=ref[:80], next_step="check the reference")


def destroy_within(connection: Connection, ref: str, at: str) -> None:
    """Destroy the key for ever, inside a write transaction that is open; `CaseKeys.forget` follows it.

    Nothing of the case can be read again. Only erasure does this.
    """
    connection.execute(update(CASE_KEYS).where(CASE_KEYS.c.ref == ref).values(wrapped=None, destroyed=at))


class CaseKeys:
    """Keys of the cases, each wrapped by the house's master key. Safe to use from many threads."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._wrapping = load_master_key(folder)
        self.master = master_id(self._wrapping)
        self._masters = masters(folder)
        self._known: dict[str, _Unwrapped] = {}

    def create(self, ref: str) -> None:
        """Give case `ref` a key (and take the reference if it was not); nothing happens if it has one.

        Raises NotFound (`erased`) if it was destroyed, BadInput if no case may carry this reference.
        """
        check_ref(ref)
        if self._remembered(ref) is None:
            self._database.write(lambda connection: self._create(connection, ref))

    def create_house(self) -> None:
        """Give the house itself a key, for entries that belong to no case; nothing happens if it has one."""
        try:
            self.get(HOUSE)
        except NotFound:
            self._database.write(lambda connection: self._create(connection, HOUSE))

    def get(self, ref: str) -> bytes:
        """The key of `ref`, 32 bytes. Raises NotFound: unknown case, or code `erased`."""
        return self._unwrapped(ref).key

    def encrypt(self, ref: str, content: bytes) -> bytes:
        """Nonce and AES-256-GCM ciphertext of `content`, bound to `ref`. Raises as `get`."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._unwrapped(ref).cipher.encrypt(nonce, content, ref.encode())

    def decrypt(self, ref: str, box: bytes) -> bytes:
        """What `encrypt` was given. Raises NotFound as `get`; BadData if the bytes were altered."""
        cipher = self._unwrapped(ref).cipher
        try:
            return cipher.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], ref.encode())
        except (InvalidTag, ValueError) as error:
            raise BadData(
                "Encrypted content was altered, or belongs to another case.",
                where=ref,
                next_step="verify the ledger, and restore from a backup what was damaged",
            ) from error

    def forget(self, ref: str) -> None:
        """Drop the key from this process's memory."""
        self._known.pop(ref, None)

    def _create(self, connection: Connection, ref: str) -> None:
        row = connection.execute(select(CASE_KEYS.c.destroyed).where(CASE_KEYS.c.ref == ref)).first()
        if row is not None:
            if row.destroyed is not None:
                raise erased(ref)
            return
        if ref != HOUSE and not is_taken(connection, ref):
            reserve_within(connection, ref)
        wrapped = wrap(self._wrapping, ref, os.urandom(KEY_BYTES))
        made = {"ref": ref, "wrapped": wrapped, "master": self.master, "made": text_of(now())}
        connection.execute(insert(CASE_KEYS), made)

    def _remembered(self, ref: str) -> _Unwrapped | None:
        known = self._known.get(ref)
        return known if known is not None and known.until > time.monotonic() else None

    def _unwrapped(self, ref: str) -> _Unwrapped:
        known = self._remembered(ref)
        if known is not None:
            return known
        with self._database.read() as connection:
            row = connection.execute(
                select(CASE_KEYS.c.wrapped, CASE_KEYS.c.master).where(CASE_KEYS.c.ref == ref)
            ).first()
        if row is None:
            raise unknown(ref)
        if row.wrapped is None:
            self.forget(ref)
            raise erased(ref)
        key = self._unwrap(ref, row.wrapped, row.master)
        fresh = _Unwrapped(key, AESGCM(key), time.monotonic() + REMEMBERED_SECONDS)
        if len(self._known) >= REMEMBERED_KEYS:
            self._known.clear()
        self._known[ref] = fresh
        return fresh

    def _unwrap(self, ref: str, wrapped: bytes, master: str) -> bytes:
        if master not in self._masters:
            # Another process may be changing the master key right now.
            self._masters = masters(self._folder)
        return unwrap(self._masters, ref, wrapped, master)
