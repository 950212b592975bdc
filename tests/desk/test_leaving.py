"""Does all that a leaver holds go to another, once, on the real engine, and does nobody stay who has left?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from desk.house import new_house
from desk.leaving import Left, leave
from desk.office import Office
from desk.who import standing_in
from letters.carriers.http import HttpCarrier
from records.codec import data_converter
from records.open import Records, open_records
from schemas.errors import BadInput, NotAllowed, NotFound, Unavailable
from schemas.handoff import Holder
from schemas.moves import AcceptHandoff, Actor, Approve, FileRequest, OfferHandoff
from schemas.settings import settings_of
from schemas.vocabulary import Role
from tests.flow.engine import server
from tests.flow.invented import request
from worker import HANDS, hands, make_worker

WHY = "A test: anna leaves."
PEOPLE = {
    "anna": ([Role.OFFICER, Role.APPROVER], "central-authority"),
    "ben": ([Role.OFFICER, Role.APPROVER], "central-authority"),
    "carla": ([Role.OFFICER], "central-authority"),
    "head": ([Role.APPROVER], "central-authority"),
    "judge": ([Role.ISSUING_AUTHORITY], "court"),
    "court-head": ([Role.APPROVER], "court"),
}


class Killed(BaseException):
    """The process ends here."""


class Desk:
    """One house on the time-skipping server, and the people who work there."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.records: Records = office.records
        self._files = 0

    def actor(self, id: str) -> Actor:
        roles, agency = PEOPLE[id]
        return Actor(id=id, house="de", roles=tuple(roles), agency=agency)

    async def filed(self, by: str = "head") -> str:
        self._files += 1
        author = self.actor(by).model_copy(update={"roles": (Role.OFFICER,)})
        return (await self.office.file(author, FileRequest(request=request()), f"f{self._files}")).ref

    async def offered(self, ref: str, to: str) -> str:
        receiver = Holder(house="de", function="central-authority", actor=to)
        offer = OfferHandoff(id=f"{ref}.h1", receiver=receiver, why="a test")
        await self.office.move(self.actor("ben"), ref, offer, f"offer-{ref}")
        return offer.id

    async def held(self, by: str, filed_by: str = "head") -> str:
        ref = await self.filed(filed_by)
        handoff = await self.offered(ref, by)
        await self.office.move(self.actor(by), ref, AcceptHandoff(id=handoff), f"accept-{ref}")
        return ref

    def holder(self, ref: str) -> str | None:
        return self.records.states.latest(ref).holder.actor

    async def leave(self, to: str | None = "ben", id: str = "anna", by: str = "head") -> Left:
        return await leave(self.office, self.actor(by), id, to, WHY)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    new_house(tmp_path / "de", "de", "DE", "Germany", time_zone="Europe/Berlin")
    settings = settings_of(tmp_path / "de")
    records = open_records(settings)
    for name, (roles, agency) in PEOPLE.items():
        records.accounts.add(name, roles, agency)
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=server()
    ) as environment:
        address = environment.client.service_client.config.target_host
        client = await Client.connect(address, data_converter=data_converter(records.keys))
        with HttpCarrier() as carrier, ThreadPoolExecutor(HANDS) as threads:
            worker = make_worker(client, settings.task_queue, hands(settings, records, carrier), threads)
            async with worker:
                yield Desk(Office(settings, records, client))
    records.close()


async def test_what_is_held_and_what_is_offered_goes_to_the_heir(desk: Desk) -> None:
    held = [await desk.held("anna") for _ in range(2)]
    offered = await desk.filed()
    await desk.offered(offered, "anna")
    others = await desk.held("ben")
    token = desk.records.accounts.token("anna")
    before = desk.records.docket.row(others).move
    left = await desk.leave()
    assert sorted(left.moved) == sorted([*held, offered])
    assert left.stuck == ()
    assert [desk.holder(ref) for ref in held] == ["ben", "ben"]
    passing = desk.records.states.latest(offered).handoffs[-1]
    assert passing.receiver.actor == "ben"
    assert desk.records.docket.row(others).move == before
    assert desk.records.accounts.one("anna").closed is not None
    with pytest.raises(NotAllowed):
        desk.records.accounts.actor_of(token)
    assert [entry.event for entry in desk.records.ledger.entries(held[0])][-1] == "reassign"
    assert desk.records.verify() == []


async def test_without_an_heir_the_function_holds(desk: Desk) -> None:
    ref = await desk.held("anna")
    await desk.leave(to=None)
    holder = desk.records.states.latest(ref).holder
    assert (holder.function, holder.actor) == ("central-authority", None)


