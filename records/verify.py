"""Was a ledger altered? Checks an export offline, with nothing but the export, a head and public keys."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import ValidationError

from records.chain import EXPORT, HASHED, START, canonical, entry_hash, first_root, next_root
from schemas.ids import digest
from schemas.messages import Head

ALGORITHMS = ["Ed25519", "EdDSA"]

_HEADER = {"type", "house", "count", "root"}
_FIELDS = {*HASHED, "hash", "body"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong: `code`, `where` (line or entry), `what` in a sentence without content of a case."""

    code: str
    where: str
    what: str


@dataclass(slots=True)
class _Case:
    """How far one case has come in the export."""

    last: str = START
    moves: int = 0
    notes: int = 0


@dataclass(slots=True)
class _Walk:
    """How far the export has been read. `roots` after each entry, the first for none."""

    header: dict[str, Any] | None = None
    count: int = 0
    roots: list[str] = field(default_factory=lambda: [START])
    cases: dict[str, _Case] = field(default_factory=dict)


def verify_export(
    lines: Iterable[str | bytes],
    head_jws: str | None = None,
    keys: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Problem]:
    """Every problem of an export; empty if it is whole. Lines may carry their line feed.

    `head_jws`: a signed head as a counterpart keeps it; `keys`: public JWKs of the house by `kid`. Without a
    head, entries cut off at the end by someone who also rewrote the first line stay unseen; so does a ledger
    written anew from the first entry.
    """
    walk = _Walk()
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        problems += _check_line(walk, number, line)
    problems += _check_end(walk)
    if head_jws is not None:
        problems += _check_head(walk, head_jws, keys or {})
    return problems


def verify_bytes(
    content: bytes, head_jws: str | None = None, keys: Mapping[str, Mapping[str, Any]] | None = None
) -> list[Problem]:
    """As `verify_export`, for the whole of a file. Only the line feed ends a line."""
    lines = content.split(b"\n")
    if lines and lines[-1] == b"":
        lines.pop()
    return verify_export(lines, head_jws, keys)


def open_head(head_jws: str, keys: Mapping[str, Mapping[str, Any]]) -> Head | Problem:
    """The head, if one of `keys` signed it."""
    try:
        kid = json.loads(base64.urlsafe_b64decode(head_jws.split(".")[0] + "==")).get("kid", "")
        if kid not in keys:
            return Problem("unknown-key", "head", f"The head was signed with a key we do not know ({kid!r}).")
        key = OKPKey.import_key(dict(keys[kid]))
        opened = jws.deserialize_compact(head_jws, key, algorithms=ALGORITHMS)
        return Head.model_validate_json(opened.payload)
    except (JoseError, ValidationError, ValueError, RecursionError, AttributeError, TypeError):
        return Problem("bad-head", "head", "The head's signature does not hold, or it is no head.")


def _check_line(walk: _Walk, number: int, line: str | bytes) -> Iterator[Problem]:
    where = f"line {number}"
    values = _parsed(line)
    if values is None:
        yield Problem("malformed", where, "The line is not the canonical JSON that was exported.")
    elif number == 1:
        if set(values) != _HEADER or values["type"] != EXPORT:
            yield Problem("no-header", where, "The first line does not begin an export of a ledger.")
        else:
            walk.header = values
            walk.roots = [first_root(str(values["house"]))]
    elif set(values) != _FIELDS:
        yield Problem("malformed", where, "The line lacks a field of an entry, or has one too many.")
    else:
        yield from _check_entry(walk, where, values)


def _parsed(line: str | bytes) -> dict[str, Any] | None:
    """The object on this line, if the line is exactly its canonical form."""
    try:
        text = (line.decode("utf-8") if isinstance(line, bytes) else line).removesuffix("\n")
        values = json.loads(text)
        good = (
            isinstance(values, dict)
            and all(value is None or type(value) in (str, int) for value in values.values())
            and canonical(values) == text
            and text.encode("utf-8") != b""
        )
    except (ValueError, RecursionError):
        return None
    return values if good else None


def _check_entry(walk: _Walk, where: str, values: dict[str, Any]) -> Iterator[Problem]:
    walk.count += 1
    name = f"{values['ref']} {_place(values)} ({where})"
    case = walk.cases.setdefault(str(values["ref"]), _Case())
    if values["seq"] != walk.count:
        yield Problem("gap", name, f"Entry {walk.count} is missing or out of order: found {values['seq']}.")
    if not _hash_holds(values):
        yield Problem("altered", name, "The entry is not the one that was written: its hash does not hold.")
    if not _body_holds(values):
        yield Problem("altered-body", name, "The encrypted content is not the one that was written.")
    if values["prev"] != case.last:
        yield Problem("broken-chain", name, "The entry does not follow the one before it in its case.")
    yield from _check_place(case, name, values)
    case.last = str(values["hash"])
    walk.roots.append(_root_after(walk.roots[-1], case.last))


def _place(values: dict[str, Any]) -> str:
    return f"move {values['move']}" if values["move"] is not None else f"note {values['note']}"


def _check_place(case: _Case, name: str, values: dict[str, Any]) -> Iterator[Problem]:
    if (values["move"] is None) == (values["note"] is None):
        yield Problem("altered", name, "The entry is neither a move nor a note, or both.")
        return
    if values["move"] is not None:
        case.moves += 1
        expected, found = case.moves, values["move"]
    else:
        case.notes += 1
        expected, found = case.notes, values["note"]
    if expected != found:
        yield Problem("gap", name, f"The case goes on with {found} where {expected} is next.")


def _hash_holds(values: dict[str, Any]) -> bool:
    return bool(entry_hash(values) == values["hash"])


def _body_holds(values: dict[str, Any]) -> bool:
    try:
        body = base64.b64decode(values["body"], validate=True)
    except (binascii.Error, TypeError, ValueError):
        return False
    # More than one text stands for the same bytes; only the one we write is taken.
    return (base64.b64encode(body).decode(), digest(body)) == (values["body"], values["body_digest"])


def _root_after(root: str, hash: str) -> str:
    try:
        return next_root(root, hash)
    except ValueError:
        return START


def _check_end(walk: _Walk) -> Iterator[Problem]:
    if walk.header is None:
        yield Problem("no-header", "line 1", "The export is empty, or its first line is missing.")
        return
    if walk.header["count"] != walk.count:
        yield Problem(
            "cut",
            "line 1",
            f"The export promises {walk.header['count']} entries and holds {walk.count}.",
        )
    if walk.header["root"] != walk.roots[-1]:
        yield Problem("altered", "line 1", "The root on the first line is not that of the entries.")


def _check_head(walk: _Walk, head_jws: str, keys: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    head = open_head(head_jws, keys)
    if isinstance(head, Problem):
        yield head
        return
    if walk.header is not None and walk.header["house"] != head.house:
        yield Problem(
            "other-house", "head", f"The head is that of {head.house}, the export of {walk.header['house']}."
        )
        return
    if not 0 <= head.count <= walk.count:
        yield Problem(
            "cut", "head", f"The head covers {head.count} entries, the export holds only {walk.count}."
        )
    elif walk.roots[head.count] != head.root.removeprefix("sha256:"):
        yield Problem(
            "rewritten", "head", f"The first {head.count} entries are not those that the head covers."
        )
