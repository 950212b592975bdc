"""Is anything lost, or sent twice, when worker, server, desk or provider is killed in the middle of a case?

Here a slice of what `python -m bench kills` does: every blow waits until a part is held at a named boundary.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.whole import unharmed
from tests.whole.holding import Holds, Point
from tests.whole.killing import lane
from tests.whole.lives import KEPT, MLA
from tests.whole.tally import Tally, role

pytestmark = [pytest.mark.kill, pytest.mark.slow]

BLOWS = 12
SEED = 4


def test_nothing_is_lost_or_doubled_whoever_is_killed(tmp_path: Path) -> None:
    tally, var = Tally(), tmp_path / "var"
    with lane(var, tally, SEED) as scene:
        asking = scene.sides["de"]

        def wanted() -> bool:
            """From the sending on: before it, nothing of the other house is under way."""
            return len(tally.blows) < BLOWS and "approve" in asking.made.get(asking.ref, ())

        for life in (KEPT, MLA):
            scene.live(life, 2, wanted)
        scene.settle()
    print("\n".join(tally.table()))
    assert len(tally.blows) >= BLOWS
    assert {role(blow.victim) for blow in tally.blows} >= {"worker", "server", "desk"}
    assert len({blow.point.boundary for blow in tally.blows}) >= 5
    assert {role(blow.point.part) for blow in tally.blows} == {"worker", "desk"}
    found = unharmed.check(var, scene.pairs, scene.made())
    assert found.cases == 3
    assert found.passings >= 1
    assert found.letters > 10


def test_only_the_first_to_come_to_an_armed_point_is_held(tmp_path: Path) -> None:
    holds, point = Holds(tmp_path), Point("worker-de", "seal", "before")
    holds.come(point)
    assert holds.holder(point) is None, "what is not armed holds nobody"
    holds.arm(point)
    assert holds.holder(point) is None
    holds.let_go(point)
    holds.come(point)
    assert holds.holder(point) is None
