"""Is a matter, its clocks, its holders and transfers told whole on a narrow terminal?"""

from __future__ import annotations

from typing import Any

import pytest
from typer.testing import CliRunner

from desk import show_matters
from desk.cli import made
from tests.cli.test_screen import NASTY, drawn

HOLDER = {"house": "de", "function": "central-authority", "actor": None}
CLOCK: dict[str, Any] = {
    "ref": "DE-MLA-2026-00001",
    "clock": "decide",
    "due": "2026-12-21T22:59:59Z",
    "article": "12(3)",
    "instrument": "eu-eio",
    "law": True,
    "owner": "central-authority",
    "missed": True,
    "detained": True,
    "holder": HOLDER,
    "held_since": "2026-11-21T19:55:00Z",
}
ROW: dict[str, Any] = {
    "ref": "DE-MLA-2026-00001",
    "side": "outgoing",
    "status": "sent",
    "holder": HOLDER,
    "held_since": "2026-11-21T19:55:00Z",
    "next_due": None,
    "their_ref": None,
}
MATTER: dict[str, Any] = {
    "matter": NASTY,
    "cases": 12,
    "open": 3,
    "kinds": ["extradition", "mla"],
    "urgent": True,
    "child": False,
    "detained": True,
    "next_due": "2026-12-21T22:59:59Z",
    "next_clock": "surrender",
}
PERIOD: dict[str, Any] = {
    **HOLDER,
    "ours": True,
    "since": "2026-11-20T10:00:00Z",
    "until": None,
    "seconds": 190_000,
    "overdue": ["h7"],
}
OFFER: dict[str, Any] = {
    "id": "h8",
    "receiver": {**HOLDER, "function": "court"},
    "offered": "2026-11-21T10:00:00Z",
    "due": "2026-11-22T10:00:00Z",
    "overdue": True,
}
LETTER: dict[str, Any] = {
    "id": "m1",
    "event": "arrive",
    "to": {"state": "US", "house": "us", "provider": None},
    "status": "delivered",
    "queued": "2026-11-21T10:00:00Z",
    "receipt": "sha256:" + "b" * 64,
    "ground_told": True,
    "ground": "vital interests",
}
ACCESS = {"at": "2026-11-21T11:00:00Z", "house": "de", "actor": "auditor", "what": "case (record)"}


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("width", [80, 120])
def test_every_view_fits(width: int) -> None:
    for view in (
        show_matters.matters([MATTER]),
        show_matters.matter({"matter": "Op Lantern", "items": [ROW], "clocks": [CLOCK]}),
        show_matters.holders({"items": [PERIOD], "offers": [OFFER]}),
        show_matters.transfers({"items": [LETTER], "accesses": [ACCESS]}),
    ):
        told = drawn(view, width=width)
        assert "\x1b" not in told
        assert max(map(len, told.splitlines())) <= width


def test_a_matter_tells_cases_and_clocks() -> None:
    told = words(drawn(show_matters.matter({"matter": "M", "items": [ROW], "clocks": [CLOCK]}), width=150))
    for part in ("DE-MLA-2026-00001", "2026-12-21 22:59", "decide", "eu-eio 12(3)", "sent"):
        assert part in told
    assert "No clock runs." in drawn(show_matters.matter({"matter": "M", "items": [ROW], "clocks": []}))
    practice = {**CLOCK, "law": False, "missed": False, "detained": False}
    assert "our own practice" in words(drawn(show_matters.clocks([practice]), width=150))
    assert "missed" not in drawn(show_matters.clocks([practice]), width=150)


def test_a_list_of_matters_says_what_is_urgent() -> None:
    told = words(drawn(show_matters.matters([MATTER]), width=150))
    assert "12 3 extradition, mla 2026-12-21 surrender detained, urgent" in told
    assert "No matter" in drawn(show_matters.matters([]))


def test_holders_and_offers_are_told() -> None:
    told = words(drawn(show_matters.holders({"items": [PERIOD], "offers": [OFFER]}), width=150))
    assert "de, central authority 2026-11-20 10:00 now 2 d 4 h h7" in told
    assert "h8: offered to de, court on 2026-11-21 10:00, to be taken by 2026-11-22 10:00 overdue" in told


@pytest.mark.parametrize(
    ("seconds", "told"), [(59, "0 min"), (3_600, "1 h"), (86_399, "23 h"), (86_400, "1 d 0 h")]
)
def test_how_long_is_told_in_days_hours_and_minutes(seconds: int, told: str) -> None:
    assert show_matters.span(seconds) == told


def test_a_transfer_without_a_ground_shows() -> None:
    told = words(drawn(show_matters.transfers({"items": [LETTER], "accesses": [ACCESS]}), width=150))
    assert "2026-11-21 10:00 arrive US, us delivered bbbbbbbb… vital interests" in told
    assert "de/auditor case (record)" in told
    bare = {**LETTER, "ground": None, "ground_told": False}
    assert "none" in drawn(show_matters.transfers({"items": [bare], "accesses": []}))
    assert "Nothing left" in drawn(show_matters.transfers({"items": [], "accesses": []}))


@pytest.mark.parametrize("name", ["matters", "matter", "clocks", "holders", "transfers"])
def test_the_command_is_there(name: str) -> None:
    answer = CliRunner().invoke(made(), [name, "--help"])
    assert answer.exit_code == 0
    assert answer.output
