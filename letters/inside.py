"""What was found in a document: texts that can be looked through, and what of it could not be read."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Literal

from letters.packed import LARGEST_WHOLE

Why = Literal["picture", "scan", "encrypted", "kind", "broken", "large", "deep", "time"]
"""Why something cannot be read: a picture; pages without words; locked; of a kind that is not read; damaged;
more than is read; too deep in other documents; it took too long."""
WHY: tuple[Why, ...] = ("picture", "scan", "encrypted", "kind", "broken", "large", "deep", "time")

LARGEST_TEXT = 4_000_000
"""Characters of one document that are looked through."""
MOST_TEXTS = 20_000
MOST_PARTS = 2000
MOST_UNREAD = 20


@dataclass
class Inside:
    """`texts`: place in the document to text. `unread`: place and why. The rest: how much more is taken of
    characters, of documents in the document, and of bytes unpacked, and until when (monotonic seconds)."""

    texts: dict[str, str] = field(default_factory=dict)
    unread: list[tuple[str, Why]] = field(default_factory=list)
    room: int = LARGEST_TEXT
    parts: int = MOST_PARTS
    bytes: int = LARGEST_WHOLE
    until: float = math.inf

    def say(self, place: str, text: str) -> None:
        """Keep a text, as far as there is room."""
        if not text.strip():
            return
        if len(text) > self.room or len(self.texts) >= MOST_TEXTS:
            self.miss(place, "large")
        kept = text[: self.room] if len(self.texts) < MOST_TEXTS else ""
        self.room -= len(kept)
        if kept:
            where = place if place not in self.texts else f"{place} ({len(self.texts)})"
            self.texts[where] = kept

    def miss(self, place: str, why: Why) -> None:
        """Note what could not be read, each once."""
        if (place, why) not in self.unread and len(self.unread) < MOST_UNREAD:
            self.unread.append((place, why))

    def late(self, place: str) -> bool:
        """Is the time over? Better some pages looked through, and that said, than none."""
        if time.monotonic() <= self.until:
            return False
        self.miss(place, "time")
        return True

    def enter(self, place: str, size: int = 0) -> bool:
        """Is there room for one more document in the document, of `size` bytes?"""
        self.parts -= 1
        self.bytes -= size
        if self.parts >= 0 and self.bytes >= 0:
            return True
        self.miss(place, "large")
        return False
