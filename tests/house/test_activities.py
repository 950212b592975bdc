"""Is every activity that a workflow calls registered by the worker, with the same name and types?"""

from __future__ import annotations

import typing
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from temporalio import activity, workflow

import schemas.work
import worker
from desk.house import new_house
from records.open import open_records
from schemas.work import Work
from tests.house.test_imports import ROOT
from workflows import calls

CALLS = {
    name: call
    for name, call in vars(calls).items()
    if name in ("assess", "count", "seal", "file", "post", "notify")
}
NAMES = {value for name, value in vars(schemas.work).items() if name.isupper() and isinstance(value, str)}


class NoCarrier:
    """Never used: only who answers to which name is asked here."""

    def send(self, recipient: object, parcel: object) -> str:
        raise AssertionError("nothing is sent")

    def collect(self) -> list[Any]:
        raise AssertionError("nothing is collected")


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Callable[..., Any]]:
    """The activities of a worker, by name."""
    settings = new_house(tmp_path_factory.mktemp("house") / "de", "de", "DE", "Germany")
    records = open_records(settings)
    found = {}
    for method in worker.hands(settings, records, NoCarrier()):
        definition = activity._Definition.must_from_callable(method)
        assert definition.name is not None
        found[definition.name] = method
    records.close()
    return found


def called(name: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What `calls.<name>` asks the engine for."""
    seen: dict[str, Any] = {}

    async def remember(activity_name: str, work: Any, **options: Any) -> None:
        seen.update(options, name=activity_name)

    monkeypatch.setattr(workflow, "execute_local_activity", remember)
    monkeypatch.setattr(workflow, "execute_activity", remember)
    try:
        CALLS[name](None).send(None)
    except StopIteration:
        return seen
    raise AssertionError(f"{name} waited for something")


def test_every_activity_is_registered_and_called(
    registered: dict[str, Callable[..., Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {called(name, monkeypatch)["name"] for name in CALLS} == NAMES
    assert set(registered) == NAMES


@pytest.mark.parametrize("name", sorted(CALLS))
def test_both_sides_agree_on_types(
    name: str, registered: dict[str, Callable[..., Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    options = called(name, monkeypatch)
    asked = typing.get_type_hints(CALLS[name])
    given = typing.get_type_hints(registered[options["name"]])
    assert asked == given
    assert asked["return"] is options["result_type"]
    for kind in asked.values():
        assert issubclass(kind, BaseModel)
        assert issubclass(kind, Work)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_every_call_has_its_time_out_and_its_retry_rule(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    options = called(name, monkeypatch)
    assert timedelta(0) < options["start_to_close_timeout"] <= timedelta(seconds=60)
    # Nobody waits for a reminder, and a mail server that is down is not helped by haste.
    longest = timedelta(minutes=10) if name == "notify" else timedelta(seconds=60)
    assert options["retry_policy"].maximum_interval <= longest


def test_only_calls_names_activities() -> None:
    """No other module of the workflows reaches for an activity on its own."""
    for path in sorted((ROOT / "workflows").rglob("*.py")):
        if path.name != "calls.py":
            assert "execute_activity" not in path.read_text("utf-8"), path
            assert "execute_local_activity" not in path.read_text("utf-8"), path
    assert Path(calls.__file__).name == "calls.py"
