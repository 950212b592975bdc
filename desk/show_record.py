"""What do the ledger and the chain of custody look like on a terminal?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

from desk.show_parts import moment, short, status, table, verdict

Json = Mapping[str, Any]

LONG_NAME = 14
"""Signs from which on a name takes two lines, so that there is room for words."""

TOLD = ("reason", "reasons", "text", "note", "decision", "instrument", "code", "what", "why", "override")
"""Fields of a move worth a line of their own in the timeline, in this order."""


def timeline(entries: Sequence[Json]) -> Callable[[Console], None]:
    """What happened, in order."""

    def draw(console: Console) -> None:
        made = table("!", "!when (UTC)", "!who", "!what", "!then", "in words")
        for entry in entries:
            number = str(entry["move"]) if entry.get("move") is not None else "·"
            who = _who(entry.get("house", ""), entry["actor"])
            made.add_row(
                number,
                moment(entry["at"]),
                who,
                entry["event"],
                status(entry.get("status") or ""),
                _words(entry.get("detail") or {}),
            )
        console.print(made)

    return draw


def _who(house: str, actor: str) -> str:
    """`de/officer`; a long name in two lines, and a provider, who is its own house, once."""
    if house == actor:
        return actor
    return f"{house}/{actor}" if len(house) + len(actor) < LONG_NAME else f"{house}/\n{actor}"


def _words(detail: Json) -> str:
    body = detail.get("body") if isinstance(detail.get("body"), Mapping) else detail
    if not isinstance(body, Mapping):
        return ""
    told = next((str(body[name]) for name in TOLD if body.get(name)), "")
    return told if len(told) <= 120 else told[:119] + "…"


def custody(told: Json) -> Callable[[Console], None]:
    """The chain of custody, and whether it verifies if that was asked."""

    def draw(console: Console) -> None:
        chain = told["items"]
        if not chain:
            console.print("The case has not passed between houses.")
            return
        console.print(passings(chain))
        if verification := told.get("verification"):
            console.print(Text.assemble("every signature verified: ", verdict(verification["verdict"])))
            for claim in failed(verification):
                console.print(Text(f"  {claim}", style="red"))

    return draw


def passings(chain: Sequence[Json]) -> RenderableType:
    """Each passing of the baton with the digests of its three signed messages."""
    made = table("!handoff", "!passes", "!status", "!offer", "!accepted", "!confirmed")
    for each in chain:
        digests = [
            short((each.get(part) or {}).get("digest")) for part in ("offer", "acceptance", "confirmation")
        ]
        made.add_row(each["id"], f"{each['sender']} → {each['receiver']}", status(each["status"]), *digests)
    return made


def failed(reason: Json) -> list[str]:
    """The claims that do not hold, innermost first."""
    children = reason.get("children") or ()
    inner = [claim for child in children for claim in failed(child)]
    if inner or reason["verdict"] == "yes":
        return inner
    slots = reason.get("slots") or {}
    found = f": expected {slots['expected']}, found {slots.get('found')}" if "expected" in slots else ""
    return [f"{reason['claim']}{found}"]
