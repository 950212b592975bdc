"""Was material of the list of refused hashes brought, and has a person taken that over?

What happened stands in the ledger, so what is asked here is the ledger, also after a stop. As long as nobody
confirmed it or handed it over (`rogatory item note`), the case shows it and the head of the office is told
again, once a day.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from desk import evidence
from desk.notices import tell
from desk.office import Office
from records.following import cases_with
from records.ledger import Entry
from schemas.case import CaseState
from schemas.errors import NotFound, RogatoryError
from schemas.evidence import ALARM, CustodyEntry
from schemas.lifecycle import HEAD
from schemas.moves import Actor, Alarmed, Move
from schemas.vocabulary import Role
from schemas.work import NotifyWork

WATCHER = "alarms"
"""Account id under which the house tells its own cases of an alarm."""
PAUSE_SECONDS = 60.0
TAKEN_OVER = frozenset({"custody-only", "handed-over", "taken-over", "returned", "destroyed"})
"""What a person notes of an item that ends its alarm: it is confirmed, or somebody else has it."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Alarm:
    """An item that was on the list, last brought at `at`. `over`: a person has noted something since."""

    item: str
    at: datetime
    over: bool


class Alarms:
    """The alarms of a house. Reads the ledger on from where it stopped."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._seen = 0
        self._refs: set[str] = set()

    async def round(self) -> list[str]:
        """Show and tell every alarm that is not over, take back what is; the cases with an open alarm.

        One case that cannot be told now keeps no other from being told.
        """
        await asyncio.to_thread(self._read_on)
        still = []
        for ref in sorted(self._refs):
            try:
                if await self._case(ref):
                    still.append(ref)
            except NotFound:  # erased
                self._refs.discard(ref)
            except RogatoryError as error:
                _log.warning("alarm of %s waits: %s", ref, error.code)
        return still

    def _read_on(self) -> None:
        records, before = self._office.records, self._seen
        found = cases_with(records.database, "refused", before)
        for ref in {ref for _, ref in found}:
            fresh = [each for each in records.ledger.entries(ref) if each.seq > before]
            listed = [each for each in fresh if _on_list(each) is not None]
            for each in listed:
                if _on_list(each):
                    self._refs.add(ref)
                else:
                    self._tell_once(ref, each.seq)
        # Last: what fails on the way is read again.
        self._seen = max((seq for seq, _ in found), default=before)

    def _tell_once(self, ref: str, seq: int) -> None:
        """A document or letter was turned away: it is no item that somebody has to take over."""
        office = self._office
        work = NotifyWork(ref=ref, notice=f"{ref}/{ALARM}/{seq}", code=ALARM, to=(HEAD,), loud=True)
        with suppress(RogatoryError):
            tell(office.settings, office.records, office.key, work)

    async def _case(self, ref: str) -> bool:
        office = self._office
        found = await asyncio.to_thread(alarms_of, office, ref)
        state = await asyncio.to_thread(office.records.states.latest, ref)
        waiting = [alarm for alarm in found if not alarm.over]
        for alarm in waiting:
            work = evidence.alarm_notice(office, ref, alarm.item)
            with suppress(RogatoryError):  # mail that is set up wrongly keeps nothing from being shown
                await asyncio.to_thread(tell, office.settings, office.records, office.key, work)
        if found and (ALARM in state.attention) is not bool(waiting):
            await self._show(state, (waiting or found)[-1])
        return bool(waiting)

    async def _show(self, state: CaseState, alarm: Alarm) -> None:
        office, word = self._office, "over" if alarm.over else "on"
        move = Move(
            key=f"{WATCHER}:{word}:{state.ref}:{alarm.item}:{alarm.at.isoformat()}",
            actor=Actor(id=WATCHER, house=office.settings.house, roles=(Role.OFFICER,)),
            body=Alarmed(item=alarm.item, over=alarm.over),
        )
        await office.deliver(state.ref, move)


def alarms_of(room: evidence.Room, ref: str) -> list[Alarm]:
    """The alarms of a case, by item. Raises NotFound as the ledger."""
    last: dict[str, datetime] = {}
    for entry in room.records.ledger.entries(ref):
        item = _on_list(entry)
        if item:
            last[item] = entry.at
    if not last:
        return []
    kept = evidence.manifests(room, ref)
    return [Alarm(item, at, _is_over(room, kept.get(item, []), at)) for item, at in last.items()]


def _is_over(room: evidence.Room, entries: list[str], at: datetime) -> bool:
    ours = (each for each in evidence.noted(entries) if each.house == room.settings.house)
    return any(each.noted >= at and _by_a_person(each) for each in ours)


def _by_a_person(entry: CustodyEntry) -> bool:
    return entry.event in TAKEN_OVER and entry.why != evidence.ON_LIST


def _on_list(entry: Entry) -> str | None:
    """The item of a refusal because of the list (empty: a document or letter); None for other entries."""
    if entry.event != "refused" or entry.detail is None:
        return None
    told = json.loads(entry.detail)
    return str(told.get("item", "")) if told.get("code") == evidence.ON_LIST else None


async def keep_alarms(office: Office, pause: float = PAUSE_SECONDS) -> None:
    """Round after round until cancelled; what goes wrong is logged, and tried again."""
    alarms = Alarms(office)
    while True:
        try:
            await alarms.round()
        except RogatoryError as error:
            _log.warning("alarms wait: %s", error.code)
        except Exception as error:
            # the text of a foreign exception may carry what it was working on
            _log.error("alarms failed: %s", type(error).__name__)
        await asyncio.sleep(pause)
