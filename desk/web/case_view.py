"""What stands on the page of a case, in which order, and what can this visitor do there now?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from desk import who
from desk.web import case_way, labels
from desk.web.case_moves import BY_THE_HOUSE, ELSEWHERE, recordable
from desk.web.case_options import hidden
from desk.web.case_shapes import bodies
from desk.web.frame import Visitor, case_path
from desk.web.move_words import MAIN
from desk.web.words import N_
from desk.who import Sight
from schemas.case import CaseState
from schemas.deadline import CLOCKS, ClockStatus
from schemas.facets import Wanted
from schemas.lifecycle import OVER
from schemas.moves import Actor
from schemas.request import notice_only
from schemas.vocabulary import Kind, Measure

Json = Mapping[str, Any]

MOST_BUTTONS = 4
CALLED = frozenset({Measure.TESTIMONY, Measure.TRANSFER_OF_DETAINED_WITNESS})
"""Measures for which somebody comes, and may be told that they are free to go."""
INTERCEPTED = frozenset({"notified", "answer-notice", "decide", "close"})
"""The notice of an interception, the answer to it, and what they keep from."""
GRANTED = frozenset({"accepted", "partly-executed", "surrender-fixed"})
"""Statuses in which the other side waits for what was granted, no more for the word."""
SOON_SECONDS = 3 * 86_400
LATE = (
    "abuse-material",
    "data-not-to-be-used",
    "errand-failed",
    "escalated",
    "gap-in-keeping",
    "handoff-overdue",
    "lapsed",
    "law-not-answered",
    "missed",
    "not-relayed",
    "outcome-unknown",
    "refused",
    "used-beyond-limit",
    "withdraw-and-delete",
)
"""How codes of attention begin that tell of something gone wrong."""
CHANGE = N_("change %(number)s of the workshop")
PAGE = 12
"""Rows of a table on the page of the case; all of them stand on a page of their own."""


@dataclass(frozen=True, slots=True)
class Button:
    """A move that can be made now."""

    event: str
    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Moves:
    """What can be done: `first` as buttons, the `others` below; `record`: where word of the other side is
    recorded, None if none can come."""

    first: list[Button]
    others: list[Button]
    record: str | None
    on_paper: bool


class Seen(dict[str, Any]):
    """What a visitor is shown of a case. A part that they may not see is None, as one that is not there."""

    def __missing__(self, name: str) -> None:
        return None


def moves_of(visitor: Visitor, state: CaseState, seen: Sight) -> Moves:
    """The moves of this case that this visitor may make now."""
    if seen is not Sight.FULL and not who.concerned(visitor.who, state):
        return Moves([], [], None, False)
    told = visitor.house.office.moves_of(state)
    mine = set(visitor.who.roles)
    events = [each for each in told["allowed"] if each in bodies() and each not in BY_THE_HOUSE]
    events = [each for each in events if who.roles_for(each) & mine and fits(visitor.who, state, each)]
    # the answers of a draft stand on its page: who does not see them cannot change them
    events = [each for each in events if each not in ELSEWHERE or seen is Sight.FULL]
    main = first_of(state)
    main.sort(key=lambda each: each != case_way.lead(state))
    ordered = sorted(events, key=lambda each: (main.index(each) if each in main else len(main), each))
    buttons = [Button(each, _path(state, each), _event(visitor, each)) for each in ordered]
    first = [each for each in buttons if each.event in main][:MOST_BUTTONS]
    there = state.counterpart
    came = recordable(visitor, told["recordable"]) if seen is Sight.FULL else []
    record = case_path(state.ref, "record") if came else None
    others = [each for each in buttons if each not in first]
    return Moves(first, others, record, not there.house and not there.provider)


def first_of(state: CaseState) -> list[str]:
    """Moves that come first: what the case waits for, not all that it would bear."""
    person = state.person or Wanted()
    lent = any(one.temporary and one.returned is None for one in person.surrenders)
    weighed = all(
        one.given is None or (one.checked and one.checked >= one.given) for one in person.assurances
    )
    idle = {
        # a case that goes on is not closed by a slip of the hand
        "close": state.status not in OVER[state.kind],
        # nor does a question of human rights that nobody asks stand before all else
        "answer-gate": all(gap.code != "rights" for gap in state.gaps),
        # what was acknowledged or granted can be so again, and hardly ever is
        "acknowledge": told_them(state, "acknowledge"),
        "decide": state.status in GRANTED,
        "court": state.status in GRANTED,
        "assurance": all(one.given is not None for one in person.assurances),
        "check-assurance": weighed,
        "renew": state.keeping is None or not state.keeping.periods,
        "returned-person": not lent,
        "discharged": lent,
    }
    return [each for each in MAIN if not idle.get(each, False)]


def _path(state: CaseState, event: str) -> str:
    """Where a move is made: a draft is amended where its answers stand. Who approves or signs means the
    request that stands on this page."""
    if event in ELSEWHERE:
        return f"{case_path(state.ref)}#request"
    read = hidden(event, state) if event in ("approve", "issue", "send-back") else {}
    return case_path(state.ref, "do", event) + (f"?{urlencode(read)}" if read else "")


def fits(actor: Actor, state: CaseState, event: str) -> bool:
    """Would it be of any use to this person now? What would be refused for sure is not offered."""
    if event == "approve":
        return actor.id not in (state.filed_by, state.last_author) or state.status == "draft"
    if event == "send":
        # what was not approved leaves only in an emergency that somebody certified
        return state.status != "draft" or state.request.emergency is not None
    if event == "answer":
        return any(each.answered is None for each in state.questions)
    if event == "answer-limit":
        return any(each.accepted is None for each in state.limitations)
    if event == "answer-gate":
        return state.law is not None and bool(state.law.gates)
    if event == "witness-free":
        return not CALLED.isdisjoint(state.request.measures)
    if event in INTERCEPTED and state.kind is Kind.MLA:
        return _of_interception(state, event)
    if event in ("use", "return-objects"):
        return bool(state.evidence)
    return _of_custody(state, event)


def _of_interception(state: CaseState, event: str) -> bool:
    """Is there a line to give notice of, a notice to answer, a request to decide on, nothing to wait for?"""
    if event == "answer-notice":
        return bool(state.interceptions)
    if event == "decide":
        return not notice_only(state.request)
    if event == "close":
        return all(one.clock != "object" or one.status is not ClockStatus.RUNNING for one in state.deadlines)
    known = state.law is None or "notified" in state.law.deadline_events
    return known and Measure.INTERCEPTION in state.request.measures


def _of_custody(state: CaseState, event: str) -> bool:
    """Nobody is arrested who is in custody, nor released who is not; of all else it says nothing."""
    held = state.person is not None and state.person.detained
    return {"arrest": not held, "release-person": held}.get(event, True)


def told_them(state: CaseState, event: str) -> bool:
    """Has our side said this to the other one already?"""
    return any(item.event == event for item in state.outbox)


def _event(visitor: Visitor, event: str) -> str:
    return visitor.say(labels.label("event", event))


def attention(visitor: Visitor, codes: Iterable[str]) -> list[tuple[str, str]]:
    """What needs a look, in words, and what it is about."""
    found: dict[tuple[str, str], None] = {}
    for code in codes:
        _, *rest = labels.parts(code)
        about = rest[0] if rest else ""
        about = visitor.say(labels.label("clock", about)) if about in CLOCKS else about
        about = visitor.say(CHANGE, number=about) if code.startswith("law-moved") and about else about
        found[visitor.say(labels.label("attention", code)), about] = None
    return list(found)


def pressing(codes: Iterable[str]) -> bool:
    """Is something among it that went wrong already, not only something to be done?"""
    return any(code.startswith(LATE) for code in codes)


def next_limit(deadlines: Iterable[Json], now: datetime) -> dict[str, Any] | None:
    """The running time limit that ends first, and how pressing it is."""
    running = [each for each in deadlines if each["status"] == "running"]
    if not running:
        return None
    # what takes a protection away at its end asks nobody to act, as long as something else does
    acting = [each for each in running if each.get("nature") not in ("floor", "ends")] or running
    first = min(acting, key=lambda each: each["due"])
    left = (datetime.fromisoformat(first["due"]) - now).total_seconds()
    return {**first, "tone": "late" if left < 0 else "soon" if left < SOON_SECONDS else "plain"}


def deadlines_of(deadlines: Sequence[Json]) -> list[dict[str, Any]]:
    """The time limits: those that run by their end, then the others, newest first. `before`: the entry that
    this one followed, where a pause, a prolongation or a new count put it in its place."""
    found = []
    for number, each in enumerate(deadlines):
        earlier = [one for one in deadlines[:number] if one["clock"] == each["clock"] and one["closed"]]
        found.append({**each, "before": earlier[-1] if earlier else None})
    running = sorted((each for each in found if each["status"] == "running"), key=lambda each: each["due"])
    return [*running, *reversed([each for each in found if each["status"] != "running"])]


def people_of(visitor: Visitor, state: CaseState) -> list[tuple[str, str, str]]:
    """Who may see the case: account, agency, and how much (`full`, `record`, `status`)."""
    house = visitor.house
    found = []
    for account in house.records.accounts.all():
        if account.closed is not None:
            continue
        actor = Actor(id=account.id, house=state.house, roles=account.roles, agency=account.agency)
        seen = who.sight(actor, state)
        if seen is not Sight.NOTHING:
            found.append((account.id, account.agency, seen.name.lower()))
    order = ("full", "record", "status")
    return sorted(found, key=lambda each: (order.index(each[2]), each[0]))


def holders_of(entries: Iterable[Json], ours: str) -> list[dict[str, Any]]:
    """Who held the case from when until when, oldest first; until None: holds it now."""
    found: list[dict[str, Any]] = []
    for entry in entries:
        if entry.get("holder") is None:
            continue
        since, holder = entry["held_since"], entry["holder"]
        if found and (found[-1]["since"], found[-1]["holder"]) == (since, holder):
            continue
        if found:
            found[-1]["until"] = since
        mine = holder["house"] == ours
        found.append({**holder, "holder": holder, "since": since, "until": None, "ours": mine})
    return found


def looks_of(entries: Iterable[Json]) -> list[Json]:
    """Who looked at the case, newest first."""
    return [entry for entry in reversed(list(entries)) if entry["event"] == "viewed"]


def moves_only(entries: Iterable[Json]) -> list[Json]:
    """The moves, and what else happened to the case but looks; newest first."""
    return [entry for entry in reversed(list(entries)) if entry["event"] != "viewed"]


def said(entry: Json) -> str:
    """A move's own words, as far as they fit on a line."""
    detail = entry.get("detail") or {}
    body: Any = detail.get("body") if isinstance(detail.get("body"), Mapping) else detail
    names = ("reason", "reasons", "text", "note", "decision", "instrument", "name", "code", "why", "override")
    text = next((str(body[name]) for name in names if body.get(name)), "")
    return text if len(text) <= 160 else text[:159] + "…"


def seen_of(value: Any) -> Any:
    """The same, all the way down."""
    if isinstance(value, Mapping):
        return Seen({name: seen_of(inner) for name, inner in value.items()})
    return [seen_of(inner) for inner in value] if isinstance(value, list | tuple) else value
