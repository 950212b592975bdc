"""How are tables, archives, mails, certificates and letters changed so that their readers read on?"""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
import zlib
from random import Random

from fuzz.mutate import MAGIC, spliced, spoiled
from fuzz.trees import json_spoiled

LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a0 "hahahahahaha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (step, b"&a%d;" % (step - 1) * 10) for step in range(1, 10))
    + b"]>"
)
_TAG = re.compile(rb"<[^<>]{1,200}>")
_VALUE = re.compile(rb'"[^"<>]{0,80}"')
LARGEST_ARCHIVE = 4 * 1024 * 1024
_BOMB: dict[int, bytes] = {}


def bytes_spoiled(data: bytes, other: bytes, chance: Random) -> bytes:
    """Any bytes."""
    return spliced(data, other, chance) if chance.random() < 0.05 else spoiled(data, chance)


def lines_spoiled(data: bytes, other: bytes, chance: Random) -> bytes:
    """YAML, TOML, CSV, mail headers: whole lines are moved, indented, doubled, changed."""
    if chance.random() < 0.35:
        return bytes_spoiled(data, other, chance)
    lines, more = data.split(b"\n"), other.split(b"\n")
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(lines) + 1)
        here = lines[place : place + 1]
        way = chance.randrange(6)
        if way == 0:
            lines[place : place + 1] = []
        elif way == 1:
            lines[place:place] = here * chance.choice((1, 2, 60))
        elif way == 2:
            lines[place:place] = [chance.choice(more)]
        elif way == 3:
            lines[place : place + 1] = [b" " * chance.choice((1, 2, 4)) + one for one in here]
        elif way == 4:
            lines[place : place + 1] = [one.strip() for one in here]
        else:
            lines[place : place + 1] = [spoiled(one, chance)[:5000] for one in here]
        lines = lines or [b""]
    return b"\n".join(lines)


def cells_spoiled(data: bytes, other: bytes, chance: Random) -> bytes:
    """A table with commas: single cells take other values."""
    if chance.random() < 0.4:
        return lines_spoiled(data, other, chance)
    rows = [line.split(b",") for line in data.split(b"\n")]
    for _ in range(chance.randint(1, 5)):
        row = chance.choice(rows)
        row[chance.randrange(len(row))] = chance.choice(
            (*MAGIC, chance.choice(chance.choice(rows)), b"x" * 2100)
        )
    return b"\n".join(b",".join(row) for row in rows)


def xml_spoiled(data: bytes, chance: Random) -> bytes:
    """XML: tags, values, entities."""
    way = chance.randrange(7)
    tags = list(_TAG.finditer(data[:50_000]))
    if way == 0 or not tags:
        return spoiled(data, chance)
    tag = chance.choice(tags)
    if way == 1:
        return data[: tag.start()] + data[tag.end() :]
    if way == 2:
        return data[: tag.end()] + tag.group() * chance.choice((1, 3, 2000)) + data[tag.end() :]
    if way == 3:
        return _declaring(data, chance)
    if way == 4:
        other = chance.choice(tags)
        return data[: tag.start()] + other.group() + data[tag.end() :]
    values = list(_VALUE.finditer(data[:50_000]))
    if way == 5 and values:
        value = chance.choice(values)
        return data[: value.start() + 1] + chance.choice(MAGIC) + data[value.end() - 1 :]
    return data[: tag.end()] + chance.choice(MAGIC) + data[tag.end() :]


