"""Which moves are allowed when, by whom, on which side, and where do they lead? As tables, per kind and side.

Sources: the instruments' articles as in facts/procedure/lifecycle.md; `design` where no article says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from schemas.errors import WrongMove
from schemas.vocabulary import Kind, Role, Side

OWN = "own"
COUNTERPART = "counterpart"

_OFFICER = frozenset({Role.OFFICER, Role.APPROVER})


@dataclass(frozen=True, slots=True)
class MoveRule:
    """`event` made `by` own people or the counterpart, allowed in `at` statuses, leading `to` a status.

    `to` None: the status stays. `to_by` maps a field value of the body to the status instead (`by_field`).
    `emits`: our own move is told to the other house. `holds`: our house must hold the baton.
    `back`: return to the status before the last question or postponement.
    """

    event: str
    by: str
    at: frozenset[str]
    to: str | None = None
    by_field: str = ""
    to_by: dict[str, str] = field(default_factory=dict)
    emits: bool = False
    holds: bool = False
    back: bool = False
    roles: frozenset[Role] = _OFFICER


def _at(*statuses: str) -> frozenset[str]:
    return frozenset(statuses)


_ABROAD = _at("sent", "received", "acknowledged", "supplementing", "accepted", "postponed", "partly-executed")
_TAKEN = _at("received", "acknowledged", "supplementing", "accepted", "postponed", "partly-executed")
_DECISION = {"accepted": "accepted", "partly-accepted": "accepted", "refused": "refused"}
_EVIDENCE = {"true": "executed", "false": "partly-executed"}
_ANY_OPEN = _ABROAD | _at("draft", "approved", "executed", "refused", "withdrawn")

MLA_OUTGOING: tuple[MoveRule, ...] = (
    MoveRule("amend", OWN, _at("draft")),
    MoveRule("choose-basis", OWN, _at("draft")),
    MoveRule("issue", OWN, _at("draft", "approved"), roles=frozenset({Role.ISSUING_AUTHORITY})),
    MoveRule("approve", OWN, _at("draft"), "approved", roles=frozenset({Role.APPROVER})),
    MoveRule("approve", OWN, _ABROAD, roles=frozenset({Role.APPROVER})),
    MoveRule("reopen", OWN, _at("approved"), "draft"),
    MoveRule("send", OWN, _at("approved", "draft"), "sent", emits=True),
    MoveRule("delivered", COUNTERPART, _at("sent"), "received"),
    MoveRule("delivered", COUNTERPART, _ANY_OPEN - _at("sent")),
    MoveRule("acknowledge", COUNTERPART, _at("sent", "received"), "acknowledged"),
    MoveRule("redirect", COUNTERPART, _ABROAD),
    MoveRule("question", COUNTERPART, _ABROAD, "supplementing"),
    MoveRule("answer", OWN, _at("supplementing"), back=True, emits=True),
    MoveRule("answer", OWN, _ABROAD - _at("supplementing"), emits=True),
    MoveRule("consult", COUNTERPART, _ABROAD),
    MoveRule("consult", OWN, _TAKEN, emits=True),
    MoveRule("decide", COUNTERPART, _ABROAD, by_field="decision", to_by=_DECISION),
    MoveRule("postpone", COUNTERPART, _ABROAD, "postponed"),
    MoveRule("limit", COUNTERPART, _ABROAD),
    MoveRule("answer-limit", OWN, _ABROAD | _at("executed"), emits=True),
    MoveRule("evidence", COUNTERPART, _ABROAD, by_field="complete", to_by=_EVIDENCE),
    MoveRule("withdraw", OWN, _ABROAD, "withdrawn", emits=True),
    MoveRule("withdraw", OWN, _at("draft", "approved"), "withdrawn"),
    MoveRule("close", OWN, _at("executed", "partly-executed", "refused", "withdrawn"), "closed", emits=True),
    MoveRule("close", COUNTERPART, _ABROAD | _at("executed", "refused", "withdrawn")),
)

MLA_INCOMING: tuple[MoveRule, ...] = (
    MoveRule("acknowledge", OWN, _at("received"), "acknowledged", emits=True),
    MoveRule("redirect", OWN, _at("received", "acknowledged"), emits=True),
    MoveRule("question", OWN, _TAKEN, "supplementing", emits=True),
    MoveRule("answer", COUNTERPART, _at("supplementing"), back=True),
    MoveRule("answer", COUNTERPART, _TAKEN - _at("supplementing")),
    MoveRule("consult", OWN, _TAKEN, emits=True),
    MoveRule("consult", COUNTERPART, _TAKEN),
    MoveRule(
        "decide", OWN, _TAKEN - _at("received"), by_field="decision", to_by=_DECISION, emits=True, holds=True
    ),
    MoveRule("postpone", OWN, _TAKEN, "postponed", emits=True),
    MoveRule("limit", OWN, _at("acknowledged", "accepted", "postponed", "partly-executed"), emits=True),
    MoveRule("answer-limit", COUNTERPART, _TAKEN | _at("executed")),
    MoveRule(
        "evidence",
        OWN,
        _at("accepted", "partly-executed", "postponed"),
        by_field="complete",
        to_by=_EVIDENCE,
        emits=True,
        holds=True,
    ),
    MoveRule("withdraw", COUNTERPART, _TAKEN, "withdrawn"),
    MoveRule("close", COUNTERPART, _TAKEN | _at("executed", "refused", "withdrawn"), "closed"),
    MoveRule("close", OWN, _at("executed", "refused", "withdrawn"), "closed", emits=True),
    MoveRule("delivered", COUNTERPART, _TAKEN | _at("executed", "refused", "withdrawn")),
)

BATON: tuple[str, ...] = ("offer", "accept", "confirm", "return", "withdraw-offer")
"""Handoff moves: allowed in every status but closed, ruled by who holds (workflows.baton)."""

ALWAYS: tuple[str, ...] = ("hold", "posted")
"""Moves that no status forbids."""

TOLD: tuple[str, ...] = ("law-moved",)
"""What the house tells its own open cases; nobody makes it by hand, and no open status forbids it."""

LIFECYCLES: dict[tuple[Kind, Side], tuple[MoveRule, ...]] = {
    (Kind.MLA, Side.OUTGOING): MLA_OUTGOING,
    (Kind.MLA, Side.INCOMING): MLA_INCOMING,
}

FIRST_STATUS = {Side.OUTGOING: "draft", Side.INCOMING: "received"}
FINAL = frozenset({"closed"})

LATE = frozenset({"delivered", "accept", "confirm", "return", "close"})
"""Messages that may still come after closing: registered, they change no status."""


@dataclass(frozen=True, slots=True)
class PracticeClock:
    """A clock of good practice where the law sets none: started by `event`, met by one of `closes_on`."""

    clock: str
    event: str
    amount: int
    unit: str
    closes_on: tuple[str, ...]
    owner: str
    pauses_on: tuple[str, ...] = ()
    resumes_on: tuple[str, ...] = ()


PRACTICE_CLOCKS: dict[tuple[Kind, Side], tuple[PracticeClock, ...]] = {
    (Kind.MLA, Side.OUTGOING): (
        PracticeClock(
            "acknowledge",
            "delivered",
            30,
            "days",
            ("acknowledge", "question", "decide", "evidence"),
            "central-authority",
        ),
        PracticeClock(
            "decide", "acknowledge", 90, "days", ("decide",), "central-authority", ("question",), ("answer",)
        ),
        PracticeClock(
            "execute",
            "decide",
            180,
            "days",
            ("evidence",),
            "central-authority",
            ("question", "postpone"),
            ("answer", "decide"),
        ),
        PracticeClock("second-approval", "send-emergency", 24, "hours", ("approve",), "approver"),
    ),
    (Kind.MLA, Side.INCOMING): (
        PracticeClock("acknowledge", "arrive", 3, "working-days", ("acknowledge",), "central-authority"),
        PracticeClock(
            "decide", "acknowledge", 60, "days", ("decide",), "central-authority", ("question",), ("answer",)
        ),
        PracticeClock(
            "execute",
            "decide",
            90,
            "days",
            ("evidence",),
            "central-authority",
            ("question", "postpone"),
            ("answer", "decide"),
        ),
    ),
}
"""Figures of our own practice (source: design). A clock of the same name set by the law replaces it."""


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
