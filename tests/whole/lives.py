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
    """A request of the house `de`, made knowing the reference of the case before it, and what happens to it.

    `status`: how it stands at its end, in both houses; `alone`: it goes to a provider, which is no house.
    """

    name: str
    request: Callable[[str], Json]
    turns: tuple[Turn, ...]
    status: str = "closed"
    alone: bool = False


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


def kept(case: Json) -> bool:
    """Has the provider said that it keeps the data?"""
    return bool(case["keeping"]["periods"])


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

KEPT = Life(
    "preservation",
    lambda before: example("preservation-provider.yml"),
    (
        Turn("de", "approve", lambda case: {"override": "everything here is invented"}, "approver"),
        Turn("de", "send", awaits=kept, only=("post", "collect")),
    ),
    status="preserved",
    alone=True,
)

MLA = Life(
    "mla",
    lambda before: example("request-mended.yml") | ({"follows": [before]} if before else {}),
    (
        turn("de", "choose-basis", instrument="de-us-mla"),
        *DRAFT[:-1],
        Turn("de", "send", only=("seal", "post", "receive-store", "errand")),
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
        Turn(
            "us",
            "evidence",
            lambda case: {"complete": True, "items": [item(2)], "limits": ["l1"]},
            only=("receive", "errand", "file"),
        ),
        Turn("de", "accept", last_handoff),
        turn("de", "close", outcome=OUTCOME),
    ),
)

COURT = "District Court, Example District (invented)"


def clear(number: int) -> Turn:
    """Answers one of the questions of human rights that have to be answered."""

    def fields(case: Json) -> Json:
        asked = [gate for gate, each in case["law"]["gates"].items() if each["mandatory"]]
        gate = asked[number % len(asked)] if asked else "torture"
        return {"gate": gate, "answer": "clear", "note": "looked at"}

    return Turn("us", "answer-gate", fields)


EXTRADITION = Life(
    "extradition",
    lambda before: example("extradition-de-us.yml"),
    (
        *DRAFT[:-1],
        turn("de", "send", papers_follow=True),
        Turn("us", "accept", last_handoff),
        Turn("us", "arrest", lambda case: {"person": case["request"]["person"]["id"]}),
        turn("de", "papers", note="by courier"),
        turn("us", "acknowledge", their_ref="INVENTED 2"),
        turn("us", "court", stage="opened", authority=COURT),
        turn("us", "ask-assurance", id="a1", about="speciality", text="For nothing else."),
        turn("de", "assurance", id="a1", text="For nothing else.", given_by="the minister (invented)"),
        turn("us", "check-assurance", id="a1", sufficient=True, note="binding"),
        clear(0),
        clear(1),
        clear(2),
        turn("us", "court", stage="committed", authority=COURT),
        turn("us", "to-minister", authority="Department of State (invented)"),
        turn("us", "decide", decision="accepted"),
        Turn("us", "fix-surrender", lambda case: {"on": now(case), "place": "Airport (invented)"}),
        turn("us", "surrendered", place="Airport (invented)", custody_days=0),
        turn("de", "discharged", note="tried, and free to leave"),
        turn("de", "close", outcome=OUTCOME),
    ),
)

LIVES = (KEPT, MLA, EXTRADITION)
