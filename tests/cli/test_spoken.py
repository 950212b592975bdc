"""Has every move a command, and does the command say what the body wants?"""

from __future__ import annotations

from typing import Any

import pytest
import typer
from pydantic import TypeAdapter

from desk.cli import made, spoken
from desk.cli.frame import Call, run
from desk.cli.visit import Wish
from schemas.lifecycle import ALWAYS, BATON, LIFECYCLES, OWN
from schemas.moves import MoveBody

_BODY: TypeAdapter[Any] = TypeAdapter(MoveBody)


class FakeHouse:
    """Takes what a command posts."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, dict[str, Any]]] = []

    def post(self, path: str, body: dict[str, Any], key: str | None = None) -> dict[str, Any]:
        self.posted.append((path, body))
        return {
            "ref": "DE-X-1",
            "move": 2,
            "event": body["event"],
            "status": "preserved",
            "holder": {"house": "de", "function": "central-authority"},
            "gaps": 0,
            "allowed": [],
            "repeated": False,
        }

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def fake_house(monkeypatch: pytest.MonkeyPatch) -> FakeHouse:
    house = FakeHouse()
    monkeypatch.setattr(Call, "house", house)
    return house


def _said(app: typer.Typer, *words: str) -> int:
    return run(app, [*words, "--json"])


def test_every_move_our_own_people_make_has_a_command() -> None:
    app = made()
    names = {command.name for command in app.registered_commands}
    ours = {rule.event for rules in LIFECYCLES.values() for rule in rules if rule.by == OWN}
    # a person passes the baton by the commands of desk.cli.handoffs; only the house confirms
    assert ours | set(ALWAYS) <= names
    assert set(BATON) - {"confirm", "offer", "accept", "return", "withdraw-offer"} <= names


def test_no_command_is_there_twice() -> None:
    names = [command.name for command in made().registered_commands]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (
            ["preserved", "--provider-ref", "P-7", "--start", "2026-11-20T10:00+00:00"],
            {"event": "preserved", "provider_ref": "P-7", "start": "2026-11-20T10:00:00Z"},
        ),
        (
            ["follow-up", "--ref", "DE-MLA-2", "--kind", "mla"],
            {"event": "follow-up", "ref": "DE-MLA-2", "kind": "mla"},
        ),
        (
            ["surrendered", "--place", "Schiphol", "--custody-days", "61", "--temporary"],
            {"event": "surrendered", "place": "Schiphol", "custody_days": 61, "temporary": True},
        ),
        (
            ["use", "--items", "i1", "--items", "i2", "--purpose", "trial", "--limits", "l1"],
            {"event": "use", "items": ["i1", "i2"], "purpose": "trial", "limits": ["l1"]},
        ),
    ],
)
def test_a_command_makes_its_body(fake_house: FakeHouse, words: list[str], wanted: dict[str, Any]) -> None:
    assert _said(made(), words[0], "DE-X-1", *words[1:]) == 0
    ((path, body),) = fake_house.posted
    assert path.endswith("/DE-X-1/moves")
    assert wanted.items() <= _BODY.dump_python(_BODY.validate_python(body), mode="json").items()


def test_what_is_missing_is_named_and_nothing_is_sent(
    fake_house: FakeHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _said(made(), "surrendered", "DE-X-1", "--place", "Schiphol") == 2
    assert "--custody-days" in capsys.readouterr().out
    assert fake_house.posted == []


def test_a_word_that_is_none_of_those_allowed_is_named(
    fake_house: FakeHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _said(made(), "court", "DE-X-1", "--stage", "opend", "--authority", "Court") != 0
    assert "stage" in capsys.readouterr().out
    assert fake_house.posted == []


def test_a_wish_of_nobody_is_the_usual_persons() -> None:
    assert spoken.usually("reassign") == "approver"
    assert spoken.usually("issue") == "issuing-authority"
    assert spoken.usually("arrest") == "officer"
    assert Wish(None, None, None).user is None
