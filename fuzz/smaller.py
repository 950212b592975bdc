"""What is the least of an input that still does the same?"""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 20.0
"""Seconds for one finding."""


def smaller(content: bytes, same: Callable[[bytes], bool]) -> bytes:
    """`content` with as many pieces left out as `same` allows, larger pieces first."""
    end, size = time.monotonic() + PATIENCE, max(1, len(content) // 2)
    while size and time.monotonic() < end:
        place, before = 0, len(content)
        while place < len(content) and time.monotonic() < end:
            shorter = content[:place] + content[place + size :]
            if same(shorter):
                content = shorter
            else:
                place += size
        if len(content) == before or size > 1:
            size //= 2
    return content
