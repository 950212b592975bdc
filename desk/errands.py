"""What does a case want done elsewhere in the house: another case opened, or told something?

A case files its errand with the move that made it; here they are done, and the case is told. Each step has a
key of its own, so that an errand done twice, before and after a crash, is done once.
"""

from __future__ import annotations

import asyncio
import logging

from pydantic import TypeAdapter, ValidationError

from desk import guarded
from desk.office import Office
from desk.opened import state_or_none
from records.docket import Filter
from schemas.case import CaseState, DocketRow
from schemas.errors import NotFound, RogatoryError
from schemas.facets import Errand
from schemas.moves import Actor, ErrandDone, FileRequest, Move, MoveBody
from schemas.vocabulary import Kind, Role, Side

PAUSE_SECONDS = 1.0
UNREADABLE = "errand-unreadable"
"""Why an errand cannot be done that was written by rules of another release."""
RUNNER = "errands"
"""Account id under which errands are done: what the house does because a case of its own wants it."""

_TO_PRESERVATIONS = frozenset({"follow-up", "follow-up-decided"})
_BODY: TypeAdapter[MoveBody] = TypeAdapter(MoveBody)
_log = logging.getLogger(__name__)


async def run_errands(office: Office) -> list[str]:
    """One round: does every errand that waits. Returns `<case>:<errand>` of those done. Safe to repeat.

    One that cannot be done now keeps no other from being done.
    """
    done = []
    for ref in await asyncio.to_thread(office.records.docket.errands):
        state = await asyncio.to_thread(state_or_none, office.records, ref)
        if state is None:
            continue
        for errand in state.errands:
            if errand.done is None and await _did(office, state, errand):
                done.append(f"{ref}:{errand.id}")
    return done


async def keep_errands(office: Office, pause: float = PAUSE_SECONDS) -> None:
    """Round after round until cancelled; what goes wrong is logged, and tried again."""
    while True:
        try:
            await run_errands(office)
        except RogatoryError as error:
            _log.warning("errands wait: %s", error.code)
        except Exception as error:
            # the text of a foreign exception may carry what it was working on
            _log.error("errands failed: %s", type(error).__name__)
        await asyncio.sleep(pause)


async def _did(office: Office, state: CaseState, errand: Errand) -> bool:
    """Does one errand and tells the case. False: it waits, since a part of the house does not answer now."""
    try:
        ref, problem = await _tried(office, state, errand)
        move = Move(
            key=f"{RUNNER}:{state.ref}:{errand.id}:done{errand.tries or ''}",
            actor=runner(office),
            body=ErrandDone(id=errand.id, ref=ref, problem=problem),
        )
        await office.deliver(state.ref, move)
    except RogatoryError as error:
        _log.warning("errand %s of %s waits: %s", errand.id, state.ref, error.code)
        return False
    except Exception as error:
        # the text of a foreign exception may carry what it was working on
        _log.error("errand %s of %s failed: %s", errand.id, state.ref, type(error).__name__)
        return False
    return True


async def _tried(office: Office, state: CaseState, errand: Errand) -> tuple[str | None, str | None]:
    """The case opened or told, and why it could not be. Raises what may be tried again."""
    try:
        if errand.what == "open":
            return await _open(office, state, errand), None
        return await _tell(office, state, errand), None
    except ValidationError:
        return None, UNREADABLE
    except RogatoryError as error:
        if error.retry:
            raise
        return None, error.code


async def _open(office: Office, state: CaseState, errand: Errand) -> str:
    body = FileRequest.model_validate(errand.body)
    ref = (await office.file(runner(office), body, f"{state.ref}:{errand.id}")).ref
    # Its words come from a case whose names are guarded: they are here, too.
    names = await asyncio.to_thread(guarded.names_of, office.records, state.ref)
    await asyncio.to_thread(guarded.keep, office.records, runner(office), ref, names)
    return ref


async def _tell(office: Office, state: CaseState, errand: Errand) -> str | None:
    """Tells every case meant, and then says what one of them refused. None: the reference is a case of ours
    that such a word is not for."""
    body = _BODY.validate_python(errand.body)
    rows = await asyncio.to_thread(office.records.docket.by_reference, errand.ref or "")
    # a case that follows an earlier one which keeps no data has nothing to tell it
    meant = [row for row in rows if _is_for(state, row, body.event)]
    if not rows and await asyncio.to_thread(_of_others, office, state, errand.ref or ""):
        return None
    if not rows:
        raise NotFound(f"No case has the reference {errand.ref!r}.", code="unknown-reference")
    refusals: list[RogatoryError] = []
    for row in meant:
        move = Move(key=f"{RUNNER}:{state.ref}:{errand.id}:{row.ref}", actor=runner(office), body=body)
        try:
            looked = guarded.require_move
            unread = await asyncio.to_thread(looked, office.records, row.ref, body, move.key)
            await office.deliver(row.ref, move)
            told = guarded.tell_unread
            await asyncio.to_thread(told, office.records, row.ref, move.actor, body.event, unread)
        except RogatoryError as error:
            if error.retry:
                raise
            await office.register_refusal(row.ref, move, error)
            refusals.append(error)
    if refusals:
        raise refusals[0]
    return meant[0].ref if meant else None


def _is_for(state: CaseState, row: DocketRow, event: str) -> bool:
    if row.ref == state.ref:
        return False
    return event not in _TO_PRESERVATIONS or (row.kind is Kind.PRESERVATION and row.side is state.side)


def _of_others(office: Office, state: CaseState, ref: str) -> bool:
    """Is `ref`, which their request names, a preservation that was never asked of us? They may have asked a
    provider. While we keep data for the same State, it may be one of these under another reference."""
    if state.side is not Side.INCOMING or ref not in state.request.follows:
        return False
    kept = Filter(kind=Kind.PRESERVATION, side=Side.INCOMING, state=state.counterpart.state, open_only=True)
    return not office.records.docket.find(kept, limit=1).rows


def runner(office: Office) -> Actor:
    """Who does errands."""
    return Actor(id=RUNNER, house=office.settings.house, roles=(Role.OFFICER,))
