"""Does the command line tell how many cases rely on a change or a fact, and name only those it was told?"""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from desk import show_workshop

DUE = {
    "fact": "pact:FR.in-force.2020-01-01",
    "seen": "2020-01-01",
    "source": "chart",
    "old": True,
    "memory": False,
}
IMPACT = {"proposal": 1, "gained": 0, "lost": 0, "changed": 0, "days": [], "groups": [], "faults": []}
CASE = {
    "ref": "DE-MLA-2026-00001", "counterpart_state": "US", "status": "sent", "holder": "central-authority",
    "shifts": [], "best_before": "a", "best_after": "b", "gates": [], "good_until_changes": False,
}  # fmt: skip


def drawn(draw: show_workshop.Draw) -> str:
    out = io.StringIO()
    draw(Console(file=out, width=200))
    return out.getvalue()


@pytest.mark.parametrize(
    ("cases", "total", "said"),
    [
        ([], 0, ""),
        ([], 7, " 7"),
        (["A-1", "A-2"], 2, "A-1, A-2"),
        (["A-1", "A-2", "A-3", "A-4"], 9, "A-1, A-2, A-3 and 6 more"),
    ],
)
def test_a_fact_to_look_up_tells_its_cases(cases: list[str], total: int, said: str) -> None:
    item = {**DUE, "cases": cases, "cases_total": total}
    told = drawn(show_workshop.stale({"total": 1, "on": "2026-11-22", "items": [item], "sources": []}))
    (row,) = [line for line in told.splitlines() if "chart" in line]
    assert row.rstrip().endswith(said or "chart")


@pytest.mark.parametrize(
    ("cases", "total", "said"),
    [
        ([], 0, "No open case relies on it."),
        ([], 3, "3 open cases rely on it; none of them is yours to see."),
        ([CASE], 1, "DE-MLA-2026-00001"),
        ([CASE], 4, "and 3 more that are not yours to see"),
    ],
)
def test_the_impact_of_a_change_tells_its_cases(cases: list[Any], total: int, said: str) -> None:
    told = drawn(show_workshop.impact({**IMPACT, "cases": cases, "cases_total": total}))
    assert said in told
    assert ("DE-MLA" in told) == bool(cases)
