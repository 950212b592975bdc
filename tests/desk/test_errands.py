"""Is every errand of a case done, once, wherever it is broken off, and does none keep the others waiting?

The records and the list of cases are real; the engine alone is played.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from desk.errands import RUNNER, UNREADABLE, run_errands
from desk.house import new_house
from desk.office import Office
from records.open import Records, open_records
from schemas.case import CaseState, Counterpart
from schemas.errors import RogatoryError, Unavailable, WrongMove
from schemas.facets import Errand, Keeping
from schemas.handoff import Holder
from schemas.moves import (
    Actor,
    ErrandAgain,
    ErrandDone,
    FileRequest,
    FollowUp,
    LinkCase,
    Move,
    MoveBody,
    MoveReply,
)
from schemas.request import Request
from schemas.settings import Settings
from schemas.vocabulary import Kind, Side
from schemas.work import FileWork
from tests.flow.invented import request
from tests.flow.lawful import to_keep
from tests.flow.wanted import prosecution
from workflows.row import row_of

OFFICER = Actor(id="officer", house="de")
MLA, KEPT, THEIRS = "DE-MLA-2026-00001", "DE-PRE-2026-00001", "DE-PRE-2026-00002"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def told(ref: str, body: MoveBody, name: str = "e1") -> Errand:
    return Errand(id=name, what="tell", ref=ref, body=body.model_dump(mode="json"), asked=NOW)


FOLLOWS = FollowUp(ref=MLA, kind="mla")


class FakeOffice:
    """The office of one house with real records, and no engine. `meets`: what a move on a case meets there;
    `stop_before`: where the house dies, once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.records: Records = open_records(settings)
        self.meets: dict[str, Exception] = {}
        self.stop_before: str = ""
        self.moves: list[tuple[str, str]] = []
        self.opened: dict[str, str] = {}

    def case(
        self, ref: str, about: Request, *errands: Errand, side: Side = Side.OUTGOING, **more: Any
    ) -> None:
        """File a case that wants these errands done."""
        self.records.references.reserve(ref)
        self.records.keys.create(ref)
        state = CaseState(
            version=2,
            ref=ref,
            house="de",
            state="DE",
            kind=Kind(about.kind),
            side=side,
            status="sent",
            opened=NOW,
            updated=NOW,
            filed_by="officer",
            last_author="officer",
            counterpart=Counterpart(state="US", ref=more.pop("theirs", None)),
            holder=Holder(house="de", function="central-authority"),
            held_since=NOW,
            request=about,
            keeping=Keeping() if about.kind == "preservation" else None,
            errands=list(errands),
        )
        self._file(state, Move(key=f"file {ref}", actor=OFFICER, body=FileRequest(request=about)))

    def errands(self, ref: str) -> dict[str, Errand]:
        return {one.id: one for one in self.records.states.latest(ref).errands}

    async def deliver(self, ref: str, move: Move) -> MoveReply:
        self._die(f"{move.body.event} {ref}")
        if ref in self.meets and move.body.event != "errand-done":
            raise self.meets[ref]
        state = self.records.states.latest(ref)
        if move.key in state.keys:
            return state.keys[move.key]
        self.moves.append((ref, move.body.event))
        if isinstance(move.body, ErrandDone):
            state = state.model_copy(update={"errands": [_done(one, move.body) for one in state.errands]})
        if isinstance(move.body, ErrandAgain):
            again = {"done": None, "problem": "", "tries": 1}
            state = state.model_copy(
                update={"errands": [one.model_copy(update=again) for one in state.errands]}
            )
        return self._file(state, move)

    async def file(self, actor: Actor, body: FileRequest, key: str) -> MoveReply:
        self._die("file")
        assert actor.id == RUNNER
        if key not in self.opened:
            self.opened[key] = f"DE-PRO-2026-0000{len(self.opened) + 1}"
            self.case(self.opened[key], body.request)
        ref = self.opened[key]
        return next(iter(self.records.states.latest(ref).keys.values()))

    async def register_refusal(self, ref: str, move: Move, error: RogatoryError) -> None:
        self.records.ledger.note(ref, move.actor, "refused", {"code": error.code}, datetime.now(UTC))

    def _die(self, at: str) -> None:
        if self.stop_before and at.startswith(self.stop_before):
            self.stop_before = ""
            raise KeyboardInterrupt

    def _file(self, state: CaseState, move: Move) -> MoveReply:
        number = state.move + 1
        reply = MoveReply(
            ref=state.ref, move=number, event=move.body.event, status=state.status, holder=state.holder
        )
        filed = state.model_copy(update={"move": number, "keys": {**state.keys, move.key: reply}})
        self.records.file(
            FileWork(
                ref=state.ref,
                move=number,
                at=NOW,
                actor=move.actor,
                event=move.body.event,
                key=move.key,
                detail=move.body.model_dump_json(),
                state=filed,
                row=row_of(filed),
            )
        )
        return reply


