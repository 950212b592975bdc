"""How many deaths does a case survive? Two hundred, at every boundary of its work; nothing lost or doubled.

Three installations at once, each with its own server and both houses, play lives of cases of all kinds. Each
blow kills a part while a move is unanswered or an activity in flight; the points hit are printed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.whole import unharmed
from tests.whole.killing import lane
from tests.whole.lives import LIVES
from tests.whole.tally import Tally

KILLS = 200
LANES = 3
IN_A_TURN = 4
FIRST_PORT = 13_000
SEED = 20261121


def run() -> list[str]:
    """The lines to print. Raises AssertionError if anything was lost or came twice."""
    for name in list(os.environ):
        if name.startswith(("ROGATORY_", "TEMPORAL_")):
            del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="rogatory-kills-"))
    tally, found, start = Tally(), unharmed.Count(), time.monotonic()
    with ThreadPoolExecutor(LANES) as lanes:
        for each in lanes.map(lambda number: _lane(folder, number, tally), range(LANES)):
            found.add(each)
    if len(tally.blows) < KILLS:
        raise AssertionError(f"only {len(tally.blows)} blows fell")
    shutil.rmtree(folder)
    spent = time.monotonic() - start
    return [
        *tally.table(),
        f"{len(tally.blows)} kills in {spent:.0f} s; looked at afterwards: {found}",
        "nothing lost, nothing twice; docket as state, ledgers whole, one chain of custody: yes",
    ]


def _lane(folder: Path, number: int, tally: Tally) -> unharmed.Count:
    """Plays lives until enough was killed, each lane beginning with another kind."""
    var = folder / f"lane-{number}"
    with lane(var, tally, SEED + number, FIRST_PORT + number * 40) as scene:
        turn = number
        while len(tally.blows) < KILLS or turn == number:
            scene.live(LIVES[turn % len(LIVES)], IN_A_TURN, lambda: len(tally.blows) < KILLS)
            turn += 1
        scene.settle()
    return unharmed.check(var, scene.pairs, scene.made())
