"""What happens to the words that providers leave for us?

Providers do not come to our door: round after round the carrier asks each one what is new. Every word is
written down as an attempt first, then made as a move of its case, then settled at the provider; whatever
happens between two of these steps, the next round does the rest, and nothing twice. What cannot be read,
belongs to no case of ours, or is not possible now is registered with the reason, never dropped.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from letters.carriers import Carrier
from letters.carriers.provider import ProviderCarrier
from letters.providers import PROVIDERS, Provider, ProviderBook
from letters.ts103120.message import Message
from letters.ts103120.reading import Heard, ProviderWord, Unread
from records.open import Records
from records.references import HOUSE
from schemas.case import CaseState, DocketRow
from schemas.errors import BadInput, NotFound, RogatoryError
from schemas.ids import digest
from schemas.moves import LARGEST_MOVE, Actor, Move, MoveBody, MoveReply, Preserved, Renewed
from schemas.settings import Settings
from schemas.vocabulary import Side

PAUSE_SECONDS = 3.0
"""Between two rounds; how often a provider is asked is for the carrier to say."""

AGENCY = "provider"

_log = logging.getLogger(__name__)


class Door(Protocol):
    """What of the office a word needs (`desk.office.Office`)."""

    settings: Settings
    records: Records

    async def deliver(self, ref: str, move: Move) -> MoveReply: ...
    async def register_refusal(self, ref: str, move: Move, error: RogatoryError) -> None: ...


class Way(Carrier[Provider, Message, Heard], Protocol):
    """A carrier that can be told that a word was taken in."""

    def settle(self, word: Heard) -> None: ...


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did, in ids of words: made as moves, known before, registered as refused, and those that
    wait because a part of ours did not answer."""

    made: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


async def collect(office: Door, way: Way) -> Round:
    """One round. Safe to repeat, and to break off at any moment."""
    done: dict[str, list[str]] = {"made": [], "known": [], "refused": [], "waiting": []}
    words: Sequence[Heard] = await asyncio.to_thread(way.collect)
    for word in words:
        try:
            did = await _take(office, word)
        except RogatoryError as error:
            _log.warning("the word %s waits: %s", word.id, error.code)
            done["waiting"].append(word.id)
            continue
        except Exception as error:
            # One word that we stumble over keeps no other back. The text of a foreign exception may carry it.
            _log.error("the word %s waits: %s", word.id, type(error).__name__)
            done["waiting"].append(word.id)
            continue
        await asyncio.to_thread(way.settle, word)
        done[did].append(word.id)
    return Round(**{name: tuple(each) for name, each in done.items()})


async def keep_collecting(office: Door, way: Way, pause: float = PAUSE_SECONDS) -> None:
    """Round after round until cancelled. What goes wrong is logged, and tried again later."""
    while True:
        try:
            await collect(office, way)
        except RogatoryError as error:
            _log.warning("collecting from providers waits: %s", error.code)
        except Exception as error:
            # The text of a foreign exception may carry what it was working on.
            _log.error("collecting from providers failed: %s", type(error).__name__)
        await asyncio.sleep(pause)


def way_of(settings: Settings) -> ProviderCarrier:
    """The way to the providers of a house, as its address book stands at each moment: one that cannot be read
    now stops the collecting until it is mended, and nothing else."""
    return ProviderCarrier(ProviderBook(path=settings.keys / PROVIDERS), settings.house)


# --- one word -----------------------------------------------------------------------------------------


async def _take(office: Door, word: Heard) -> str:
    key = f"provider:{word.id}"
    before = await asyncio.to_thread(
        office.records.attempts.begin, key, word.provider, AGENCY, digest(word.id.encode())
    )
    if before is not None:
        return "known"
    if isinstance(word, Unread):
        return await asyncio.to_thread(_register, office, word, word.code, word.reason)
    try:
        row = await asyncio.to_thread(_case, office.records, word)
    except NotFound as error:
        return await asyncio.to_thread(_register, office, word, error.code, error.what)
    if await asyncio.to_thread(_filed, office.records, row.ref, key, word):
        await asyncio.to_thread(office.records.attempts.finish, key, json.dumps({"ref": row.ref}))
        return "known"
    return await _move(office, row.ref, key, word)


