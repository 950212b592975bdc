"""Which is the only door from people and messages to the running cases? This one.

Every move is written down as an attempt first, then made as an update of its case (`desk.running`, which
alone knows the engine's client), then answered; a refusal is written to the ledger as well.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from desk import engine, guarded, reading, running, who
from desk.enclosures import check_named
from desk.engine import Engine
from desk.filing import check_side
from desk.numbering import Numbering
from desk.refusals import not_running
from desk.running import Client, connect
from desk.to_come import check_calendar, check_competing, check_to_come
from letters.custody import verify_chain
from letters.seal import SigningKey, house_key, sign
from letters.trust import TrustList
from records.docket import Filter
from records.open import Records
from schemas.case import CaseInput, CaseState
from schemas.errors import RogatoryError, WrongMove
from schemas.ids import digest
from schemas.lifecycle import COUNTERPART, FINAL, OWN, UNSENT
from schemas.moves import Actor, Arrive, Delivered, FileRequest, Move, MoveBody, MoveReply
from schemas.reasoning import Reason
from schemas.settings import Settings
from schemas.vocabulary import Kind, Side
from schemas.work import FileWork
from workflows.allowing import free_to
from workflows.row import row_of

TAKEN_OVER = "taken-over"
LATE_DAYS = 30
"""How long after closing a case is started again for what is still on its way."""


@dataclass(frozen=True, slots=True)
class Revived:
    """What a revival did: `revived`, or `why` not."""

    ref: str
    status: str
    revived: bool
    why: str = ""


class Office:
    """The desk of one house. Safe to share between requests; close it at the end."""

    def __init__(self, settings: Settings, records: Records, client: Client) -> None:
        self.settings = settings
        self.records = records
        self.client = client
        self.key: SigningKey = house_key(settings)
        self.trust = TrustList.load(settings.keys / "trust.json")
        self.zone = ZoneInfo(settings.time_zone)
        self.numbering = Numbering(records, self.today)

    # --- people ---------------------------------------------------------------------------------------

    async def file(self, actor: Actor, body: FileRequest | Arrive, key: str) -> MoveReply:
        """File a new case: our own draft (FileRequest), or a request that came on paper (Arrive, by post).

        The same key again gives the same case. Raises NotAllowed, BadInput, Conflict, Unavailable.
        """
        who.require_filing(actor, Kind(body.request.kind))
        check_side(body, self.settings.state)
        move = Move(key=f"{actor.id}:{key}", actor=actor, body=body)
        what = digest(_content(body))
        done = await asyncio.to_thread(self.records.attempts.begin, move.key, actor.id, body.event, what)
        if done is not None:
            return MoveReply.model_validate_json(done).model_copy(update={"repeated": True})
        ref = await self.reserve(Kind(body.request.kind), move.key, actor.id)
        side = Side.OUTGOING if isinstance(body, FileRequest) else Side.INCOMING
        return await self._settled(ref, move, self.start(ref, side, move))

    async def move(self, actor: Actor, ref: str, body: MoveBody, key: str) -> MoveReply:
        """Make one move on a case the actor sees.

        The same key again gives the same reply, `repeated`. Raises NotFound (also for a case the actor may
        not see), NotAllowed, WrongMove with the moves allowed now, Conflict, Unavailable; NameLeaks, with
        nothing written, where a name guarded in the case would leave by it or inside a document with it.
        """
        move = Move(key=f"{actor.id}:{key}", actor=actor, body=body)
        done, unread = await asyncio.to_thread(self._begin, move, ref)
        if done is not None:
            return done
        reply = await self._settled(ref, move, self._made(ref, move))
        await asyncio.to_thread(guarded.tell_unread, self.records, ref, actor, body.event, unread)
        return reply

    async def revive(self, ref: str, force: bool = False) -> Revived:
        """Start a case again from its last filed state. One that runs is left alone, unless `force`: then it
        is ended and started from the records, which are the archive. Raises NotFound, Unavailable."""
        state = await asyncio.to_thread(self.records.states.latest, ref)
        if _settled(state):
            return Revived(ref, state.status, False, "closed, and nothing of it is on its way")
        if not await running.start_again(self.client, self.settings.task_queue, state, force):
            return Revived(ref, state.status, False, "it is running")
        return Revived(ref, state.status, True)

    async def revive_open(self, force: bool = False) -> list[Revived]:
        """Revive every open case, and those closed lately with something still on its way.

        `force` as above, for after a restore: then also what runs and is not in the records is ended, which
        would stand in the way of the next case of its reference.
        """
        if force:
            await running.end_strangers(self.client, self.settings.task_queue, self.records.states.known)
        since = datetime.now(UTC) - timedelta(days=LATE_DAYS)
        refs = await asyncio.to_thread(self._to_revive, since)
        return [await self.revive(ref, force) for ref in refs]

    # --- the house itself (desk.inbound, desk.takeover) -----------------------------------------------

    async def reserve(self, kind: Kind, key: str, actor_id: str = "house") -> str:
        """The reference for what `key` files: the same for the same key, also after a crash. The case has its
        encryption key when this returns."""
        return await self.numbering.next(kind, key, actor_id)

    async def take_over(self, actor: Actor, state: CaseState, ref: str | None, key: str) -> str:
        """File a case of an old register as it stands, and start it. Its reference: `ref`, or the next one.

        The same key again gives the same case. Raises Conflict if `ref` is another case's, BadInput.
        """
        who.require(actor, who.Permission.IMPORT_CASES)
        name = f"{actor.id}:{key}"
        told = state.model_dump_json(exclude={"updated"})
        what = digest(f"{ref or ''}\n{told}".encode())
        done = await asyncio.to_thread(self.records.attempts.begin, name, actor.id, TAKEN_OVER, what)
        if done is not None:
            return str(json.loads(done)["ref"])
        if ref:
            taken = await self.numbering.given(ref, name, actor.id)
        else:
            taken = await self.numbering.next(state.kind, name, actor.id)
        filed = state.model_copy(update={"ref": taken, "move": 1})
        work = FileWork(
            ref=taken,
            move=1,
            at=filed.updated,
            actor=actor,
            event=TAKEN_OVER,
            key=name,
            detail=json.dumps({"event": TAKEN_OVER, "status": filed.status}),
            state=filed,
            row=row_of(filed),
        )
        await asyncio.to_thread(self.records.file, work)
        await self.revive(taken)
        await asyncio.to_thread(self.records.attempts.finish, name, json.dumps({"ref": taken}))
        return taken

    async def start(self, ref: str, side: Side, move: Move) -> MoveReply:
        """Start the case `ref` with its first move and wait until that is filed. Safe to repeat."""
        check_calendar(move.body)
        kind = Kind(move.body.request.kind) if isinstance(move.body, FileRequest | Arrive) else Kind.MLA
        first = CaseInput(
            ref=ref,
            house=self.settings.house,
            home_state=self.settings.state,
            side=side,
            kind=kind,
            first=move,
        )
        return await running.update_with_start(self.client, self.settings.task_queue, ref, kind, first, move)

    async def deliver(self, ref: str, move: Move) -> MoveReply:
        """Make `move` on the case, which is started again if it was closed and has ended.

        Permission and visibility are the caller's; the case's own rules are not. Raises WrongMove and the
        other refusals of the case, Unavailable.
        """
        check_calendar(move.body)
        reply = await running.update(self.client, ref, move)
        return reply if reply is not None else await self._deliver_late(ref, move)

    async def register_refusal(self, ref: str, move: Move, error: RogatoryError) -> None:
        """Write to the ledger that `move` was refused, and why (codes only)."""
        detail = {"event": move.body.event, "code": error.code, "key": move.key, "message": move.message}
        await asyncio.to_thread(
            self.records.ledger.note, ref, move.actor, "refused", detail, datetime.now(UTC)
        )

    @staticmethod
    def moves_of(state: CaseState) -> dict[str, list[str]]:
        """Moves that somebody of ours can make now (`allowed`), and moves of the other side that can be
        recorded when word of them comes by post (`recordable`)."""
        theirs = [each for each in free_to(state, COUNTERPART) if each != "delivered" or _left(state)]
        return {"allowed": list(free_to(state, OWN)), "recordable": theirs}

    def today(self) -> date:
        """The day it is in the house's own time zone."""
        return datetime.now(self.zone).date()

    def sign(self, payload: bytes) -> str:
        """Compact JWS of canonical payload bytes by the house's key."""
        return sign(payload, self.key)

    def trust_rows(self) -> list[dict[str, Any]]:
        """The houses we trust and their public keys, as JSON."""
        return [house.model_dump(mode="json") for house in self.trust.houses]

    def public_keys(self) -> dict[str, dict[str, Any]]:
        """The public keys that are or were ours, by key id."""
        ours = self.trust.house(self.settings.house)
        known = {key.kid: key.jwk.model_dump() for key in ours.keys} if ours is not None else {}
        return {**known, self.key.kid: dict(self.key.public)}

    def verify_custody(self, ref: str) -> Reason:
        """Do the signed triples of the case prove how it passed between houses?"""
        vault, found = self.records.vault, []
        for handoff in self.records.states.latest(ref).handoffs:
            if handoff.triple is not None:
                parts = (handoff.triple.offer, handoff.triple.acceptance, handoff.triple.confirmation)
                found.append(tuple(vault.get(ref, part).decode("ascii") if part else None for part in parts))
        return verify_chain([(first, second, third) for first, second, third in found], self.trust)

    async def engine(self) -> Engine:
        """Does the engine answer, and who works for us there?"""
        return await engine.asked(self.client, self.settings.task_queue)

    async def close(self) -> None:
        """Close the records. The engine's client closes with the process."""
        await asyncio.to_thread(self.records.close)

    # --- inside ---------------------------------------------------------------------------------------

    def _begin(self, move: Move, ref: str) -> tuple[MoveReply | None, tuple[guarded.Unread, ...]]:
        body = move.body
        state = reading.require_part(self.records, move.actor, ref)
        who.require_move(move.actor, body.event, bool(getattr(body, "by_post", False)))
        _check_left(state, body)
        unread = guarded.require_move(self.records, ref, body, move.key)
        what = digest(ref.encode() + b"\n" + _content(body))
        done = self.records.attempts.begin(move.key, move.actor.id, f"{body.event} {ref}", what)
        if done is not None:
            return MoveReply.model_validate_json(done).model_copy(update={"repeated": True}), ()
        return self._filed_before(state, move), unread

    async def _made(self, ref: str, move: Move) -> MoveReply:
        await asyncio.to_thread(check_named, self.records, ref, move.body)
        now = datetime.now(UTC)
        check_to_come(move.body, now)
        check_competing(move.body, ref, now)
        return await self.deliver(ref, move)

    def _filed_before(self, state: CaseState, move: Move) -> MoveReply | None:
        # The case remembers its last 200 keys, the ledger all of them.
        if move.key in state.keys:
            return None
        entry = self.records.ledger.of_key(state.ref, move.key)
        if entry is None or entry.move is None:
            return None
        return MoveReply(
            ref=state.ref,
            move=entry.move,
            event=entry.event,
            status=state.status,
            holder=state.holder,
            repeated=True,
        )

    async def _settled(self, ref: str, move: Move, attempt: Any) -> MoveReply:
        try:
            reply: MoveReply = await attempt
        except RogatoryError as error:
            if not error.retry:
                told = json.dumps({"code": error.code, "ref": ref})
                await asyncio.to_thread(self.records.attempts.refuse, move.key, told)
                await self.register_refusal(ref, move, error)
            raise
        await asyncio.to_thread(self.records.attempts.finish, move.key, reply.model_dump_json())
        return reply

    async def _deliver_late(self, ref: str, move: Move) -> MoveReply:
        state = await asyncio.to_thread(self.records.states.latest, ref)
        if state.status not in FINAL:
            raise not_running(ref)
        return await running.update_with_start(
            self.client, self.settings.task_queue, ref, state.kind, running.resumed(state), move
        )

    def _to_revive(self, since: datetime) -> list[str]:
        found: list[str] = []
        for wanted in (Filter(open_only=True), *(Filter(status=status) for status in sorted(FINAL))):
            after: str | None = None
            while True:
                page = self.records.docket.find(wanted, limit=200, after=after)
                found += [row.ref for row in page.rows if wanted.open_only or row.updated >= since]
                after = page.next
                if after is None:
                    break
        return found


async def open_office(settings: Settings, records: Records) -> Office:
    """The office of a house. The engine is reached at the first need, so the desk starts without it."""
    return Office(settings, records, await connect(settings, records))


def _settled(state: CaseState) -> bool:
    waiting = any(message.status in ("queued", "relayed") for message in state.outbox)
    baton = any(each.decided is None and each.triple is not None for each in state.handoffs)
    return state.status in FINAL and not waiting and not baton


def _content(body: MoveBody) -> bytes:
    return json.dumps(body.model_dump(mode="json"), sort_keys=True).encode()


def _left(state: CaseState) -> bool:
    """Did anything leave that can have arrived? A case of an old register left before it was taken over."""
    return bool(state.outbox) or state.status not in UNSENT


def _check_left(state: CaseState, body: MoveBody) -> None:
    """Raises WrongMove for proof that a draft arrived: the time of a provider would run from it."""
    if isinstance(body, Delivered) and not _left(state):
        error = WrongMove("Nothing of this case has left yet.", allowed=free_to(state, OWN), where=state.ref)
        error.next_step = "send it first; record then that it arrived"
        raise error
