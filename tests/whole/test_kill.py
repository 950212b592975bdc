"""Is anything lost, or sent twice, when worker, server or desk is killed in the middle of a case?

Here a slice of what `python -m bench kills` does: every blow waits until a part is held at a named boundary.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.whole import unharmed
from tests.whole.killing import Blow, Tally, lane
from tests.whole.lives import MLA, Life

pytestmark = [pytest.mark.kill, pytest.mark.slow]

BLOWS = 12


def struck(var: Path, life: Life, seed: int) -> list[Blow]:
    """One life under a dozen blows; the records are looked at afterwards."""
    tally = Tally()
    with lane(var, tally, seed) as scene:
        scene.live(life, 1, lambda: len(tally.blows) < BLOWS)
    print("\n".join(tally.table()))
    found = unharmed.check(var, scene.pairs, scene.made())
    assert found.cases == 2
    assert found.passings >= 1
    return tally.blows


def test_nothing_is_lost_or_doubled_whoever_is_killed(tmp_path: Path) -> None:
    blows = struck(tmp_path / "var", MLA, seed=4)
    assert len(blows) >= BLOWS
    assert {blow.victim.split("-")[0] for blow in blows} == {"worker", "temporal", "api"}
    assert len({blow.point.boundary for blow in blows}) >= 6
