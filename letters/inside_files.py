"""What does a document say, in texts that can be looked through, and what in it cannot be read?

What a file is, its bytes tell, not its name. PDF, office documents, archives, mail, web pages, XML, JSON, RTF
and plain text are read, also inside one another. Called in a process of its own (`letters.enclosed`), which
bounds time and memory; so only what this needs is imported.
"""

from __future__ import annotations

import io
import json
import math
import re
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.parser import BytesParser
from email.policy import compat32

from letters.inside import Inside
from letters.inside_markup import MEANT, html, xml
from letters.inside_pdf import pdf
from letters.inside_rtf import WRITTEN, ways
from letters.leaks import texts_in
from letters.packed import BROKEN, Entities, TooMuch, part

DEEPEST = 4
"""How deep documents may lie in one another."""
LARGEST_GUESSED = 256 * 1024
"""Bytes of a text whose encoding is not known."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*", b"\x01\x00\x00\x00")
_PICTURED = re.compile(r"(^|/)(media|Pictures)/")
_LOOKS = re.compile(
    r"(^|/)theme/|(^|/)(fontTable|styles|stylesWithEffects|webSettings|numbering|tableStyles)\.xml$"
)
"""Parts of office documents that say how it looks: many typefaces bear names of persons. Some hold heads and
feet of pages, too."""
_FURNISHED = re.compile(
    r"(^|/)((Thumbnails|printerSettings|fonts)/[^/]+\.(bin|png|odttf|fntdata|[ot]tf)|thumbnail\.(jpeg|png|[ew]mf))$"
)
"""Parts that say nothing."""
_OFFICE = frozenset({"[Content_Types].xml", "mimetype"})
_MAIL = re.compile(
    rb"(?:Return-Path|Received|From|To|Cc|Subject|Date|MIME-Version|Message-ID|Delivered-To|Reply-To|Sender|"
    rb"Authentication-Results|DKIM-Signature|(?:X|ARC|Content|List|Thread)-[\w-]{1,60}):"
    rb"[^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n){0,50}[\w-]{2,60}:",
    re.IGNORECASE,
)
_MAILBOX = re.compile(rb"^From [^\n]*\n", re.MULTILINE)
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_STEERING = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def inside(content: bytes, seconds: float = math.inf) -> Inside:
    """All that stands in the document, or what is read of it in that time. Raises nothing: what cannot be
    read is told."""
    found = Inside(until=time.monotonic() + seconds)
    _read(content, "", found, DEEPEST)
    return found


def main() -> None:
    """Read a document from the standard input, within the seconds of the last word of the command line, and
    tell what stands in it as JSON."""
    found = inside(sys.stdin.buffer.read(), float(sys.argv[-1]))
    told = {"texts": found.texts, "unread": found.unread}
    sys.stdout.buffer.write(json.dumps(told).encode("ascii"))
    sys.stdout.buffer.flush()


def _read(content: bytes, place: str, found: Inside, deep: int) -> None:
    if not deep:
        found.miss(place, "deep")
        return
    try:
        _opened(content, place, found, deep)
    except (Entities, TooMuch, MemoryError, RecursionError):
        found.miss(place, "large")


def _opened(content: bytes, place: str, found: Inside, deep: int) -> None:
    start = content[:1024]
    if start.lstrip().startswith(b"%PDF-") or (b"%PDF-" in start and _decoded(content) is None):
        for inner, carried in pdf(content, place, found):
            _read(carried, inner, found, deep - 1)
    elif start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _archive(content, place, found, deep)
    elif start.startswith(_OLD_OFFICE):
        found.miss(place, "encrypted" if _LOCKED in content else "kind")
    elif start.startswith(_PICTURES) or start[4:8] == b"ftyp" or start[8:12] == b"WEBP":
        found.miss(place, "picture")
    else:
        text = _decoded(content)
        if text is None:
            found.miss(place, "picture" if start.startswith(b"BM") else "kind")
        elif content.strip():
            _text(content, text, place, found, deep)
            _otherwise(content, place, found)


# --- archives and office documents ----------------------------------------------------------------------


def _archive(content: bytes, place: str, found: Inside, deep: int) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            infos = parts.infolist()
            office = not _OFFICE.isdisjoint(info.filename for info in infos)
            for number, info in enumerate(infos, start=1):
                # what is called nothing at all has no last sign to tell a folder by
                folder = info.filename.endswith("/")
                if found.late(_in(place, f"part {number}")):
                    break
                if not folder and not (office and _FURNISHED.search(info.filename)):
                    _member(parts, info, _in(place, f"part {number}"), office, found, deep)
    except BROKEN:
        found.miss(place, "broken")


def _member(
    parts: zipfile.ZipFile, info: zipfile.ZipInfo, place: str, office: bool, found: Inside, deep: int
) -> None:
    if not office:
        found.say(f"{place} name", info.filename)
    if info.flag_bits & 1:
        found.miss(place, "encrypted")
        return
    if office and _PICTURED.search(info.filename):
        found.miss(place, "picture")
        return
    if not found.enter(place):
        return
    try:
        read = part(parts, info, max(found.bytes, 0))
    except TooMuch:
        found.miss(place, "large")
        return
    except BROKEN:
        found.miss(place, "broken")
        return
    found.bytes -= len(read)
    if office and info.filename.endswith((".xml", ".rels")):
        meant = frozenset() if _LOOKS.search(info.filename) else MEANT
        _marked(read, place, found, lambda data: xml(data, meant))
    else:
        _read(read, place, found, deep - 1)


# --- texts ----------------------------------------------------------------------------------------------


def _text(content: bytes, text: str, place: str, found: Inside, deep: int) -> None:
    bare = text.lstrip("\ufeff \t\r\n")
    if bare.startswith("{\\rtf"):
        for each in ways(bare, place, found):
            found.say(place, each)
    elif bare.startswith(("{", "[")):
        _json(text, place, found)
    elif bare.startswith("<"):
        _web(content, text, place, found)
    elif _MAIL.match(content.lstrip()):
        _mail(content.lstrip(), place, found, deep)
    elif (first := _MAILBOX.match(content)) and _MAIL.match(content, first.end()):
        _mailbox(content, place, found, deep)
    else:
        found.say(place, text)


def _decoded(content: bytes) -> str | None:
    """The text; None where the bytes are none."""
    marks = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    encodings = [name for mark, name in marks if content.startswith(mark)] or ["utf-8-sig", "cp1252"]
    if content[:2].count(0) == 1 and content[:200].count(0) > len(content[:200]) // 3:
        encodings = ["utf-16-be" if content[0] == 0 else "utf-16-le"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text if len(_STEERING.findall(text[:100_000])) * 100 <= len(text[:100_000]) else None
    text = content.decode("latin-1")
    return None if _STEERING.search(text) else text


def _otherwise(content: bytes, place: str, found: Inside) -> None:
    """A text of eight bits that is no UTF-8 says nowhere how it is written: each way is looked through."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        if len(content) > LARGEST_GUESSED:
            found.miss(place, "large")
            return
        for encoding in WRITTEN:
            found.say(place, content.decode(encoding, "replace"))