async def _move(office: Door, ref: str, key: str, word: ProviderWord) -> str:
    records = office.records
    state = await asyncio.to_thread(records.states.latest, ref)
    body = _in_this_case(word.body, state)
    actor = Actor(id=word.provider, house=word.provider, agency=AGENCY)
    sealed = await asyncio.to_thread(records.vault.put, ref, word.objects)
    move = Move(key=key, actor=actor, body=body, message=word.id, sealed=sealed)
    try:
        _not_too_long(body)
        await office.deliver(ref, move)
    except RogatoryError as error:
        if error.retry:
            raise
        await office.register_refusal(ref, move, error)
        await asyncio.to_thread(records.attempts.finish, key, json.dumps({"ref": ref, "refused": error.code}))
        return "refused"
    await asyncio.to_thread(records.attempts.finish, key, json.dumps({"ref": ref}))
    return "made"


def _ours(records: Records, provider: str, ref: str | None) -> DocketRow | None:
    """The row of our case `ref`, if it went to this provider."""
    for row in records.docket.by_reference(ref or "", aliases=False):
        near = row.ref == ref and row.side is Side.OUTGOING and row.provider == provider
        # a request to a State may be about this provider as well, which then has no word in it
        if near and records.states.latest(row.ref).counterpart.provider == provider:
            return row
    return None


def _case(records: Records, word: ProviderWord) -> DocketRow:
    row = _ours(records, word.provider, word.ref)
    if row is None:
        raise NotFound(
            "There is no such case with this provider.",
            where=word.id,
            next_step="ask the provider what its word is about",
            code="unknown-case",
        )
    return row


def _filed(records: Records, ref: str, key: str, word: ProviderWord) -> bool:
    """Was it made before, or does it say again what the provider's last word of this sort said?"""
    if records.ledger.of_key(ref, key) is not None:
        return True
    if not word.says_state:
        return False
    sort = key.removeprefix("provider:").split(".", 2)[:2]
    same = [
        entry.key
        for entry in records.ledger.entries(ref)
        if entry.move is not None and entry.key.removeprefix("provider:").split(".", 2)[:2] == sort
    ]
    return bool(same) and same[-1].split(".")[2:3] == [word.content]


def _in_this_case(body: MoveBody, state: CaseState) -> MoveBody:
    """The same word as this case must hear it: data kept longer after we asked for that were renewed."""
    keeping = state.keeping
    if not isinstance(body, Preserved) or keeping is None or not keeping.periods:
        return body
    asked, last = keeping.renewals_asked, keeping.periods[-1]
    later = last.end is None or body.end is None or body.end > last.end
    if asked and body.start >= asked[-1].replace(microsecond=0) and later:
        return Renewed(start=body.start, end=body.end, note=body.partial)
    return body


def _not_too_long(body: MoveBody) -> None:
    if len(body.model_dump_json().encode()) > LARGEST_MOVE:
        raise BadInput(
            "The provider's word is longer than a move may be.",
            where=body.event,
            next_step="ask the provider to deliver in parts",
            code="over-limit",
        )


def _register(office: Door, word: Heard, code: str, reason: str) -> str:
    """Write down that the word was refused: with the case where it is this provider's, else the house."""
    records = office.records
    row = _ours(records, word.provider, word.ref)
    ref = row.ref if row is not None else HOUSE
    detail: dict[str, Any] = {
        "code": code,
        "reason": reason,
        "provider": word.provider,
        "message": word.id,
        "content": digest(word.objects),
    }
    if row is not None:
        records.vault.put(ref, word.objects)
    actor = Actor(id=word.provider, house=word.provider, agency=AGENCY)
    records.ledger.note(ref, actor, "refused", detail, datetime.now(UTC))
    records.attempts.finish(f"provider:{word.id}", json.dumps({"refused": code}))
    return "refused"