def _done(errand: Errand, body: ErrandDone) -> Errand:
    if errand.id != body.id:
        return errand
    return errand.model_copy(
        update={"done": NOW, "ref": body.ref or errand.ref, "problem": body.problem or ""}
    )


async def one_round(office: FakeOffice) -> list[str]:
    """One round over the errands of this house."""
    return await run_errands(cast(Office, office))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[FakeOffice]:
    made = FakeOffice(new_house(tmp_path / "de", "de", "DE", "Germany"))
    yield made
    made.records.close()


async def test_a_preservation_is_told_of_the_request_that_follows_and_only_then_is_it_done(
    office: FakeOffice,
) -> None:
    office.case(KEPT, to_keep())
    office.case(MLA, request(), told(KEPT, FOLLOWS))
    assert await one_round(office) == [f"{MLA}:e1"]
    assert office.moves == [(KEPT, "follow-up"), (MLA, "errand-done")]
    assert office.errands(MLA)["e1"].problem == ""
    assert await one_round(office) == []


@pytest.mark.parametrize("step", ["follow-up", "errand-done"])
async def test_told_once_wherever_the_house_dies(office: FakeOffice, step: str) -> None:
    office.case(KEPT, to_keep())
    office.case(MLA, request(), told(KEPT, FOLLOWS))
    office.stop_before = step
    with pytest.raises(KeyboardInterrupt):
        await one_round(office)
    assert await one_round(office) == [f"{MLA}:e1"]
    assert office.moves == [(KEPT, "follow-up"), (MLA, "errand-done")]


@pytest.mark.parametrize("step", ["file", "errand-done"])
async def test_one_case_is_opened_wherever_the_house_dies(office: FakeOffice, step: str) -> None:
    body = FileRequest(request=prosecution()).model_dump(mode="json")
    wanted = Errand(id="e1", what="open", kind=Kind.PROSECUTION, body=body, asked=NOW)
    office.case(MLA, request(), wanted)
    office.stop_before = step
    with pytest.raises(KeyboardInterrupt):
        await one_round(office)
    assert await one_round(office) == [f"{MLA}:e1"]
    assert len(office.opened) == 1
    assert office.errands(MLA)["e1"].ref == office.opened[f"{MLA}:e1"]


async def test_only_a_preservation_of_the_same_side_hears_what_follows(office: FakeOffice) -> None:
    office.case(THEIRS, to_keep(), side=Side.INCOMING, theirs="US-REF-1")
    office.case(MLA, request(), told("US-REF-1", FOLLOWS))
    assert await one_round(office) == [f"{MLA}:e1"]
    assert office.moves == [(MLA, "errand-done")]


async def test_a_reference_that_nobody_knows_is_a_problem_a_person_sees(office: FakeOffice) -> None:
    office.case(MLA, request(), told("DE-PRE-1999-00001", FOLLOWS))
    assert await one_round(office) == [f"{MLA}:e1"]
    assert office.errands(MLA)["e1"].problem == "unknown-reference"