def _json(text: str, place: str, found: Inside) -> None:
    """Escapes cannot hide a name, nor can one that is said twice; what only begins like JSON (one on each
    line) is a text."""
    try:
        told = json.loads(text.lstrip("\ufeff"), object_pairs_hook=list)
        found.say(place, "\n".join(said for _, said in texts_in(told)))
    except (ValueError, RecursionError):
        found.say(place, _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text))


def _web(content: bytes, text: str, place: str, found: Inside) -> None:
    head = text[:2000].lower()
    if "<html" in head or "<!doctype html" in head or "<body" in head or "<?xml" not in head:
        with suppress(ValueError, Entities):
            for each in xml(content):
                found.say(place, each)
            return
        _marked(content, place, found, html)
    else:
        _marked(content, place, found, xml)


def _marked(content: bytes, place: str, found: Inside, read: Callable[[bytes], tuple[str, str]]) -> None:
    try:
        for text in read(content):
            found.say(place, text)
    except (Entities, ValueError):
        # as it stands, entities and all: and it is said that this is not all of it
        found.miss(place, "broken")
        found.say(place, content.decode("utf-8", "replace"))


def _mailbox(content: bytes, place: str, found: Inside, deep: int) -> None:
    for number, one in enumerate(_MAILBOX.split(content)[1:], start=1):
        inner = _in(place, f"mail {number}")
        if found.late(inner) or not found.enter(inner):
            break
        _mail(one, inner, found, deep)


def _mail(content: bytes, place: str, found: Inside, deep: int) -> None:
    try:
        parts = list(BytesParser(policy=compat32).parsebytes(content).walk())
        for number, one in enumerate(parts, start=1):
            inner = _in(place, f"part {number}")
            told = [_header(_whole(value)) for _, value in one.raw_items()]
            told += [_header(one.get_filename() or ""), _whole(one.preamble), _whole(one.epilogue)]
            found.say(f"{inner} head", "\n".join(told))
            if one.is_multipart():
                continue
            body = one.get_payload(decode=True)
            if isinstance(body, bytes) and found.enter(inner, len(body)):
                _body(body, one.get_content_charset(), inner, found, deep)
    # the library raises more than it says for mail that is not to the letter
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, IndexError, AssertionError):
        found.miss(place, "broken")
        found.say(place, content.decode("utf-8", "replace"))


def _body(body: bytes, charset: str | None, place: str, found: Inside, deep: int) -> None:
    if charset and charset.lower() not in ("utf-8", "us-ascii"):
        with suppress(LookupError, ValueError):
            body = body.decode(charset).encode("utf-8")
    _read(body, place, found, deep - 1)


def _whole(text: str | None) -> str:
    """With the bytes that the library kept aside, since they should not stand there."""
    said = (text or "").encode("utf-8", "surrogateescape")
    return _decoded(said) or said.decode("utf-8", "replace")


def _header(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return value


def _in(place: str, what: str) -> str:
    return f"{place}.{what}" if place else what
