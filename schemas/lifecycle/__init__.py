"""Which moves are allowed when, by whom, on which side, and where do they lead? As tables, per kind and side.

Sources: the instruments' articles as in facts/procedure/lifecycle.md; `design` where no article says so.
"""

from __future__ import annotations

from schemas.errors import WrongMove
from schemas.lifecycle.clocks import ESCALATED, HEAD, PRACTICE_CLOCKS, WARNED
from schemas.lifecycle.extradition import EXTRADITION_INCOMING, EXTRADITION_OUTGOING
from schemas.lifecycle.mla import MLA_INCOMING, MLA_OUTGOING
from schemas.lifecycle.preservation import INSTEAD, PRESERVATION_INCOMING, PRESERVATION_OUTGOING
from schemas.lifecycle.production import PRODUCTION_INCOMING, PRODUCTION_OUTGOING
from schemas.lifecycle.prosecution import PROSECUTION_INCOMING, PROSECUTION_OUTGOING
from schemas.lifecycle.rule import COUNTERPART, OWN, MoveRule, PracticeClock
from schemas.vocabulary import Kind, Side

__all__ = [
    "AGAIN",
    "ALWAYS",
    "BATON",
    "COUNTERPART",
    "ESCALATED",
    "FINAL",
    "FIRST_STATUS",
    "HEAD",
    "INSTEAD",
    "LATE",
    "LIFECYCLES",
    "OVER",
    "OWN",
    "PRACTICE_CLOCKS",
    "RULES",
    "TOLD",
    "UNSENT",
    "WARNED",
    "MoveRule",
    "PracticeClock",
    "allowed",
    "require",
    "rules_for",
]

RULES = 2
"""The release of our own rules by which a new case lives. 2: who must issue blocks, consultation before a
refusal, questions of human rights, reminders."""

BATON: tuple[str, ...] = ("offer", "accept", "confirm", "return", "withdraw-offer")
"""Handoff moves: allowed in every status but closed, ruled by who holds (workflows.baton)."""

ALWAYS: tuple[str, ...] = ("hold", "posted", "reassign", "link", "use")
"""Moves that no status forbids."""

AGAIN: tuple[str, ...] = ("errand-again",)
"""Moves that no status forbids, as long as something that the case wanted has failed."""

TOLD: tuple[str, ...] = ("law-moved", "errand-done", "recounted", "alarmed")
"""What the house tells its own open cases; nobody makes it by hand, and no open status forbids it."""

LIFECYCLES: dict[tuple[Kind, Side], tuple[MoveRule, ...]] = {
    (Kind.MLA, Side.OUTGOING): MLA_OUTGOING,
    (Kind.MLA, Side.INCOMING): MLA_INCOMING,
    (Kind.PRESERVATION, Side.OUTGOING): PRESERVATION_OUTGOING,
    (Kind.PRESERVATION, Side.INCOMING): PRESERVATION_INCOMING,
    (Kind.PRODUCTION, Side.OUTGOING): PRODUCTION_OUTGOING,
    (Kind.PRODUCTION, Side.INCOMING): PRODUCTION_INCOMING,
    (Kind.EXTRADITION, Side.OUTGOING): EXTRADITION_OUTGOING,
    (Kind.EXTRADITION, Side.INCOMING): EXTRADITION_INCOMING,
    (Kind.PROSECUTION, Side.OUTGOING): PROSECUTION_OUTGOING,
    (Kind.PROSECUTION, Side.INCOMING): PROSECUTION_INCOMING,
}

FIRST_STATUS = {Side.OUTGOING: "draft", Side.INCOMING: "received"}
UNSENT = ("draft", "approved")
"""Statuses of our own request before it leaves, in their order."""
FINAL = frozenset({"closed"})

_DONE = frozenset({"executed", "refused", "withdrawn", "closed"})
OVER: dict[Kind, frozenset[str]] = {
    Kind.MLA: _DONE,
    Kind.PRODUCTION: _DONE,
    Kind.PROSECUTION: _DONE,
    Kind.PRESERVATION: frozenset({"refused", "released", "lapsed", "withdrawn", "closed"}),
    Kind.EXTRADITION: frozenset({"refused", "withdrawn", "closed"}),
}
"""Statuses in which no time limit runs any more, save those of a detention that has not ended."""

LATE = frozenset({"delivered", "accept", "confirm", "return", "close"})
"""Messages that may still come after closing: registered, they change no status."""


def rules_for(kind: Kind, side: Side, status: str, event: str, by: str) -> MoveRule | None:
    """The rule that allows `event` now, or None."""
    for rule in LIFECYCLES[kind, side]:
        if rule.event == event and rule.by == by and status in rule.at:
            return rule
    return None


def allowed(kind: Kind, side: Side, status: str, by: str = OWN) -> list[str]:
    """Events that may be made now by our own people (or the counterpart), without the baton's own rules."""
    found = {rule.event for rule in LIFECYCLES[kind, side] if rule.by == by and status in rule.at}
    return sorted(found if by != OWN or status in FINAL else found | set(ALWAYS))


def require(kind: Kind, side: Side, status: str, event: str, by: str) -> MoveRule:
    """The rule, or WrongMove naming what is allowed now."""
    rule = rules_for(kind, side, status, event, by)
    if rule is None:
        raise WrongMove(
            f"{event!r} is not possible while the case is {status!r}.",
            allowed=allowed(kind, side, status, by),
        )
    return rule
