"""Does the desk say how each letter travels, why so, how far it got, and what a person must do?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from desk.house import new_house
from desk.post import letters_out
from desk.show_post import letters
from letters.compose import envelope
from letters.seal import load_key, seal
from letters.trust import TrustedHouse, TrustList
from records.open import Records, open_records
from schemas.case import CaseState, Counterpart, LawRecorded, OutStatus
from schemas.errors import NotFound
from schemas.handoff import Holder
from schemas.ids import digest
from schemas.messages import Envelope
from schemas.moves import Arrive
from schemas.settings import Settings
from schemas.vocabulary import Kind, Side
from schemas.work import SealWork
from tests.letters.correspondents import ANNEX, request

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
REF = "DE-MLA-2026-00001"
MESSAGE = "de.de-mla-2026-00001.m4.0a0a0a0a"
US = TrustedHouse(id="us", name="US", state="US", url="https://us.example", email="exchange@us.example")


@pytest.fixture
def house(tmp_path: Path) -> Any:
    settings = new_house(tmp_path / "de", "de", "DE", "Germany")
    records = open_records(settings)
    records.keys.create(REF)
    yield settings, records
    records.close()


def sealed(settings: Settings, records: Records) -> str:
    work = SealWork(
        ref=REF,
        message=MESSAGE,
        recipient=None,
        recipient_ref=None,
        at=NOW,
        body=Arrive(request=request(attachments=(ANNEX,)), foreign_ref=REF),
    )
    made: Envelope = envelope(work, "de", "DE")
    return records.vault.put(REF, seal(made, load_key(settings.keys / "signing.json")).encode())


def state(letter: OutStatus, law: LawRecorded | None = None, **changes: Any) -> CaseState:
    plain: dict[str, Any] = {
        "ref": REF,
        "house": "de",
        "state": "DE",
        "kind": Kind.MLA,
        "side": Side.OUTGOING,
        "status": "sent",
        "opened": NOW,
        "updated": NOW,
        "filed_by": "officer",
        "last_author": "officer",
        "counterpart": Counterpart(state="US"),
        "holder": Holder(house="de", function="central-authority"),
        "held_since": NOW,
        "request": request(),
        "outbox": [letter],
        "law": law,
    }
    return CaseState.model_validate({**plain, **changes})


def out(of: str, **changes: Any) -> OutStatus:
    plain: dict[str, Any] = {
        "id": MESSAGE,
        "event": "arrive",
        "sealed": of,
        "status": "queued",
        "queued": NOW,
    }
    return OutStatus.model_validate({**plain, **changes})


def law(channel: str, urgent: str | None = None) -> LawRecorded:
    return LawRecorded(
        edition="e",
        on=NOW.date(),
        assessment=digest(b"a"),
        title="An invented treaty",
        channel=channel,
        urgent_channel=urgent,
        authority="Ministry of Justice (invented)",
    )


def told(house: Any, case: CaseState, *known: TrustedHouse) -> dict[str, Any]:
    settings, records = house
    [one] = letters_out(records, settings, TrustList(known), case, None)
    return one


def test_a_letter_by_hand_says_step_by_step_what_to_do_and_what_proves_it(house: Any) -> None:
    letter = out(sealed(*house), status="by-hand")
    one = told(house, state(letter, law("diplomatic", "interpol")))
    [way] = one["by_hand"]
    assert (one["way"], way["way"], way["channel"]) == ("by-hand", "bag", "diplomatic")
    text = "\n".join(way["steps"])
    for part in (REF, MESSAGE, ANNEX.digest, "Ministry of Justice (invented)", "rogatory posted", "received"):
        assert part in text
    assert way["posted"]
    assert way["received"]


def test_an_urgent_case_may_go_by_the_urgent_channel_too(house: Any) -> None:
    letter = out(sealed(*house), status="by-hand")
    urgent = request(urgent=True, urgency_reason="a child at risk")
    one = told(house, state(letter, law("diplomatic", "interpol"), request=urgent))
    assert [way["way"] for way in one["by_hand"]] == ["i-24-7", "bag"]


def test_what_was_posted_needs_no_steps_any_more(house: Any) -> None:
    posted = NOW + timedelta(hours=3)
    one = told(house, state(out(sealed(*house), status="by-hand", settled=posted, proof=digest(b"p"))))
    assert one["by_hand"] == []
    assert one["proof"] == digest(b"p")
    assert stages(one) == {"submitted": NOW, "relayed": posted}


def stages(one: dict[str, Any]) -> dict[str, datetime]:
    return {each["stage"]: each["at"] for each in one["stages"] if each["at"]}


def failed(one: dict[str, Any]) -> list[str]:
    return [each["stage"] for each in one["stages"] if each["failed"]]


@pytest.mark.parametrize(
    ("changes", "reached", "not_reached"),
    [
        ({}, ["submitted"], []),
        ({"problem": "not-relayed"}, ["submitted"], ["relayed"]),
        ({"status": "relayed", "relayed": NOW}, ["submitted", "relayed"], []),
        (
            {"status": "uncertain", "relayed": NOW, "problem": "not-delivered"},
            ["submitted", "relayed"],
            ["delivered"],
        ),
        ({"status": "delivered", "settled": NOW}, ["submitted", "relayed", "delivered"], []),
        ({"status": "refused", "settled": NOW}, ["submitted", "relayed"], ["delivered"]),
    ],
)
def test_the_stages_and_their_failures(
    house: Any, changes: dict[str, Any], reached: list[str], not_reached: list[str]
) -> None:
    case = state(out(sealed(*house), **changes), counterpart=Counterpart(state="US", house="us"))
    one = told(house, case, US)
    assert (list(stages(one)), failed(one)) == (reached, not_reached)


def test_the_way_is_told_with_its_reason(house: Any) -> None:
    settings, records = house
    there = Counterpart(state="US", house="us")
    one = told(house, state(out(digest(b"x")), law("central-authority"), counterpart=there), US)
    assert (one["way"], "central-authority" in one["why"]) == ("http", True)
    went = out(digest(b"x"), status="relayed", way="mail", why="because")
    one = told(house, state(went, law("central-authority"), counterpart=there), US)
    assert (one["way"], one["why"]) == ("mail", "because")
    one = told(house, state(out(digest(b"x")), law("diplomatic"), counterpart=there), US)
    assert "also by the channel the law names: diplomatic" in one["why"]
    provider = Counterpart(state="US", provider="example-mail")
    assert told(house, state(out(digest(b"x")), counterpart=provider))["way"] == "provider"
    with pytest.raises(NotFound) as caught:
        letters_out(records, settings, TrustList(), state(out(digest(b"x"))), "another")
    assert MESSAGE in caught.value.next_step


def test_it_is_drawn_on_a_terminal(house: Any) -> None:
    settings, records = house
    case = state(out(sealed(*house), status="by-hand"), law("diplomatic"))
    console = Console(width=100, record=True)
    items = letters_out(records, settings, TrustList(), case, None)
    letters(json.loads(json.dumps(items, default=str)))(console)
    letters([])(console)
    text = console.export_text()
    assert "Diplomatic bag (An invented treaty names diplomatic)" in text
    assert "submitted 2026-11-21 12:00" in text
    assert "No letter of this case goes out." in text
