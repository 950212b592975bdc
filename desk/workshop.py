"""How does the treaty desk change the law: propose, look at what it would do, have a second person decide?

Nothing counts before it is accepted. What an accepted change does to open cases is told by `desk.watch`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from desk.problems import SeveralFaults
from records.open import Records
from records.proposals import ACCEPTED, Proposal
from schemas.errors import BadInput, NotFound
from schemas.ids import digest
from schemas.moves import Actor
from treaties import impact as impacts
from treaties.difference import Difference, differences, told
from treaties.draft import Draft, draft_again, draft_json
from treaties.editions import Editions
from treaties.layering import standing
from treaties.proposal import Considered, considered, supposed, taken_up
from treaties.registry import Registry

MAX_FAULTS = 100
IMPACTS_KEPT = 8


@dataclass(frozen=True, slots=True)
class Effect:
    """What a proposal does: the registry `before` and `after` it, what differs, and why it does not fit
    (`faults`, then `after` is `before`)."""

    before: Registry
    after: Registry
    differences: tuple[Difference, ...]
    faults: tuple[dict[str, str], ...] = ()


class Workshop:
    """The treaty desk of one house. `today`: the day it is in the house's own time zone."""

    def __init__(self, records: Records, editions: Editions, today: Callable[[], date]) -> None:
        self._records = records
        self._editions = editions
        self._today = today
        self._impacts: dict[tuple[str, str], dict[str, Any]] = {}

    # --- proposing ------------------------------------------------------------------------------------

    def propose(self, actor: Actor, draft: Draft, key: str, *, skip_known: bool = False) -> dict[str, Any]:
        """Keeps the draft as an open proposal, if all of it passes. The same `key` gives the same proposal.

        `skip_known`: rows that stand already are left out (a table repeats them). Raises SeveralFaults with
        every fault and its place: nothing is kept then.
        """
        done = self._begun(actor, key, "propose", draft_json(draft))
        if done is not None:
            return done
        registry = self._editions.current()
        found = considered(registry, draft, self._today(), skip_known=skip_known)
        _refuse_faults(found)
        fresh = _without_known(registry, draft) if skip_known else draft
        if all(one.fact.startswith("sources/") for one in found.differences) and skip_known:
            raise BadInput("The registry holds all of this already.", next_step="there is nothing to propose")
        content = json.dumps(draft_json(fresh), ensure_ascii=False)
        made = self._records.proposals.add(actor, draft.title, content, datetime.now(UTC))
        return {**self._done(actor, key, made.number), "known": len(found.known)}

    def accept(self, number: int, actor: Actor, key: str, reason: str = "") -> dict[str, Any]:
        """Accepts an open proposal as a second person: from now on it counts, as a new edition.

        Raises NotFound, NotAllowed (`four-eyes`), Conflict (decided, or another came first), SeveralFaults if
        it no longer fits what was accepted since it was proposed.
        """
        done = self._begun(actor, key, f"accept {number}", reason)
        if done is not None:
            return done
        proposals, day = self._records.proposals, self._today()
        draft = _draft(proposals.acceptable(number, actor))
        count = proposals.count()
        before = self._editions.at(count)
        _refuse_faults(considered(before, draft, day))
        after, _ = taken_up(before, draft, day)
        proposals.accept(
            number,
            actor,
            at=datetime.now(UTC),
            day=day,
            place=count + 1,
            edition=after.edition,
            reason=reason,
        )
        return self._done(actor, key, number)

    def refuse(self, number: int, actor: Actor, key: str, reason: str) -> dict[str, Any]:
        """Refuses an open proposal with a reason. Raises NotFound, Conflict if it is decided, BadInput."""
        if not reason.strip():
            raise BadInput("A refusal needs a reason.", where="reason", next_step="say what is wrong with it")
        done = self._begun(actor, key, f"refuse {number}", reason)
        if done is not None:
            return done
        self._records.proposals.refuse(number, actor, reason.strip(), datetime.now(UTC))
        return self._done(actor, key, number)

    def _begun(self, actor: Actor, key: str, what: str, content: object) -> dict[str, Any] | None:
        """What the same key did before. Raises Conflict if it was used for something else."""
        sign = digest(json.dumps(content, sort_keys=True).encode())
        done = self._records.attempts.begin(f"{actor.id}:{key}", actor.id, what, sign)
        return None if done is None else {**self.shown(int(json.loads(done)["number"])), "repeated": True}

    def _done(self, actor: Actor, key: str, number: int) -> dict[str, Any]:
        self._records.attempts.finish(f"{actor.id}:{key}", json.dumps({"number": number}))
        return {**self.shown(number), "repeated": False}

    # --- looking --------------------------------------------------------------------------------------

    def shown(self, number: int) -> dict[str, Any]:
        """One proposal with its rows. Raises NotFound."""
        proposal = self._records.proposals.get(number)
        draft = _draft(proposal)
        rows = [{"section": one.section, "where": one.where, **dict(one.row)} for one in draft.changes]
        return {**line(proposal), "why": draft.reason, "rows": rows}

    def listed(self, status: str | None, limit: int, before: int | None) -> dict[str, Any]:
        """Proposals, the newest first: `items`, and `next`, the number to go on before (None at the end)."""
        found = self._records.proposals.find(status, limit=limit + 1, before=before)
        more = len(found) > limit
        found = found[:limit]
        return {"items": [line(one) for one in found], "next": found[-1].number if more else None}

    def difference(self, number: int) -> dict[str, Any]:
        """What the proposal changes, fact by fact; `faults` where it no longer fits. Raises NotFound."""
        effect = self.effect(number)
        return {
            "proposal": number,
            "edition_before": effect.before.edition,
            "edition_after": effect.after.edition,
            "items": [told(one) for one in effect.differences],
            "faults": list(effect.faults),
        }

    def learned(self, known_on: date, limit: int) -> dict[str, Any]:
        """What is believed now and was not on `known_on`, at most `limit` rows of it, and how many in all."""
        registry = self._editions.current()
        found = differences(registry.known_on(known_on), registry)
        return {
            "edition": registry.edition,
            "known_on": known_on.isoformat(),
            "total": len(found),
            "items": [told(one) for one in found[:limit]],
        }

    def impact(self, number: int) -> dict[str, Any]:
        """What the proposal does to pairs of States (`treaties.impact.told`). Raises NotFound."""
        effect = self.effect(number)
        sign = (effect.before.edition, effect.after.edition)
        if sign not in self._impacts:
            found = impacts.impact(effect.before, effect.after, effect.differences, self._today())
            if len(self._impacts) >= IMPACTS_KEPT:
                self._impacts.clear()
            self._impacts[sign] = impacts.told(found)
        return {"proposal": number, "faults": list(effect.faults), **self._impacts[sign]}

    def what_if(self, add: list[str], drop: list[str], known_on: date | None = None) -> dict[str, Any]:
        """What acts in words would do to pairs of States, and what would follow without some facts."""
        registry = self._editions.current()
        return supposition(registry, add, drop, self._today(), known_on)

    def effect(self, number: int) -> Effect:
        """What the proposal does: of an accepted one what it did when it was accepted, else what it would do
        now. Raises NotFound."""
        proposal = self._records.proposals.get(number)
        if proposal.status == ACCEPTED and proposal.place is not None:
            before, after = self._editions.at(proposal.place - 1), self._editions.at(proposal.place)
            return Effect(before, after, tuple(differences(before, after)))
        before = self._editions.current()
        found = considered(before, _draft(proposal), self._today())
        return Effect(before, found.after, found.differences, tuple(_faults(found)))

    def history(self, known_on: date | None = None) -> dict[str, Any]:
        """Editions that counted here and proposals decided, the newest first; by the end of `known_on`."""
        proposals = self._records.proposals
        editions = [
            {
                "edition": one.edition,
                "accepted": one.accepted,
                "since": one.seen.isoformat(),
            }
            for one in reversed(proposals.editions())
            if known_on is None or one.seen.date() <= known_on
        ]
        decided = [
            line(one)
            for one in _all(proposals.find)
            if one.decided is not None and (known_on is None or one.decided.date() <= known_on)
        ]
        return {
            "edition": self._editions.current().edition,
            "editions": editions,
            "proposals": decided,
            "absorbed": self._editions.absorbed(),
        }

    def registry(self, known_on: date | None = None) -> Registry:
        """The registry that counts now, or what it held as known on a day. Raises NotFound before any."""
        registry = self._editions.current()
        if known_on is None:
            return registry
        first = registry.first_recorded
        if first is None or known_on < first:
            raise NotFound(
                f"Nothing was recorded by {known_on}.",
                where="known_on",
                next_step=f"the first facts are of {first}" if first else "the registry is empty",
            )
        return registry.known_on(known_on)


