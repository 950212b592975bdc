"""Where does one State stand towards one instrument, from which day on, and why?

Acts are folded into a line of steps. The line of a State in an instrument does not depend on the question, so
it is drawn once for each registry and read many times.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date

from schemas.law import Completeness, Entry, PartyAct
from schemas.reasoning import Reason
from schemas.vocabulary import CONSENT, ENDING, Act
from treaties.dossier import STARTS, Dossier, day_of, dossier_of, iso, not_extended, opening, seen_by
from treaties.held import Held
from treaties.logic import NO, UNKNOWN, YES
from treaties.registry import Registry


@dataclass(frozen=True, slots=True)
class Line:
    """What holds from which day: `reasons[i]` from `days[i]` until `days[i + 1]`; the first since ever."""

    days: tuple[date, ...]
    reasons: tuple[Reason, ...]

    def on(self, day: date) -> Reason:
        """The step that holds on `day`."""
        return self.reasons[bisect_right(self.days, day) - 1]


# --- for others ---


def bound(registry: Registry, key: str, state: str, day: date) -> Reason:
    """Is `state` bound by instrument `key` on `day`? A leaf, with the day on which the answer changes.

    Yes from an entry into force until an ending or while suspended no. On an unknown day of entry: no before
    signature or consent, unknown after it, yes from the day the source showed it. No row at all: no where
    the party list is whole, else unknown. Pairwise acts are left to `linked`.
    """
    return line(registry, key, state).on(day)


def line(registry: Registry, key: str, state: str) -> Line:
    """The line of steps of `state` in instrument `key`; drawn once for each registry."""
    found: Line | None = registry.memo.get(("line", key, state))
    if found is None:
        acts = registry.acts(key, state)
        found = registry.memo["line", key, state] = _drawn(dossier_of(registry, key, state, acts))
    return found


# --- the line of one State ----------------------------------------------------------------------------


def _drawn(dossier: Dossier) -> Line:
    """Ask on every day on which something may change, and keep the days on which it does."""
    days: list[date] = []
    reasons: list[Reason] = []
    for day in sorted({date.min, *_turning_days(dossier)}):
        reason = _standing(dossier, day)
        if not reasons or reason != reasons[-1]:
            days.append(day)
            reasons.append(reason)
    dated = [replace(reason, changes_on=after) for reason, after in zip(reasons, days[1:], strict=False)]
    return Line(tuple(days), (*dated, reasons[-1]))


def _turning_days(dossier: Dossier) -> set[date]:
    days = {opening(dossier.instrument), dossier.entry_day}
    if dossier.entry is not None and dossier.entry_day is None:
        days.add(seen_by(dossier.registry, dossier.entry))
    for held in dossier.acts:
        days |= {held.row.on or seen_by(dossier.registry, held), held.row.until, held.row.earliest}
    known = {day for day in days if day is not None}
    if not dossier.acts and dossier.parent is not None:
        # What nobody said about a territory hangs on its State.
        parent = dossier.of_parent()
        left_out = {one.row.on for one in not_extended(dossier) if one.row.on is not None}
        return known | _turning_days(parent) | left_out
    return known


def _standing(dossier: Dossier, day: date) -> Reason:
    """Where the State stands on `day`."""
    opened = opening(dossier.instrument)
    if opened is not None and day < opened:
        return dossier.told("before-opening", NO, day=opened.isoformat())
    start, end, pause = _last_turn(dossier, day)
    if end is not None:
        reason = _after_ending(dossier, end, day)
    elif start is not None:
        reason = _after_start(dossier, start, day)
    else:
        reason = _without_start(dossier, day)
    if reason.verdict is NO:
        return reason
    return _interrupted(dossier, reason, start, pause, day)


def _last_turn(
    dossier: Dossier, day: date
) -> tuple[Held[PartyAct] | None, Held[PartyAct] | None, Held[PartyAct] | None]:
    """The start, the ending and the suspension that hold on `day`, of those whose days are known."""
    start = end = pause = None
    for held in dossier.acts:
        act, on, until = held.row.act, held.row.on, held.row.until
        if on is None or on > day:
            continue
        if act in STARTS:
            over = until is not None and until <= day
            start, end, pause = (None, held, None) if over else (held, None, None)
        elif act in ENDING:
            start, end, pause = None, held, None
        elif act is Act.SUSPENDED and (until is None or day < until):
            pause = held
        elif act is Act.RESUMED:
            pause = None
    return start, end, pause


def _after_start(dossier: Dossier, start: Held[PartyAct], day: date) -> Reason:
    on = iso(start.row.on)
    if start.row.act is Act.PROVISIONALLY_APPLIED:
        return dossier.told("provisionally", YES, (start,), day=on)
    if dossier.entry_day is not None and day < dossier.entry_day:
        return dossier.told_by_entry("not-entered", NO)
    if start.row.dated_by is not None:
        return dossier.told(f"bound-by-{start.row.dated_by}", YES, (start,), day=on)
    if start.row.act is Act.EXTENDED:
        return dossier.told("extended", YES, (start,), day=on)
    return dossier.told("bound", YES, (*_consents_before(dossier, start), start), day=on)


def _consents_before(dossier: Dossier, start: Held[PartyAct]) -> tuple[Held[PartyAct], ...]:
    """The consent that led to the start, so that the reason shows how the State became bound."""
    dated = [held for held in dossier.of(*CONSENT) if held.row.on and held.row.on <= day_of(start)]
    return tuple(dated[-1:])


def _after_ending(dossier: Dossier, end: Held[PartyAct], day: date) -> Reason:
    """A State that left may come back; only a consent given after it left speaks for that."""
    last = end.row.until or day_of(end)
    ended = dossier.told("ended", NO, (end,), day=last.isoformat(), act=end.row.act.value)
    again = [held for held in dossier.of(*CONSENT) if held.row.on and last <= held.row.on]
    if not again or day < day_of(again[0]):
        return ended
    # What the State did before it left no longer counts, so the new standing rests on the ending too.
    anew = _without_start(dossier, day, tuple(again))
    return replace(anew, citations=(*anew.citations, end.citation), facts=(*anew.facts, end.fact))


def _without_start(dossier: Dossier, day: date, consents: tuple[Held[PartyAct], ...] | None = None) -> Reason:
    """No entry into force on a known day has come yet."""
    if consents is None:
        consents = tuple(dossier.of(*CONSENT))
    coming = [h for h in dossier.of(*STARTS) if h.row.on is not None and h.row.on > day]
    if coming:
        return dossier.told("not-yet", NO, (coming[0],), day=iso(coming[0].row.on))
    if dossier.entry_day is not None and day < dossier.entry_day:
        return dossier.told_by_entry("not-entered", NO)
    undated = [held for held in dossier.of(*STARTS) if held.row.on is None]
    if undated:
        return _on_unknown_day(dossier, undated[0], consents, day)
    if consents:
        return _consented(dossier, consents, day)
    signatures = dossier.of(Act.SIGNED)
    if signatures:
        return _signed(dossier, signatures[0], day)
    endings = dossier.of(*ENDING)
    if endings:
        return dossier.told("start-unknown", UNKNOWN, tuple(endings))
    return _absent(dossier) if dossier.parent is None else _territory(dossier, dossier.parent, day)


def _on_unknown_day(
    dossier: Dossier, start: Held[PartyAct], consents: tuple[Held[PartyAct], ...], day: date
) -> Reason:
    """In force, day not known: not before the State could be bound; certainly when the source showed it."""
    floor = next((held for held in (*consents, *dossier.of(Act.SIGNED)) if held.row.on is not None), None)
    used = (start,) if floor is None else (floor, start)
    if floor is not None and floor.row.on is not None and day < floor.row.on:
        return dossier.told("not-yet-agreed", NO, used, day=floor.row.on.isoformat(), act=floor.row.act.value)
    if start.row.earliest is not None and day < start.row.earliest:
        return dossier.told("not-before", NO, (start,), day=start.row.earliest.isoformat())
    seen = seen_by(dossier.registry, start)
    verdict = YES if day >= seen else UNKNOWN
    return dossier.told("day-unknown", verdict, used, seen=seen.isoformat())


def _consented(dossier: Dossier, consents: tuple[Held[PartyAct], ...], day: date) -> Reason:
    """Consent without a recorded entry into force binds some day, which nobody told us."""
    dated = [held for held in consents if held.row.on is not None]
    first = dated[0] if dated else consents[0]
    on = first.row.on
    slots = {"day": iso(on), "act": first.row.act.value}
    if dossier.pending is not None:
        return _not_in_force(dossier, dossier.pending, (first,))
    if first.row.act is Act.SUCCEEDED:
        # A successor is bound from the succession of States, earlier than its notice; at the latest from it.
        seen = on or seen_by(dossier.registry, first)
        return dossier.told("succeeded", YES if day >= seen else UNKNOWN, (first,), **slots)
    if on is not None and day < on:
        return dossier.told("not-yet-agreed", NO, (first,), **slots)
    signed = dossier.of(Act.SIGNED)
    if on is None and signed and signed[0].row.on is not None and day < signed[0].row.on:
        return _signed(dossier, signed[0], day)
    # A consent of unknown day is later than the signature, which therefore decides too.
    agreed = (signed[0], first) if on is None and signed else (first,)
    leaf = dossier.told("entry-unknown", UNKNOWN, agreed, **slots)
    return leaf if dossier.entry is None else replace(leaf, facts=(*leaf.facts, dossier.entry.fact))


def _signed(dossier: Dossier, signature: Held[PartyAct], day: date) -> Reason:
    """A signature binds nobody; whether more followed is known only where the list is whole."""
    on = signature.row.on
    if on is not None and day < on:
        return dossier.told("not-yet-agreed", NO, (signature,), day=on.isoformat(), act=Act.SIGNED.value)
    if dossier.pending is not None:
        return _not_in_force(dossier, dossier.pending, (signature,))
    if dossier.complete is None or dossier.complete.row.only:
        return dossier.told("signed-only-as-far-as-known", UNKNOWN, (signature,), day=iso(on))
    return _with_list(dossier.complete, dossier.told("signed-only", NO, (signature,), day=iso(on)))


def _absent(dossier: Dossier) -> Reason:
    if dossier.pending is not None:
        return _not_in_force(dossier, dossier.pending, ())
    complete = dossier.complete
    if complete is None or dossier.state in complete.row.only:
        return dossier.told("not-listed", UNKNOWN)
    claim = "may-not-join" if complete.row.only else "not-party"
    return _with_list(complete, dossier.told(claim, NO))


def _territory(dossier: Dossier, parent: str, day: date) -> Reason:
    """Nothing is recorded of the territory itself. Where its State is bound the bond may extend to it: that
    is a question, unless the State left the territory out; where its State is not, neither is it."""
    for one in not_extended(dossier):
        if one.row.on is None or one.row.on <= day:
            on = iso(one.row.on)
            return dossier.told("left-out", NO, (one,), parent=parent, day=on)
    of_parent = _standing(dossier.of_parent(), day)
    if of_parent.verdict is NO:
        return _absent(dossier) if dossier.complete is not None else of_parent
    slots = {"state": dossier.state, "instrument": dossier.instrument.key, "parent": parent}
    return Reason("force.parent-bound", UNKNOWN, slots, of_parent.citations, of_parent.facts)


def _with_list(complete: Held[Completeness], reason: Reason) -> Reason:
    """Add the completeness of the list, and its age, to what rests on absence from it."""
    return replace(
        reason,
        slots={**reason.slots, "as_of": complete.row.as_of},
        citations=(*(c for c in reason.citations if c.source), complete.citation),
        facts=(*reason.facts, complete.fact),
    )


def _not_in_force(dossier: Dossier, entry: Held[Entry], used: tuple[Held[PartyAct], ...]) -> Reason:
    """The instrument waits for more consents; the source that says so is cited with its age."""
    leaf = dossier.told("pending", NO, used, as_of=seen_by(dossier.registry, entry).isoformat())
    citations = (*(held.citation for held in used), entry.citation)
    return replace(leaf, citations=citations, facts=(*leaf.facts, entry.fact))


def _interrupted(
    dossier: Dossier, reason: Reason, start: Held[PartyAct] | None, pause: Held[PartyAct] | None, day: date
) -> Reason:
    """Endings and suspensions, also those whose day is not known, against an answer that is not no."""
    if pause is not None:
        return dossier.told("suspended", NO, (pause,), day=iso(pause.row.on))
    resumed = [held for held in dossier.of(Act.RESUMED) if held.row.on is not None and held.row.on <= day]
    turns = [held.row.on for held in (*resumed, start) if held is not None and held.row.on is not None]
    since = max(turns, default=None)
    reason = replace(
        reason,
        citations=(*reason.citations, *(held.citation for held in resumed)),
        facts=(*reason.facts, *(held.fact for held in resumed)),
    )
    for held in dossier.of(*ENDING, Act.SUSPENDED):
        if held.row.on is not None:
            continue
        seen = seen_by(dossier.registry, held)
        if since is not None and since >= seen:
            continue
        if held.row.earliest is not None and day < held.row.earliest:
            continue
        claim = "suspended" if held.row.act is Act.SUSPENDED else "ended"
        if day >= seen:
            return dossier.told(f"{claim}-day-unknown", NO, (held,), seen=seen.isoformat())
        doubt = dossier.told(f"{claim}-perhaps", UNKNOWN, (held,), seen=seen.isoformat())
        # That there is anything to leave is what the doubt rests on as well.
        reason = replace(
            doubt,
            citations=(*reason.citations, *doubt.citations),
            facts=(*reason.facts, *doubt.facts),
        )
    return reason
