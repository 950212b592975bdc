"""Are a matter, its clocks, the holders and the transfers of a case told whole, to those who may see them?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desk import matters, reading
from desk.who import Sight, sight
from records.docket import Filter
from records.projection import clocks_of
from schemas.case import CaseState, ClockRow, OutStatus
from schemas.handoff import Handoff, HandoffStatus, Holder
from schemas.moves import Actor
from schemas.vocabulary import Side
from schemas.work import FileWork
from tests.desk.conftest import MARK, PEOPLE, Caller
from workflows.row import row_of

HERE = "de-test"
OFFICE = Holder(house=HERE, function="central-authority")
COURT = Holder(house=HERE, function="district-court")
ABROAD = Holder(house="us-test", function="central-authority")
NOW = datetime.now(UTC).replace(microsecond=0)
DIGEST = "sha256:" + "0" * 64


def days(number: float) -> datetime:
    """So many days from now."""
    return NOW + timedelta(days=number)


def clock(name: str, due: datetime, **values: Any) -> ClockRow:
    return ClockRow(
        clock=name, due=due, due_day=due.date(), started=days(-30), owner="district-court", **values
    )


def moved(call: Caller, ref: str, row: dict[str, Any] | None = None, **changes: Any) -> CaseState:
    """The next move of a case, with these changes of its state and of its line."""
    before = call.records.states.latest(ref)
    state = before.model_copy(update={"move": before.move + 1, **changes})
    call.records.file(
        FileWork(
            ref=ref,
            move=state.move,
            at=changes.get("updated", NOW),
            actor=Actor(id="officer", house=HERE),
            event="amend",
            key=f"k-{state.move}",
            detail="{}",
            state=state,
            row=row_of(state).model_copy(update=row or {}),
        )
    )
    return state


async def told(call: Caller, who: str, path: str, expect: int = 200, **query: Any) -> Any:
    answer = await call(who, "GET", path, params=query)
    assert answer.status_code == expect, answer.text
    return answer.json()


def after(cursor: str | None) -> dict[str, Any]:
    """The query for the page after."""
    return {"cursor": cursor} if cursor else {}


@pytest.fixture
async def matter(call: Caller) -> list[str]:
    """A matter of three cases: one held here, one abroad, one on offer to the court; and a case beside it."""
    refs = [await call.file() for _ in range(4)]
    moved(
        call,
        refs[0],
        {
            "matter": "Op Lantern/1",
            "aliases": ("CT 77-1",),
            "clocks": (
                clock("decide", days(9), article="12(3)", instrument="eu-eio"),
                clock("renew", days(-1)),
            ),
        },
    )
    moved(
        call,
        refs[1],
        {"matter": "op lantern/1", "clocks": (clock("acknowledge", days(3), law=False),), "detained": True},
        holder=ABROAD,
        held_since=days(-5),
        status="sent",
    )
    moved(call, refs[2], {"matter": "Op Lantern/1", "offered_to": "district-court"}, status="sent")
    moved(call, refs[3], {"matter": "Op Heron"})
    return refs


# --- matters ------------------------------------------------------------------------------------------


async def test_a_matter_shows_every_case_and_every_clock_by_due(call: Caller, matter: list[str]) -> None:
    seen = await told(call, "officer", "/matters/OP%20lantern%2F1")
    assert seen["matter"] == "Op Lantern/1"
    assert [row["ref"] for row in seen["items"]] == matter[:3]
    clocks = [
        (each["ref"], each["clock"], each["missed"], each["holder"]["house"]) for each in seen["clocks"]
    ]
    assert clocks == [
        (matter[0], "renew", True, HERE),
        (matter[1], "acknowledge", False, "us-test"),
        (matter[0], "decide", False, HERE),
    ]
    assert seen["clocks"][1]["detained"] is True
    assert datetime.fromisoformat(seen["clocks"][1]["held_since"]) == days(-5)
    assert (seen["clocks"][2]["article"], seen["clocks"][2]["instrument"]) == ("12(3)", "eu-eio")


async def test_a_matter_holds_for_each_what_they_may_see(call: Caller, matter: list[str]) -> None:
    court = await told(call, "court-officer", "/matters/Op Lantern%2F1")
    assert [row["ref"] for row in court["items"]] == [matter[2]]
    assert court["clocks"] == []
    hidden = await told(call, "court-officer", "/matters/Op Heron", 404)
    absent = await told(call, "court-officer", "/matters/Op Nobody", 404)
    assert str(hidden).replace("Heron", "X") == str(absent).replace("Nobody", "X")
    await told(call, "liaison", "/matters/Op Lantern%2F1", 404)
    assert len((await told(call, "auditor", "/matters/Op Lantern%2F1"))["items"]) == 3


async def test_a_liaison_to_whom_it_is_offered_sees_where_it_stands(call: Caller, matter: list[str]) -> None:
    moved(
        call, matter[0], {"matter": "Op Lantern/1", "offered_to": "police", "clocks": (clock("x", days(1)),)}
    )
    moved(call, matter[1], {"matter": "Op Lantern/1", "offered_to": "police/somebody-else"})
    seen = await told(call, "liaison", "/matters/Op Lantern%2F1")
    assert [row["ref"] for row in seen["items"]] == [matter[0]]
    assert "counterpart_state" not in seen["items"][0]
    assert seen["clocks"] == []
    assert [row["ref"] for row in (await told(call, "liaison", "/cases"))["items"]] == [matter[0]]
    moved(call, matter[1], {"offered_to": "police/liaison"})
    assert len((await told(call, "liaison", "/cases"))["items"]) == 2


async def test_matters_are_listed_with_counts_of_what_one_may_see(call: Caller, matter: list[str]) -> None:
    items = (await told(call, "officer", "/matters"))["items"]
    assert [(each["matter"], each["cases"], each["open"]) for each in items] == [
        ("Op Heron", 1, 1),
        ("Op Lantern/1", 3, 3),
    ]
    assert items[1]["detained"] is True
    assert items[0]["kinds"] == ["mla"]
    court = (await told(call, "court-officer", "/matters"))["items"]
    assert [(each["matter"], each["cases"]) for each in court] == [("Op Lantern/1", 1)]
    assert (await told(call, "liaison", "/matters"))["items"] == []


async def test_matters_are_paged_without_gaps(call: Caller, matter: list[str]) -> None:
    for number in range(5):
        moved(call, await call.file(), {"matter": f"M {number}"})
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await told(call, "officer", "/matters", limit=2, **after(cursor))
        assert len(page["items"]) <= 2
        seen += [each["matter"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [*(f"M {number}" for number in range(5)), "Op Heron", "Op Lantern/1"]


async def test_the_list_of_cases_knows_matter_kind_provider_and_offer(
    call: Caller, matter: list[str]
) -> None:
    moved(call, matter[3], {"provider": "example-cloud"})

    async def listed(**query: Any) -> list[str]:
        return sorted(row["ref"] for row in (await told(call, "officer", "/cases", **query))["items"])

    assert await listed(matter="Op Lantern/1") == sorted(matter[:3])
    assert await listed(provider="example-cloud") == [matter[3]]
    assert await listed(offered_to="district-court") == [matter[2]]
    assert await listed(kind="mla") == sorted(matter)
    assert await listed(kind="extradition") == []
    assert await listed(ref="ct77-1") == [matter[0]]
    assert [row["ref"] for row in (await told(call, "liaison", "/references/CT%2077-1"))["items"]] == [
        matter[0]
    ]
    await told(call, "officer", "/cases", 422, kind="nonsense")


# --- clocks -------------------------------------------------------------------------------------------


async def test_clocks_are_listed_by_due_owner_and_law(call: Caller, matter: list[str]) -> None:
    async def listed(who: str = "officer", **query: Any) -> list[str]:
        return [each["clock"] for each in (await told(call, who, "/clocks", **query))["items"]]

    assert await listed() == ["renew", "acknowledge", "decide"]
    assert await listed(before=NOW.isoformat()) == ["renew"]
    assert await listed(law="false") == ["acknowledge"]
    assert await listed(owner="police") == []
    assert await listed("court-officer") == []
    assert await listed("liaison") == []


async def test_clocks_are_paged_without_gaps(call: Caller, matter: list[str]) -> None:
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await told(call, "officer", "/clocks", limit=1, **after(cursor))
        seen += [each["clock"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ["renew", "acknowledge", "decide"]
    for wrong in ("x", "WzEsMiwzXQ==", "WyIyMDI2LTAxLTAxIiwgIngiLCAxXQ=="):
        assert (await told(call, "officer", "/clocks", 422, cursor=wrong))["where"] == "cursor"


async def test_what_is_looked_through_hides_nothing_that_one_may_see(call: Caller, matter: list[str]) -> None:
    holders: list[dict[str, Any]] = [
        {"holder_function": "police"},
        {"holder_function": "police", "holder_actor": "liaison"},
        {"holder_function": "police", "holder_actor": "else"},
        {"holder_house": "us-test", "holder_function": "district-court"},
        {"holder_function": "district-court"},
        {"offered_to": "police"},
        {"offered_to": "police/liaison"},
        {"offered_to": "x-police"},
        {"offered_to": "district-court/judge"},
        {"filed_by": "court-officer"},
        {"filed_by": "judge", "status": "sent"},
        {"status": "sent"},
        {"side": Side.INCOMING},
    ]
    for number, row in enumerate(holders):
        moved(call, await call.file(), {"matter": f"M {number}", "clocks": (clock("x", days(1)),), **row})
    every = call.records.docket.find(limit=200).rows
    for name, (roles, agency) in PEOPLE.items():
        actor = Actor(id=name, house=HERE, roles=roles, agency=agency)
        deputy = Actor(id="new", house=HERE, roles=roles, agency=agency, acts_for=(name,))
        for one in (actor, deputy):
            seen = {row.ref for row in every if reading.line_of(one, row, exact=False)}
            listed = reading.docket_of(call.records, one, Filter(), 200, None)["items"]
            assert {row["ref"] for row in listed} == seen, name
            found = matters.matters_of(call.records, one, 200, None)["items"]
            assert sum(each["cases"] for each in found) == len(seen), name
            clocks = {row.ref for row in every if sight(one, row) >= Sight.RECORD and clocks_of(row)}
            told = matters.clocks_before(
                call.records, one, NOW, before=None, owner=None, law=None, limit=200, cursor=None
            )
            assert {each["ref"] for each in told["items"]} == clocks, name


# --- holders ------------------------------------------------------------------------------------------


async def test_holders_tell_who_held_it_how_long_and_which_offers_were_late(call: Caller) -> None:
    ref = await call.file()
    begun = call.records.states.latest(ref).held_since
    late = Handoff(
        id="h1",
        sender=OFFICE,
        receiver=COURT,
        why=MARK,
        offered=begun + timedelta(seconds=1),
        due=begun + timedelta(seconds=2),
        decided=days(1),
        status=HandoffStatus.CONFIRMED,
    )
    prompt = Handoff(
        id="h2",
        sender=COURT,
        receiver=ABROAD,
        why=MARK,
        offered=days(2),
        due=days(4),
        decided=days(3),
        status=HandoffStatus.CONFIRMED,
    )
    back = Handoff(id="h3", sender=ABROAD, receiver=OFFICE, why=MARK, offered=days(3), due=days(9))
    moved(call, ref, handoffs=[late], holder=COURT, held_since=days(1))
    moved(call, ref, handoffs=[late], holder=COURT.model_copy(update={"actor": "judge"}), held_since=days(2))
    moved(call, ref, handoffs=[late, prompt, back], holder=ABROAD, held_since=days(3))
    seen = await told(call, "officer", f"/cases/{ref}/holders")
    assert MARK not in str(seen)
    assert [(each["function"], each["actor"], each["ours"], each["overdue"]) for each in seen["items"]] == [
        ("central-authority", None, True, ["h1"]),
        ("district-court", None, True, []),
        ("district-court", "judge", True, []),
        ("central-authority", None, False, []),
    ]
    assert [each["until"] for each in seen["items"]] == [
        *(each["since"] for each in seen["items"][1:]),
        None,
    ]
    assert seen["items"][1]["seconds"] == 86400
    assert [(each["id"], each["overdue"]) for each in seen["offers"]] == [("h3", False)]
    assert await told(call, "auditor", f"/cases/{ref}/holders") == seen
    await told(call, "liaison", f"/cases/{ref}/holders", 403)
    await told(call, "court-officer", "/cases/DE-mla-2026-99999/holders", 404)
    assert call.records.ledger.entries(ref)[-1].event == "viewed"


async def test_an_offer_that_nobody_takes_in_time_is_told(call: Caller) -> None:
    ref = await call.file()
    offer = Handoff(id="h1", sender=OFFICE, receiver=COURT, why=MARK, offered=NOW, due=days(-0.001))
    for status in (HandoffStatus.OFFERED, HandoffStatus.OVERDUE):
        moved(call, ref, handoffs=[offer.model_copy(update={"status": status})], held_since=days(-9))
        seen = await told(call, "officer", f"/cases/{ref}/holders")
        assert [each["overdue"] for each in seen["offers"]] == [True]
        assert seen["items"][-1]["overdue"] == ["h1"]


# --- transfers ----------------------------------------------------------------------------------------


async def test_transfers_tell_to_whom_on_which_ground_and_who_looked(call: Caller) -> None:
    ref = await call.file(data_protection_ground="Art. 39 " + MARK)
    first = OutStatus(
        id="m1", event="arrive", sealed=DIGEST, status="delivered", queued=days(1), receipt=DIGEST
    )
    moved(call, ref, {"counterpart_house": "us-test"}, outbox=[first], updated=days(1))
    second = first.model_copy(
        update={
            "id": "m2",
            "event": "answer",
            "queued": days(2),
            "ground": "vital interests",
            "receipt": None,
        }
    )
    moved(call, ref, {"counterpart_state": "FR"}, outbox=[first, second], updated=days(2))
    await call("other-officer", "GET", f"/cases/{ref}")
    seen = await told(call, "officer", f"/cases/{ref}/transfers")
    assert [(each["id"], each["to"]["state"], each["to"]["house"]) for each in seen["items"]] == [
        ("m1", "US", "us-test"),
        ("m2", "FR", None),
    ]
    assert [each["ground"] for each in seen["items"]] == ["Art. 39 " + MARK, "vital interests"]
    assert [each["receipt"] for each in seen["items"]] == [DIGEST, None]
    assert [(each["actor"], each["what"]) for each in seen["accesses"]] == [("other-officer", "case (full)")]
    audited = await told(call, "auditor", f"/cases/{ref}/transfers")
    assert MARK not in str(audited)
    assert [each["ground_told"] for each in audited["items"]] == [True, True]
    assert ("officer", "transfers") in [(each["actor"], each["what"]) for each in audited["accesses"]]
    await told(call, "liaison", f"/cases/{ref}/transfers", 403)