def supposition(
    registry: Registry, add: list[str], drop: list[str], today: date, known_on: date | None = None
) -> dict[str, Any]:
    """What would follow if these acts happened and these facts were not: pairs that gain and lose. Nothing is
    changed. Raises BadInput, UnknownWord."""
    before = registry if known_on is None else registry.known_on(known_on)
    found = supposed(before, add, today, drop)
    moved = impacts.told(impacts.impact(before, found.after, found.differences, today))
    return {"edition": registry.edition, "add": add, "drop": drop, **moved}


def line(proposal: Proposal) -> dict[str, Any]:
    """One proposal in a list."""
    return {
        "number": proposal.number,
        "status": proposal.status,
        "title": proposal.title,
        "proposed_by": proposal.proposed_by,
        "proposed": proposal.proposed.isoformat(),
        "decided_by": proposal.decided_by,
        "decided": proposal.decided.isoformat() if proposal.decided else None,
        "reason": proposal.reason,
        "known_from": proposal.day_known.isoformat() if proposal.day_known else None,
        "edition": proposal.edition,
    }


def _draft(proposal: Proposal) -> Draft:
    return draft_again(json.loads(proposal.content))


def _without_known(registry: Registry, draft: Draft) -> Draft:
    fresh = tuple(change for change in draft.changes if standing(registry, change) is None)
    return Draft(draft.title, draft.reason, fresh)


def _faults(found: Considered) -> list[dict[str, str]]:
    return [{"where": one.where, "what": one.what, "next": one.next_step} for one in found.faults]


def _refuse_faults(found: Considered) -> None:
    faults = _faults(found)
    if faults:
        many = f"{len(faults)} things are" if len(faults) > 1 else "One thing is"
        raise SeveralFaults(f"{many} wrong with this change; nothing was kept.", faults[:MAX_FAULTS])


def _all(find: Callable[..., list[Proposal]]) -> Iterator[Proposal]:
    before: int | None = None
    while page := find(limit=200, before=before):
        yield from page
        before = page[-1].number
