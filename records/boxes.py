"""How are bytes packed before they are encrypted? Small ones as they are, large ones compressed."""

from __future__ import annotations

import zlib

from schemas.errors import BadData

WORTH_COMPRESSING = 1024
"""Bytes from which compression saves more disk than it costs time."""

_PLAIN = b"\x00"
_DEFLATED = b"\x01"


def pack(content: bytes) -> bytes:
    """`content` behind one byte that says how it is packed. The byte is encrypted with it."""
    if len(content) < WORTH_COMPRESSING:
        return _PLAIN + content
    return _DEFLATED + zlib.compress(content, 1)


def unpack(packed: bytes) -> bytes:
    """What `pack` was given. Raises BadData for a way of packing we do not know."""
    way, rest = packed[:1], packed[1:]
    if way == _PLAIN:
        return rest
    if way == _DEFLATED:
        return zlib.decompress(rest)
    raise BadData(
        "The content is packed in a way this program does not know.", next_step="upgrade the program"
    )
