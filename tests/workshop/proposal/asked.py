"""What a draft comes to."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.workshop.small import draft
from treaties.check import Problem
from treaties.proposal import considered
from treaties.registry import Registry

DAY = date(2026, 11, 22)


def faults(law: Registry, **content: Any) -> list[Problem]:
    found = considered(law, draft(**content), DAY)
    assert found.after is law, "a draft with faults was folded"
    assert found.differences == ()
    return list(found.faults)
