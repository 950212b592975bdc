"""How are archives and XML from outside unpacked, without a bomb in them going off?"""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from typing import Any

LARGEST_WHOLE = 64 * 1024 * 1024
"""Bytes of one archive, or one part of it, unpacked."""

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    KeyError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OSError,
)
"""What the library raises for an archive that is none, or is damaged or locked."""


class TooMuch(Exception):
    """A part unpacks to more than is read, whatever it says of itself."""


class Entities(Exception):
    """XML that declares entities of its own."""


def part(parts: zipfile.ZipFile, name: str | zipfile.ZipInfo, most: int = LARGEST_WHOLE) -> bytes:
    """One part. Raises TooMuch beyond `most` bytes, and BROKEN."""
    with parts.open(name) as file:
        read = file.read(most + 1)
    if len(read) > most:
        raise TooMuch
    return read


def tree(document: bytes) -> Any:
    """The root of an XML document; nothing outside it is asked for. Raises Entities, and ValueError for what
    is no XML."""
    from lxml import etree

    if b"<!DOCTYPE" in document:
        raise Entities
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("no XML") from error
    # in an encoding in which the search above finds nothing
    if root.getroottree().docinfo.internalDTD is not None:
        raise Entities
    return root
