"""PLACEHOLDER"""

from __future__ import annotations

from workflows.stages.housekeeping import Checked, Made

CHECKS: dict[str, Checked] = {}
STAGES: dict[str, Made] = {}
