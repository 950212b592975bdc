"""Which open cases rested on law that has changed, and were they told?

An accepted change of the law is kept as not yet watched until every open case that relied on it has been
asked again and shows it to its holder. A case that cannot be reached is tried again, also after a restart.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from desk.office import Office
from desk.opened import day_of, open_rows, state_or_none
from desk.sweeping import NOT_ANSWERED, deliver, sweep
from records.open import Records
from records.proposals import Proposal
from schemas.case import CaseState, DocketRow
from schemas.errors import RogatoryError
from schemas.law import PartyAct
from schemas.moves import Actor, LawMoved, Move
from schemas.reasoning import Assessment, Question
from schemas.vocabulary import Role
from treaties.asking import question_of
from treaties.basis import find_bases
from treaties.difference import Difference, differences
from treaties.editions import Editions
from treaties.registry import Registry
from treaties.reliance import Reliance, addressed, facts_of, reliance, unanswered

SETTLING = timedelta(minutes=5)
"""So long after an acceptance a case may still be filed with an answer of the edition before."""

PAUSE_SECONDS = 60.0
EVERYWHERE = None
"""Instead of States: the change may touch any pair."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Touched:
    """An open case whose answer a change of the law moves, and how. Not `answered`: the law cannot take its
    question any more."""

    row: DocketRow
    state: CaseState
    how: Reliance
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """What one round of the watch did: cases told, and those that could not be reached, with the reason."""

    cases: tuple[str, ...]
    unreached: Mapping[str, str]
    settled: tuple[int, ...]


def touched(
    records: Records, before: Registry, after: Registry, found: Sequence[Difference], today: date
) -> Iterator[Touched]:
    """Open cases whose answer differs between the two registries. A request not yet sent is asked as of
    today, another as of the day of its recorded answer."""
    states = states_of(after, found)
    for row in open_rows(records):
        if states is EVERYWHERE or row.counterpart_state in states or records.settings.state in states:
            one = _touched(records, row, before, after, found, today)
            if one is not None:
                yield one


def states_of(registry: Registry, found: Iterable[Difference]) -> frozenset[str] | None:
    """The States that the changes are about, with the territories whose answer may hang on theirs; EVERYWHERE
    (None) where they may be about any."""
    named: set[str] = set()
    for one in found:
        if one.sort == "thing":
            continue
        if isinstance(one.row, PartyAct) or one.sort == "practice":
            named.add(one.state)
        else:
            return EVERYWHERE
    return frozenset(named | {code for code, one in registry.jurisdictions.items() if one.parent in named})


def told(one: Touched) -> dict[str, Any]:
    """A case in the impact of a change: no name, no content, only where it stands and what moves."""
    row, how = one.row, one.how
    return {
        "ref": row.ref,
        "side": row.side.value,
        "status": row.status,
        "counterpart_state": row.counterpart_state,
        "holder": row.holder_function,
        "urgent": row.urgent,
        "instrument": row.instrument,
        "best_before": how.best_before,
        "best_after": how.best_after,
        "good_until_changes": how.good_until,
        "gates": list(how.gates),
        "shifts": [
            {
                "instrument": shift.instrument,
                "before": shift.before.value if shift.before else None,
                "after": shift.after.value if shift.after else None,
                "parts": list(shift.parts),
            }
            for shift in how.shifts
        ],
        "facts": list(how.facts),
    }


def facts_in_use(records: Records, registry: Registry, today: date) -> dict[str, list[str]]:
    """For each fact that the answers of open cases rest on, the references of those cases."""
    used: dict[str, list[str]] = {}
    for row in open_rows(records):
        state = state_or_none(records, row.ref)
        if state is None:
            continue
        try:
            answer = find_bases(registry, question_of(state.request, day_of(state, today)))
        except RogatoryError:
            continue
        for fact in sorted(facts_of(answer, usable_only=True) | addressed(registry, answer)):
            used.setdefault(fact, []).append(row.ref)
    return used


# --- telling ------------------------------------------------------------------------------------------


