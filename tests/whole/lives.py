"""Which whole lives of cases do the kill tests play, move by move, through the houses' HTTP interfaces?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from desk.cli.given import request_of

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

Json = dict[str, Any]
Fields = Callable[[Json], Json]
"""The fields of a move, from the case as it stands in that house."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One move by one of the people of one house. `awaits`: it is over only when the case there is so.
    `only`: blows fall at these boundaries alone, where the others would take longer than it has time."""

    house: str
    event: str
    fields: Fields = field(default=lambda case: {})
    by: str = "officer"
    awaits: Callable[[Json], bool] = field(default=lambda case: True)
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Life:
    """A request of the house `de`, and what happens to it. `status`: how both cases stand at its end."""

    name: str
    request: Callable[[], Json]
    turns: tuple[Turn, ...]
    status: tuple[str, str] = ("closed", "closed")


def example(name: str) -> Json:
    """An example request as JSON."""
    told: Json = request_of(EXAMPLES / name).model_dump(mode="json", exclude_none=True)
    return told


def turn(house: str, event: str, by: str = "officer", /, **fields: Any) -> Turn:
    """A turn with fields that are known beforehand."""
    return Turn(house, event, lambda case: fields, by)


def last_handoff(case: Json) -> Json:
    """The handoff that was offered last."""
    return {"id": case["handoffs"][-1]["id"]}


def now(case: Json) -> str:
    return datetime.now(UTC).isoformat()


def item(number: int) -> Json:
    return {
        "id": f"e{number}",
        "description": "connections of the account (invented)",
        "kind": "provider record",
        "sha256": "sha256:" + f"{number:x}" * 64,
        "size": 2048,
        "custodian": "Field office Exampleville (invented)",
    }


def soon_overdue(case: Json) -> Json:
    """An offer inside the house that nobody accepts within a second: people are reminded of it."""
    return {
        "id": f"h-court-{len(case['handoffs'])}",
        "receiver": {"house": case["house"], "function": "court"},
        "why": "for the order",
        "due": (datetime.now(UTC) + timedelta(seconds=1.5)).isoformat(),
    }


DRAFT = (
    Turn(
        "de",
        "issue",
        lambda case: {
            "capacity": "issued",
            "authority": "Amtsgericht Musterstadt (invented)",
            "function": "judge",
            "signed_on": now(case),
        },
        "issuing-authority",
    ),
    Turn("de", "approve", lambda case: {"override": "everything here is invented"}, "approver"),
    turn("de", "send"),
)
OVERDUE = Turn(
    "us",
    "offer",
    soon_overdue,
    awaits=lambda case: case["handoffs"][-1]["status"] == "overdue" and bool(case["notices"]),
    only=("notify",),
)
OUTCOME = {"result": "executed", "victims_identified": 1, "note": "INVENTED"}

MLA = Life(
    "mla",
    lambda: example("request-mended.yml"),
    (
        turn("de", "choose-basis", instrument="de-us-mla"),
        *DRAFT,
        turn("us", "acknowledge", their_ref="INVENTED 1"),
        Turn("us", "accept", last_handoff),
        OVERDUE,
        Turn("us", "withdraw-offer", lambda case: last_handoff(case) | {"reason": "nobody there"}),
        turn("us", "question", id="q1", text="In which time zone?"),
        turn("de", "answer", question="q1", text="UTC."),
        turn("us", "consult", text="The period is long."),
        turn("us", "decide", decision="accepted"),
        turn("us", "limit", id="l1", text="Only for the proceedings named."),
        turn("de", "answer-limit", limit="l1", accepted=True),
        turn("us", "evidence", complete=False, items=[item(1)], limits=["l1"]),
        turn("us", "evidence", complete=True, items=[item(2)], limits=["l1"]),
        Turn("de", "accept", last_handoff),
        turn("de", "close", outcome=OUTCOME),
    ),
)

LIVES = (MLA,)
