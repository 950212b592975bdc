"""What does one move of a case consist of, while it is being made?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel

from schemas.case import CaseState
from schemas.handoff import WireOffer
from schemas.ids import Digest
from schemas.lifecycle import COUNTERPART, OWN, MoveRule
from schemas.moves import Happened, Move, MoveBody
from schemas.work import AssessDone, CountDone

HOUSE_ACTOR = "house"
"""Account id of the house itself, for what it does by clock or by receipt. No person may use it."""

B = TypeVar("B", bound=BaseModel)
P = TypeVar("P", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a move tells the other house. `part`: which message of a handoff's signed triple it will be."""

    body: MoveBody
    offer: WireOffer | None = None
    about: Digest | None = None
    handoff: str | None = None
    part: str = ""


@dataclass(slots=True)
class Step:
    """One move in the making. `state` is a copy that stages may change; lists in it are replaced, or changed
    by adding and by putting new items in place of old ones: items themselves are never altered.

    `now` is the workflow's time, `at` when it happened (earlier if it came by post). `law` is the recorded
    answer if the law was asked, `offer_due` the counted end of an offer of the baton, `counted` all that was
    counted for the move.
    """

    state: CaseState
    move: Move
    by: str
    rule: MoveRule | None
    now: datetime
    at: datetime
    law: AssessDone | None = None
    offer_due: datetime | None = None
    counted: CountDone = field(default_factory=CountDone)

    def body(self, kind: type[B]) -> B:
        """The move's body, which a stage knows by its type."""
        if not isinstance(self.move.body, kind):
            raise TypeError(f"{self.move.body.event} is no {kind.__name__}")
        return self.move.body

    @property
    def own(self) -> bool:
        """Made by our own people?"""
        return self.by == OWN

    def letter(self) -> Letter | None:
        """What the other house hears of it, word for word, where the lifecycle says that it does."""
        told = self.own and self.rule is not None and self.rule.emits
        return Letter(self.move.body) if told else None


def made_by(state_house: str, move: Move) -> str:
    """OWN or COUNTERPART: what came by post is the counterpart's move, whoever records it here."""
    by_post = isinstance(move.body, Happened) and move.body.by_post
    foreign = move.actor.house != state_house
    receipt = move.actor.id == HOUSE_ACTOR and move.body.event == "delivered"
    return COUNTERPART if foreign or by_post or receipt else OWN


def happened(move: Move, now: datetime) -> datetime:
    """When it happened: as told, else now; never later than now."""
    told = move.body.happened_at if isinstance(move.body, Happened) else None
    return min(told, now) if told is not None else now


def fresh(state: CaseState) -> CaseState:
    """A copy whose lists and fields may change while `state` stays as it is, also those of what it keeps of
    its own kind. Items are shared."""
    own = {"person": state.person, "keeping": state.keeping, "producing": state.producing}
    kept = {name: part.model_copy(update=_copied(part)) for name, part in own.items() if part is not None}
    return state.model_copy(update=_copied(state) | kept)


def _copied(part: BaseModel) -> dict[str, object]:
    return {
        name: type(value)(value) for name, value in part.__dict__.items() if isinstance(value, (list, dict))
    }


def altered(item: P, **changes: object) -> P:
    """A copy of `item` with `changes`: what was filed before is never changed in place."""
    return item.model_copy(update=changes)


def put(items: list[P], old: P, new: P) -> None:
    """Put `new` in the place of `old`."""
    items[next(index for index, item in enumerate(items) if item is old)] = new


def notice(state: CaseState, code: str) -> None:
    """Show `code` as something a person should look at."""
    if code not in state.attention:
        state.attention.append(code)


def settle(state: CaseState, *prefixes: str) -> None:
    """What starts with one of `prefixes` needs no attention any more."""
    state.attention = [code for code in state.attention if not code.startswith(tuple(prefixes))]
