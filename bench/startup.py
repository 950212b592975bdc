"""How long from `make run` to the first accepted request, on first use and on a later start?"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from desk.client import House
from desk.story import request
from desk.up import running


def run() -> list[str]:
    """Starts the two houses twice in a fresh folder and files one request each time."""
    with tempfile.TemporaryDirectory(prefix="rogatory-bench-") as folder:
        var = Path(folder) / "var"
        first, second = _seconds(var), _seconds(var)
    return [
        f"start-up to the first accepted request, first use (houses made): {first:.1f} s",
        f"start-up to the first accepted request, later: {second:.1f} s",
    ]


def _seconds(var: Path) -> float:
    start = time.perf_counter()
    with running(var, lambda line: None) as started:
        token = (var / "de" / "tokens" / "officer").read_text("ascii").strip()
        with House(started.urls["de"], token) as house:
            house.post("/cases", request("request.yml"))
        return time.perf_counter() - start