async def test_what_they_had_kept_elsewhere_is_no_problem_of_ours(office: FakeOffice) -> None:
    """They asked a provider: there is nobody here to tell, and nothing that anybody could mend."""
    named = request().model_copy(update={"follows": ("US-PRES-2026-00001",)})
    office.case(MLA, named, told("US-PRES-2026-00001", FOLLOWS), side=Side.INCOMING)
    await one_round(office)
    assert office.errands(MLA)["e1"].problem == ""


async def test_what_may_be_data_that_we_keep_for_them_is_looked_at(office: FakeOffice) -> None:
    office.case(THEIRS, to_keep(), side=Side.INCOMING, theirs="US-REF-1")
    named = request().model_copy(update={"follows": ("US-REF-I",)})
    office.case(MLA, named, told("US-REF-I", FOLLOWS), side=Side.INCOMING)
    await one_round(office)
    assert office.errands(MLA)["e1"].problem == "unknown-reference"


async def test_what_failed_is_done_once_its_cause_is_mended_and_somebody_says_so(office: FakeOffice) -> None:
    """Whoever heard of it the first time hears nothing twice."""
    office.case(KEPT, to_keep(), theirs="US-REF-1")
    office.case(THEIRS, to_keep(), theirs="US-REF-1")
    office.case(MLA, request(), told("US-REF-1", FOLLOWS))
    office.meets[KEPT] = WrongMove("It is over.", where=KEPT, code="over")
    await one_round(office)
    office.meets.clear()
    assert await one_round(office) == []
    again = ErrandAgain(id="e1", reason="its time was corrected")
    await office.deliver(MLA, Move(key="again", actor=OFFICER, body=again))
    assert await one_round(office) == [f"{MLA}:e1"]
    assert office.moves[2:] == [(MLA, "errand-again"), (KEPT, "follow-up"), (MLA, "errand-done")]
    assert (office.errands(MLA)["e1"].problem, office.errands(MLA)["e1"].ref) == ("", KEPT)


async def test_each_case_of_a_shared_reference_is_told_though_one_refuses(office: FakeOffice) -> None:
    office.case(KEPT, to_keep(), theirs="US-REF-1")
    office.case(THEIRS, to_keep(), theirs="US-REF-1")
    office.case(MLA, request(), told("US-REF-1", FOLLOWS))
    office.meets[KEPT] = WrongMove("It is over.", where=KEPT, code="over")
    assert await one_round(office) == [f"{MLA}:e1"]
    assert office.moves == [(THEIRS, "follow-up"), (MLA, "errand-done")]
    assert office.errands(MLA)["e1"].problem == "over"
    refused = [one for one in office.records.ledger.entries(KEPT) if one.event == "refused"]
    assert [json.loads(one.detail or "{}")["code"] for one in refused] == ["over"]


@pytest.mark.parametrize(
    "what", [Unavailable("The engine does not answer."), RuntimeError("Child A")], ids=["ours", "foreign"]
)
async def test_an_errand_that_cannot_be_done_now_waits_and_keeps_no_other_back(
    office: FakeOffice, what: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    office.case(KEPT, to_keep())
    office.case(THEIRS, to_keep())
    office.case("DE-MLA-2026-00000", request(), told(KEPT, FOLLOWS))
    office.case(MLA, request(), told(THEIRS, FOLLOWS))
    office.meets[KEPT] = what
    assert await one_round(office) == [f"{MLA}:e1"]
    assert "Child A" not in caplog.text
    assert office.errands("DE-MLA-2026-00000")["e1"].done is None
    office.meets.clear()
    assert await one_round(office) == ["DE-MLA-2026-00000:e1"]


async def test_an_errand_of_another_release_that_nobody_can_read_shows(office: FakeOffice) -> None:
    unread = told(KEPT, LinkCase(ref=MLA)).model_copy(update={"body": {"event": "follow-on", "ref": MLA}})
    office.case(KEPT, to_keep())
    office.case(MLA, request(), unread, told(KEPT, FOLLOWS, "e2"))
    assert await one_round(office) == [f"{MLA}:e1", f"{MLA}:e2"]
    assert office.errands(MLA)["e1"].problem == UNREADABLE
