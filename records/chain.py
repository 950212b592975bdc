"""How is one entry bound to all before it? By a hash over itself and the hash of the entry before.

Pure: no database, no key. What is hashed is canonical JSON (RFC 8785) of the fields in HASHED; content enters
by the digest of its ciphertext, so that the chain still holds once a case is erased.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

HASHED = (
    "actor",
    "at",
    "body_digest",
    "event",
    "house",
    "key",
    "message",
    "move",
    "note",
    "prev",
    "ref",
    "row",
    "sealed",
    "seq",
    "state",
    "under",
)

EXPORT = "rogatory/ledger/1"
"""Type of an export, on its first line."""

START = "0" * 64
"""`prev` of the first entry of a case."""

Value = str | int | None


def canonical(values: Mapping[str, Value]) -> str:
    """RFC 8785 for flat objects of text, whole numbers and null: there the standard encoder agrees."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def entry_hash(values: Mapping[str, Value]) -> str:
    """Hash of one entry (its fields in HASHED; others are ignored): 64 hexadecimal digits."""
    hashed = canonical({name: values[name] for name in HASHED})
    return hashlib.sha256(hashed.encode()).hexdigest()


def first_root(house: str) -> str:
    """Root of a house that has no entry yet. It names the house, so that no root serves for two."""
    return hashlib.sha256(f"{EXPORT}\n{house}".encode()).hexdigest()


def next_root(root: str, hash: str) -> str:
    """Root of the house after one more entry: SHA-256 of the root before and the entry's hash, as bytes."""
    return hashlib.sha256(bytes.fromhex(root) + bytes.fromhex(hash)).hexdigest()