async def test_stopped_halfway_it_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    refs = {await desk.held("anna") for _ in range(3)}
    real, made = desk.office.move, []

    async def killed_after_the_first(actor: Actor, ref: str, body: Any, key: str) -> Any:
        await real(actor, ref, body, key)
        made.append(ref)
        raise Killed

    monkeypatch.setattr(desk.office, "move", killed_after_the_first)
    with pytest.raises(Killed):
        await desk.leave()
    assert desk.records.accounts.one("anna").closed is None
    monkeypatch.setattr(desk.office, "move", real)
    left = await desk.leave()
    assert set(left.moved) == refs - set(made)
    assert {desk.holder(ref) for ref in refs} == {"ben"}
    again = await desk.leave()
    assert (again.moved, again.stuck) == ((), ())
    moves = [entry.event for ref in refs for entry in desk.records.ledger.entries(ref)]
    assert moves.count("reassign") == 3


async def test_what_cannot_be_moved_is_named_and_can_be_moved_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, good = await desk.held("anna"), await desk.held("anna")
    real = desk.office.move

    async def not_this_one(actor: Actor, ref: str, body: Any, key: str) -> Any:
        if ref == stuck:
            raise Unavailable("The engine does not answer.", code="engine-down")
        return await real(actor, ref, body, key)

    monkeypatch.setattr(desk.office, "move", not_this_one)
    left = await desk.leave()
    assert (left.moved, [(each.ref, each.code) for each in left.stuck]) == ((good,), [(stuck, "engine-down")])
    assert desk.records.accounts.one("anna").closed is not None
    monkeypatch.setattr(desk.office, "move", real)
    assert (await desk.leave()).moved == (stuck,)
    assert desk.holder(stuck) == "ben"


async def test_what_is_offered_meanwhile_is_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, late = await desk.held("anna"), await desk.filed()
    real = desk.office.move

    async def offering_meanwhile(actor: Actor, ref: str, body: Any, key: str) -> Any:
        monkeypatch.setattr(desk.office, "move", real)
        await desk.offered(late, "anna")
        return await real(actor, ref, body, key)

    monkeypatch.setattr(desk.office, "move", offering_meanwhile)
    assert (await desk.leave()).moved == (first, late)


async def test_four_eyes_stay_with_the_one_who_wrote(desk: Desk) -> None:
    ref = await desk.held("anna", filed_by="anna")
    await desk.leave()
    state = desk.records.states.latest(ref)
    assert (state.filed_by, state.last_author, state.holder.actor) == ("anna", "anna", "ben")
    # the heir wrote nothing and may approve; an heir who wrote it may not
    own = await desk.held("carla", filed_by="ben")
    await desk.leave(id="carla")
    assert desk.holder(own) == "ben"
    with pytest.raises(NotAllowed):
        await desk.office.move(desk.actor("ben"), own, Approve(override="a test"), "approve-own")


async def test_whose_deputy_the_leaver_was_is_told(desk: Desk) -> None:
    desk.records.absences.add("ben", "anna", desk.office.today(), None, "ben")
    assert (await desk.leave()).deputy_for == ("ben",)


async def test_a_deputy_takes_what_is_offered_to_the_absent_one_and_hands_it_on(desk: Desk) -> None:
    ref = await desk.filed()
    handoff = await desk.offered(ref, "anna")
    carla = desk.actor("carla")
    with pytest.raises(NotAllowed):
        await desk.office.move(carla, ref, AcceptHandoff(id=handoff), "too-early")
    today = desk.office.today()
    desk.records.absences.add("anna", "carla", today, None, "anna")
    deputy = standing_in(carla, desk.records.absences.current(today), today)
    await desk.office.move(deputy, ref, AcceptHandoff(id=handoff), "accept")
    assert desk.holder(ref) == "anna"
    receiver = Holder(house="de", function="central-authority", actor="ben")
    offer = OfferHandoff(id=f"{ref}.h2", receiver=receiver, why="a test")
    await desk.office.move(deputy, ref, offer, "offer")
    assert desk.records.states.latest(ref).handoffs[-1].receiver == receiver


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"by": "judge"}, NotAllowed),
        ({"by": "court-head"}, NotAllowed),
        ({"id": "head"}, BadInput),
        ({"id": "nobody"}, NotFound),
        ({"to": "nobody"}, NotFound),
        ({"to": "anna"}, BadInput),
        ({"to": "judge"}, BadInput),
    ],
)
async def test_who_may_not_leave_so(desk: Desk, how: dict[str, str], error: type[Exception]) -> None:
    ref = await desk.held("anna")
    with pytest.raises(error):
        await desk.leave(**how)
    assert desk.holder(ref) == "anna"
    assert desk.records.accounts.one("anna").closed is None
