"""What stands in for the office and its engine, so that letters can be taken in without one?

The records are real. A case is a row of states filed one after the other; whether a move is taken or refused
is set by the test.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from desk.house import TRUST_LIST
from letters.seal import SIGNING_KEY, load_key, sign
from letters.trust import TrustList
from records.open import open_records
from schemas.case import CaseState, Counterpart, DocketRow
from schemas.errors import RogatoryError
from schemas.handoff import Holder
from schemas.ids import digest
from schemas.moves import Actor, Arrive, Move, MoveReply
from schemas.settings import settings_of
from schemas.vocabulary import Kind, Side
from schemas.work import FileWork


class FakeOffice:
    """The door of one house (desk.inbound.Door) with real records. `refuse`: what each move meets."""

    def __init__(self, home: Path) -> None:
        self.settings = settings_of(home)
        self.records = open_records(self.settings)
        self.key = load_key(self.settings.keys / SIGNING_KEY)
        self.trust = TrustList.load(self.settings.keys / TRUST_LIST)
        self.refuse: RogatoryError | None = None
        self.moves: list[tuple[str, Move]] = []

    async def reserve(self, kind: Kind, key: str) -> str:
        name, what = f"{key}#reference", digest(kind.value.encode())
        known = self.records.attempts.begin(name, "house", "reference", what)
        if known is None:
            known = self.records.references.next(kind, datetime.now(UTC).date())
            self.records.attempts.finish(name, known)
        self.records.keys.create(known)
        return known

    async def start(self, ref: str, side: Side, move: Move) -> MoveReply:
        assert isinstance(move.body, Arrive)
        return self._made(ref, side, move)

    async def deliver(self, ref: str, move: Move) -> MoveReply:
        return self._made(ref, self.records.docket.row(ref).side, move)

    async def register_refusal(self, ref: str, move: Move, error: RogatoryError) -> None:
        detail = {"code": error.code, "message": move.message}
        self.records.ledger.note(ref, move.actor, "refused", detail, datetime.now(UTC))

    def sign(self, payload: bytes) -> str:
        return sign(payload, self.key)

    def _made(self, ref: str, side: Side, move: Move) -> MoveReply:
        self.moves.append((ref, move))
        if self.refuse is not None:
            raise self.refuse
        filed = self.records.ledger.of_key(ref, move.key)
        number = filed.move if filed is not None and filed.move else self._next(ref)
        if filed is None:
            self.records.file(work_of(self.settings.house, ref, side, move, number))
        holder = Holder(house=move.actor.house, function="central-authority")
        return MoveReply(ref=ref, move=number, event=move.body.event, status="received", holder=holder)

    def _next(self, ref: str) -> int:
        rows = [row for row in self.records.docket.by_reference(ref) if row.ref == ref]
        return rows[0].move + 1 if rows else 1


def work_of(house: str, ref: str, side: Side, move: Move, number: int) -> FileWork:
    """The filing of one move: a state that says no more than a letter needs."""
    now = datetime.now(UTC)
    holder = Holder(house=move.actor.house, function="central-authority")
    request = move.body.request if isinstance(move.body, Arrive) else FIRST[ref].request
    theirs = move.body.foreign_ref if isinstance(move.body, Arrive) else FIRST[ref].foreign_ref
    if isinstance(move.body, Arrive):
        FIRST[ref] = move.body
    other = request.requesting if side is Side.INCOMING else request.requested
    state = CaseState(
        ref=ref,
        house=house,
        state=request.requested if side is Side.INCOMING else request.requesting,
        kind=Kind.MLA,
        side=side,
        status="received",
        move=number,
        opened=now,
        updated=now,
        filed_by=move.actor.id,
        last_author=move.actor.id,
        counterpart=Counterpart(state=other, house=move.actor.house, ref=theirs),
        holder=holder,
        held_since=now,
        request=request,
    )
    row = DocketRow(
        ref=ref,
        house=house,
        kind=Kind.MLA,
        side=side,
        status="received",
        counterpart_state=other,
        counterpart_house=move.actor.house,
        their_ref=theirs,
        holder_house=holder.house,
        holder_function=holder.function,
        held_since=now,
        move=number,
        opened=now,
        updated=now,
    )
    return FileWork(
        ref=ref,
        move=number,
        at=now,
        actor=Actor(id=move.actor.id, house=move.actor.house),
        event=move.body.event,
        key=move.key,
        detail=move.body.model_dump_json(),
        state=state,
        row=row,
        message=move.message,
        sealed=move.sealed,
    )


FIRST: dict[str, Arrive] = {}