def _declaring(data: bytes, chance: Random) -> bytes:
    """With entities of its own, used in some text."""
    head = data.find(b"?>") + 2 if data.startswith(b"<?xml") else 0
    file = b'<!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/hostname">]>'
    told = data[:head] + chance.choice((LAUGHS, file)) + data[head:]
    place = told.rfind(b"</", 0, chance.randint(len(told) // 2, len(told)))
    return told[:place] + b"&a9;" + told[place:] if place > 0 else told


def zip_spoiled(data: bytes, other: bytes, chance: Random) -> bytes:
    """An archive: its members changed, renamed, doubled, missing, huge."""
    if chance.random() < 0.3:
        return bytes_spoiled(data, other, chance)
    parts = _unpacked(data)
    if parts is None:
        return bytes_spoiled(data, other, chance)
    for _ in range(chance.randint(1, 3)):
        parts = _members(parts or [("x", b"")], chance)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for name, content in parts:
            how = zipfile.ZIP_DEFLATED if len(content) > 100_000 else zipfile.ZIP_STORED
            if chance.random() < 0.995 or not content:
                made.writestr(zipfile.ZipInfo(name), content, how)
    return _bombed(out.getvalue(), chance)


def _unpacked(data: bytes) -> list[tuple[str, bytes]] | None:
    """The members; None for no archive, or one that only pretends to be small."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old:
            if sum(one.file_size for one in old.infolist()) > LARGEST_ARCHIVE:
                return None
            return [(name, old.read(name)) for name in old.namelist()]
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return None


def _members(parts: list[tuple[str, bytes]], chance: Random) -> list[tuple[str, bytes]]:
    place = chance.randrange(len(parts))
    name, content = parts[place]
    way = chance.random()
    if way < 0.75:
        changed = xml_spoiled(content, chance) if content[:1] in (b"<", b"\xef") else spoiled(content, chance)
        return [*parts[:place], (name, changed), *parts[place + 1 :]]
    if way < 0.85:
        return [*parts[:place], *parts[place + 1 :]]
    if way < 0.95:
        names = [*(one for one, _ in parts), "../x", "/x", "word/vbaProject.bin", "\\x", "x" * 300]
        return [*parts, (chance.choice(names), content)]
    return [*parts[:place], (chance.choice(("a", "xl/workbook.xml", "..")), content), *parts[place + 1 :]]


def _bombed(data: bytes, chance: Random) -> bytes:
    """Now and then it claims, for the first of its members, more or less than is there."""
    at = data.find(b"PK\x01\x02")
    if chance.random() > 0.1 or at < 0:
        return data
    size = chance.choice((0, 1, 2, 1 << 20, 10 * 1024**3 - (1 << 33), 0xFFFFFFFF, 0x7FFFFFFF))
    return data[: at + 24] + (size & 0xFFFFFFFF).to_bytes(4, "little") + data[at + 28 :]


def bomb(name: str, size: int) -> bytes:
    """A small archive whose one member unpacks to `size` bytes."""
    if size not in _BOMB:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
            made.writestr(zipfile.ZipInfo(name), b"0" * size, zipfile.ZIP_DEFLATED)
        _BOMB[size] = out.getvalue()
    return _BOMB[size]


def der_spoiled(data: bytes, other: bytes, chance: Random) -> bytes:
    """ASN.1 in DER: one value changed, left out or doubled, and all lengths around it put right again."""
    if chance.random() < 0.35:
        return bytes_spoiled(data, other, chance)
    try:
        return b"".join(_node(head, body, chance, 0.15) for head, body in _tlv(data))
    except (ValueError, RecursionError):
        return bytes_spoiled(data, other, chance)


def _tlv(data: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 0
    while at < len(data):
        head, length, begin = data[at], data[at + 1] if at + 1 < len(data) else 0x80, at + 2
        if length & 0x80:
            more = length & 0x7F
            length, begin = int.from_bytes(data[begin : begin + more], "big"), begin + more
        if head & 0x1F == 0x1F or begin + length > len(data) or length < 0:
            raise ValueError
        found.append((head, data[begin : begin + length]))
        at = begin + length
    return found


def _node(head: int, body: bytes, chance: Random, likely: float) -> bytes:
    if chance.random() < likely / 8:
        way = chance.randrange(4)
        if way == 0:
            return b""
        if way == 1:
            head ^= chance.choice((0x01, 0x20, 0x80, 0x02))
        elif way == 2:
            body = spoiled(body, chance)
        else:
            return _written(head, body) * 2
    elif head & 0x20:
        body = b"".join(_node(inner, content, chance, likely) for inner, content in _tlv(body))
    return _written(head, body)


def _written(head: int, body: bytes) -> bytes:
    size = len(body)
    if size < 0x80:
        return bytes([head, size]) + body
    told = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([head, 0x80 | len(told)]) + told + body


def pem_spoiled(data: bytes, other: bytes, chance: Random) -> bytes:
    """PEM: what is inside is changed as DER."""
    lines = data.split(b"\n")
    if chance.random() < 0.3 or len(lines) < 3:
        return bytes_spoiled(data, other, chance)
    try:
        inside = base64.b64decode(b"".join(lines[1:-2]))
    except binascii.Error:
        return bytes_spoiled(data, other, chance)
    told = base64.encodebytes(der_spoiled(inside, inside, chance))
    return lines[0] + b"\n" + told + b"\n".join(lines[-2:])


def jws_spoiled(data: bytes, other: bytes, chance: Random) -> bytes:
    """A signed message: one of its parts changed as what it is."""
    parts = data.split(b".")
    if chance.random() < 0.3 or len(parts) != 3:
        return bytes_spoiled(data, other, chance)
    place = chance.randrange(3)
    inside = _unpadded(parts[place])
    changed = spoiled(inside, chance) if place == 2 else json_spoiled(inside, inside, chance)
    parts[place] = base64.urlsafe_b64encode(changed).rstrip(b"=")
    return b".".join(parts)


def _unpadded(part: bytes) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except binascii.Error:
        return part


def pdf_spoiled(data: bytes, other: bytes, chance: Random) -> bytes:
    """A PDF: numbers and names of its objects, the table at its end, the seal."""
    way = chance.randrange(5)
    if way == 0:
        return bytes_spoiled(data, other, chance)
    found = list(
        re.finditer((rb"\d+", rb"/[A-Za-z0-9]+", rb"<<|>>|obj|endobj|stream|endstream")[way % 3], data)
    )
    if not found:
        return bytes_spoiled(data, other, chance)
    out = data
    for one in sorted(
        chance.sample(found, min(len(found), chance.randint(1, 3))), key=lambda each: -each.start()
    ):
        told = chance.choice(found).group() if chance.random() < 0.6 else chance.choice(MAGIC)
        out = out[: one.start()] + told + out[one.end() :]
    return out
