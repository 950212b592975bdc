"""Does the law of today answer otherwise than an answer that was recorded, whose edition is gone?

The data that a program ships are replaced with the program, so the registry of before cannot be asked again;
what it answered is kept with the case (`treaties.answer_json`). Compared is what an answer says, not what it
cites nor how it words it, and only what both programs knew how to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from schemas.case import LawRecorded
from schemas.reasoning import Assessment, Candidate
from schemas.vocabulary import Verdict
from treaties.answer_json import parts_json, reason_json
from treaties.reliance import MOST_FACTS, PARTS, Reliance, Shift

Json = Mapping[str, Any]

_NO = Verdict.NO.value
_ASIDE = frozenset({"citations", "confidence", "note", "reason"})
"""What an entry rests on and in which words: an older or better source says the same."""
_UNASKED = ("required", "no")
"""A content that a request may as well leave out."""


def moved(recorded: Json, after: Assessment) -> Reliance | None:
    """How the answer `after` differs from the one that was recorded; None: not at all."""
    old = _by(recorded, "candidates", "instrument")
    new = {one.instrument: _said(one) for one in after.candidates}
    shifts = tuple(_shifts(old, new))
    asked = {one.gate: {"verdict": one.verdict.value, "mandatory": one.mandatory} for one in after.gates}
    gates = tuple(_gates(_by(recorded, "gates", "gate"), asked)) if "gates" in recorded else ()
    good_until = recorded.get("good_until") != (after.good_until.isoformat() if after.good_until else None)
    if not shifts and not gates and not good_until:
        return None
    keys = {shift.instrument for shift in shifts}
    whole = {
        one.instrument: {**parts_json(one), "reason": reason_json(one.reason)}
        for one in after.candidates
        if one.instrument in keys
    }
    facts = _facts(old, keys) ^ _facts(whole, keys)
    return Reliance(
        shifts=shifts,
        best_before=_best(recorded["candidates"]),
        best_after=_best(new.values()),
        good_until=good_until,
        facts=tuple(sorted(facts)[:MOST_FACTS]),
        gates=gates,
    )


def in_brief(law: LawRecorded) -> dict[str, Any]:
    """What a case itself remembers of its answer, in the form of a recorded one: for a case whose whole
    answer is not in the vault."""
    chosen = {
        "channel": law.channel,
        "urgent_channel": law.urgent_channel,
        "languages": list(law.languages),
        "addressee": law.addressee,
        "binding": law.binding,
        "contents": [
            *({"field": field, "required": "yes"} for field in law.contents_required),
            *({"field": field, "required": "conditional"} for field in law.contents_advised),
        ],
    }
    return {
        "candidates": [
            {
                "instrument": key,
                "verdict": verdict.value,
                **(chosen if key == law.instrument else {}),
            }
            for key, verdict in law.candidates.items()
        ],
        "gates": [
            {"gate": key, "verdict": gate.verdict.value, "mandatory": gate.mandatory}
            for key, gate in law.gates.items()
        ],
        "good_until": None if law.good_until is None else law.good_until.isoformat(),
    }


def changing_on(recorded: Json, day: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a recorded answer knew to change on `day`: the facts, at most MOST_FACTS, and the instruments."""
    facts: set[str] = set()
    instruments: set[str] = set()
    for candidate in recorded.get("candidates", ()):
        found = {fact for reason in _reasons(candidate, day.isoformat()) for fact in reason["facts"]}
        facts |= found
        if found:
            instruments.add(candidate["instrument"])
    return tuple(sorted(facts)[:MOST_FACTS]), tuple(sorted(instruments))


def _said(candidate: Candidate) -> Json:
    """A rejected candidate says nothing that is compared."""
    told = {"instrument": candidate.instrument, "verdict": candidate.verdict.value}
    return told if candidate.verdict is Verdict.NO else told | parts_json(candidate)


def _shifts(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Shift]:
    for key in sorted({*old, *new}):
        was, now = old.get(key), new.get(key)
        verdicts = [None if one is None else Verdict(one["verdict"]) for one in (was, now)]
        if was is None or now is None or verdicts[0] is not verdicts[1]:
            if {*verdicts} != {None, Verdict.NO}:
                yield Shift(key, verdicts[0], verdicts[1])
        elif verdicts[0] is not Verdict.NO:
            parts = tuple(name for name in PARTS if name in was and _differ(was[name], now[name]))
            if parts:
                yield Shift(key, verdicts[0], verdicts[1], parts)


def _gates(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[str]:
    for key in sorted({*old, *new}):
        said = [
            None if one is None else (one["verdict"], one["mandatory"])
            for one in (old.get(key), new.get(key))
        ]
        if said[0] != said[1]:
            yield key


def _differ(was: Any, now: Any) -> bool:
    """Do the two say different things? Lists in any order; of entries only what both sides know to say."""
    if was == now:
        return False
    if isinstance(was, list) and isinstance(now, list):
        return _told(was, _known(was, now)) != _told(now, _known(was, now))
    if isinstance(was, dict) and isinstance(now, dict):
        return _differ([was], [now])
    return bool(was != now)


def _known(was: Iterable[Any], now: Iterable[Any]) -> frozenset[str]:
    keys = [frozenset(one) for one in (*was, *now) if isinstance(one, dict)]
    return (frozenset.intersection(*keys) if keys else frozenset()) - _ASIDE


def _told(entries: Iterable[Any], known: frozenset[str]) -> list[str]:
    said = (
        {key: one[key] for key in known} if isinstance(one, dict) else one
        for one in entries
        if not (isinstance(one, dict) and one.get(_UNASKED[0]) == _UNASKED[1])
    )
    return sorted(json.dumps(one, sort_keys=True) for one in said)


def _by(answer: Json, name: str, key: str) -> dict[str, Json]:
    return {one[key]: one for one in answer.get(name, ())}


def _best(candidates: Iterable[Json]) -> str:
    usable = (one["instrument"] for one in candidates if one["verdict"] != _NO)
    return next(usable, "")


def _facts(candidates: Mapping[str, Json], keys: set[str]) -> set[str]:
    chosen = (one for key, one in candidates.items() if key in keys)
    return {fact for one in chosen for reason in _reasons(one) for fact in reason["facts"]}


def _reasons(part: Any, changes_on: str | None = None) -> Iterator[Json]:
    """Every reason in a part of a recorded answer; with a day only those of which a fact changes then."""
    if isinstance(part, list):
        for one in part:
            yield from _reasons(one, changes_on)
    elif isinstance(part, dict):
        if isinstance(part.get("facts"), list) and changes_on in (None, part.get("changes_on")):
            yield part
        for one in part.values():
            if isinstance(one, (list, dict)):
                yield from _reasons(one, changes_on)
