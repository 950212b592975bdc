"""Does docs/api.md describe every route, and none that is not there?"""

from __future__ import annotations

import re
from pathlib import Path

from desk.takeover import COLUMNS
from tests.desk.test_routes import ROUTES

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text("utf-8")


def test_every_route_is_described_and_every_described_one_is_there() -> None:
    described = {found.split("?")[0] for found in re.findall(r"\| `((?:GET|POST) /[^`]*)` \|", TEXT)}
    there = {
        f"{method} {re.sub(':path', '', route.path)}" for route in ROUTES for method in route.methods or ()
    }
    assert described == there


def test_every_column_of_a_register_is_described() -> None:
    told = TEXT.split("## Taking an old register over")[1]
    assert not [column for column in COLUMNS if f"`{column}`" not in told]
