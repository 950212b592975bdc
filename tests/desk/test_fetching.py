"""Does an item that was asked for come by itself, also after the process that fetched it was killed?"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from desk import evidence, evidence_in
from desk.fetching import WANTED, Fetching, Wanted, ask_for, wants
from desk.house import set_address
from letters.fetching import EvidenceRoad
from letters.seal import SigningKey, load_key
from letters.trust import TrustList
from records.open import Records, open_records
from schemas.errors import EnvelopeRefused
from schemas.evidence import CHUNK, Brought
from schemas.settings import Settings, settings_of
from tests.desk.evidence_houses import (
    DE_REF,
    OFFICER,
    US_OFFICER,
    US_REF,
    Houses,
    content_of,
    item_of,
    serving,
    told_of,
    two_houses,
)
from tests.patience import PATIENCE, until
from treaties.registry import Registry

CONTENT = content_of(40 * CHUNK + 11)
AFTER = 38
"""Pieces after which the process is killed: the first ones are on disk by then."""


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[Houses]:
    with two_houses(tmp_path) as found:
        found.declare(item_of(CONTENT))
        told = Brought.model_validate(told_of(CONTENT))
        state = found.us.records.states.latest(US_REF)
        evidence_in.take(found.us, US_OFFICER, state, "image-1", told, 0, iter([CONTENT]))
        yield found


def here(houses: Houses) -> dict[str, Any]:
    state = houses.de.records.states.latest(DE_REF)
    return evidence.progress(evidence.held_of(houses.de).item(DE_REF, "image-1", state.evidence[0].sha256))


def events(houses: Houses) -> list[str]:
    return [each.event for each in evidence.noted(evidence.manifest(houses.de, DE_REF, "image-1"))]


def settled(houses: Houses, fetching: Fetching) -> dict[str, Any]:
    """What is said of the item once nothing fetches it any more."""
    until(lambda: not fetching.told(DE_REF, "image-1")["running"], "the end of the fetching")
    return {**here(houses), **fetching.told(DE_REF, "image-1")}


class Dying(EvidenceRoad):
    """A line whose process is killed in the middle of the stream."""

    def pieces(self, *told: Any) -> Iterator[Any]:
        for number, box in enumerate(super().pieces(*told)):
            if number == AFTER:
                os.kill(os.getpid(), signal.SIGKILL)
            yield box


@dataclass
class OtherProcess:
    """A room of the same house in a process of its own."""

    settings: Settings
    records: Records
    key: SigningKey
    trust: TrustList


def fetch_and_die(home: Path) -> None:
    """An officer asks, and the process does not live to see it."""
    settings = settings_of(home)
    key, trust = load_key(settings.keys / "signing.json"), TrustList.load(settings.keys / "trust.json")
    room = OtherProcess(settings, open_records(settings), key, trust)
    ask_for(room, OFFICER, DE_REF, "image-1")
    evidence_in.fetch(room, OFFICER, DE_REF, "image-1", Dying)


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_after_a_kill_it_goes_on_where_it_was_and_nobody_asks_again(
    houses: Houses, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(houses.us, registry, houses.folder / "de"):
        victim = get_context("spawn").Process(target=fetch_and_die, args=(houses.folder / "de",))
        victim.start()
        victim.join(PATIENCE)
        assert victim.exitcode == -signal.SIGKILL
        kept = here(houses)
        assert (kept["state"], kept["have"] > 0) == ("part", True)
        first: list[int] = []
        pieces = EvidenceRoad.pieces

        def watched(self: EvidenceRoad, *told: Any) -> Iterator[Any]:
            first.append(told[-1])
            return pieces(self, *told)

        monkeypatch.setattr(EvidenceRoad, "pieces", watched)
        fetching = Fetching()
        [want] = Wanted(houses.de).round(fetching)
        assert (want.item, want.actor.id, want.actor.agency) == ("image-1", "officer", OFFICER.agency)
        assert settled(houses, fetching)["state"] == "whole"
    assert first == [kept["have"] // CHUNK]
    assert events(houses) == ["kept", "sent", "received"]
    assert Wanted(houses.de).round(fetching) == []


def test_a_house_that_does_not_answer_settles_nothing_and_one_that_refuses_does(
    houses: Houses, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_in, "TRIES", 1)
    set_address(houses.folder / "de", "us", "http://127.0.0.1:1")
    wanted, fetching = Wanted(houses.de), Fetching()
    ask_for(houses.de, OFFICER, DE_REF, "image-1")
    assert len(wanted.round(fetching)) == 1
    assert settled(houses, fetching)["problem"]["code"] == "unavailable"
    assert len(wanted.round(fetching)) == 1
    settled(houses, fetching)
    ask_for(houses.de, OFFICER, DE_REF, "image-1")
    entries = houses.de.records.ledger.entries(DE_REF)
    assert [each.event for each in entries].count(WANTED) == 1, "who asks twice asked once"

    def refused(self: EvidenceRoad, jws: str) -> str:
        raise EnvelopeRefused("Not this one.", code="unknown-item")

    with monkeypatch.context() as patch, serving(houses.us, registry, houses.folder / "de"):
        patch.setattr(EvidenceRoad, "ask", refused)
        wanted.round(fetching)
        assert settled(houses, fetching)["problem"]["code"] == "unknown-item"
    assert wants(houses.de, DE_REF) == []
    assert wanted.round(fetching) == []
    with serving(houses.us, registry, houses.folder / "de"):
        ask_for(houses.de, OFFICER, DE_REF, "image-1")
        assert len(wanted.round(fetching)) == 1
        assert settled(houses, fetching)["state"] == "whole"


def test_a_stop_between_the_last_piece_and_its_note_loses_no_note(
    houses: Houses, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for(houses.de, OFFICER, DE_REF, "image-1")

    def stops(*_: Any) -> None:
        raise RuntimeError("the process is gone")

    with (
        serving(houses.us, registry, houses.folder / "de"),
        serving(houses.de, registry, houses.folder / "us"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(evidence_in, "_note_received", stops)
            with pytest.raises(RuntimeError):
                evidence_in.fetch(houses.de, OFFICER, DE_REF, "image-1")
        assert (here(houses)["state"], events(houses)) == ("whole", ["kept", "sent"])
        fetching = Fetching()
        assert len(Wanted(houses.de).round(fetching)) == 1
        assert settled(houses, fetching)["problem"] is None
    assert events(houses) == ["kept", "sent", "received"]
    theirs = evidence.noted(evidence.manifest(houses.us, US_REF, "image-1"))
    assert [each.event for each in theirs] == ["kept", "sent", "received"]
    assert wants(houses.de, DE_REF) == []
