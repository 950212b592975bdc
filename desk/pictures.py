"""Is a document a picture or a film? Those never enter the vault: abuse material must never be stored."""

from __future__ import annotations

_STARTS = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n",
    b"GIF87a",
    b"GIF89a",
    b"BM",
    b"\x1aE\xdf\xa3",
    b"II*\x00",
    b"MM\x00*",
)

INSTEAD = "name it by hash and custodian as an item of evidence; send a paper that shows a scan as PDF"
"""What to do with a picture instead."""


def is_picture(media: str, content: bytes) -> bool:
    """By its media type, or by its first bytes, whatever it is called."""
    film = content[4:8] == b"ftyp" or (content[:4] == b"RIFF" and content[8:12] in (b"WEBP", b"AVI "))
    return media.startswith(("image/", "video/")) or film or content.startswith(_STARTS)