async def watch(office: Office, editions: Editions) -> Told:
    """One round: tells every open case that relied on a change it does not know of, whether it was accepted
    here, came with the program, or by the mere passing of a day. Safe to repeat."""
    decided = await _watch_decided(office, editions)
    other = await sweep(office, editions, SETTLING)
    return Told(
        tuple(dict.fromkeys((*decided.cases, *other.cases))),
        {**decided.unreached, **other.unreached},
        decided.settled,
    )


async def _watch_decided(office: Office, editions: Editions) -> Told:
    records = office.records
    pending = await asyncio.to_thread(records.proposals.unwatched)
    if not pending:
        return Told((), {}, ())
    now = datetime.now(UTC)
    work = await asyncio.to_thread(lambda: list(_to_tell(office, editions, pending)))
    done = await deliver(office, work)
    settled = []
    for one in pending:
        if not done.unreached and one.place is not None and one.decided and now - one.decided >= SETTLING:
            await asyncio.to_thread(records.proposals.watched, one.place, now)
            settled.append(one.number)
    return Told((*done.cases, *done.again), done.unreached, tuple(settled))


async def one_round(office: Office, editions: Editions) -> None:
    """As `watch`, where nobody waits for the result: what goes wrong is logged, and tried again later."""
    try:
        await watch(office, editions)
    except RogatoryError as error:
        _log.warning("the watch over the law waits: %s", error.code)
    except Exception as error:
        # The text of a foreign exception may carry what it was working on.
        _log.error("the watch over the law failed: %s", type(error).__name__)


async def keep_watch(office: Office, editions: Editions, pause: float = PAUSE_SECONDS) -> None:
    """Round after round until cancelled."""
    while True:
        await one_round(office, editions)
        await asyncio.sleep(pause)


def _to_tell(office: Office, editions: Editions, pending: Sequence[Proposal]) -> Iterator[tuple[str, Move]]:
    """A move for each open case that relied on what changed since the edition its answer is of."""
    records = office.records
    count = records.proposals.count()
    current = editions.at(count)
    known = {one.edition: one.accepted for one in records.proposals.editions()}
    earliest = min(one.place for one in pending if one.place is not None) - 1
    found: dict[int, tuple[Registry, list[Difference], list[Proposal]]] = {}
    for row in open_rows(records):
        since = max(known.get(row.edition or "", earliest), earliest)
        if since >= count:
            continue
        if since not in found:
            before = editions.at(since)
            found[since] = (before, differences(before, current), records.proposals.accepted(since))
        before, changed, accepted = found[since]
        states = states_of(current, changed)
        if states is EVERYWHERE or row.counterpart_state in states or office.settings.state in states:
            one = _touched(records, row, before, current, changed, office.today())
            if one is not None and (one.answered or NOT_ANSWERED not in one.state.attention):
                yield row.ref, _move(office, current, accepted, one.how, count)


def _move(office: Office, current: Registry, accepted: Sequence[Proposal], how: Reliance, count: int) -> Move:
    last = accepted[-1]
    return Move(
        key=f"law-moved:{count}",
        actor=Actor(
            id=last.decided_by or last.proposed_by, house=office.settings.house, roles=(Role.TREATY_DESK,)
        ),
        body=LawMoved(
            edition=current.edition,
            proposals=tuple(one.number for one in accepted),
            facts=how.facts,
            instruments=tuple(shift.instrument for shift in how.shifts),
        ),
    )


def _touched(
    records: Records,
    row: DocketRow,
    before: Registry,
    after: Registry,
    found: Sequence[Difference],
    today: date,
) -> Touched | None:
    state = state_or_none(records, row.ref)
    if state is None:
        return None
    question = question_of(state.request, day_of(state, today))
    old, new = _asked(before, question), _asked(after, question)
    if old is None:
        # A request that the law could not answer (a State it does not know) rested on none.
        return None
    if new is None:
        return Touched(row, state, unanswered(old, found), answered=False)
    how = reliance(old, new, found)
    return None if how is None else Touched(row, state, how)


def _asked(registry: Registry, question: Question) -> Assessment | None:
    try:
        return find_bases(registry, question)
    except RogatoryError:
        return None
