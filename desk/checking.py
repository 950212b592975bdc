"""Is the ledger whole, when was that last checked, by whom, and what came of it?

The check runs apart from the page that asks for it. Its result is an entry of the ledger itself, so it
outlives the process and nobody can say later that another result was found.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from desk.apart import Piece
from desk.api.doors import House
from records.browsing import VERIFIED, Browsing
from records.references import HOUSE
from records.verify import Problem
from schemas.moves import Actor

NAME = "check of the ledger"
MOST_TOLD = 100
"""Problems written down; all are counted."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One check that came to its end. `entries`: how many there were; `against_head`: with a signed head that
    somebody else keeps; `problems` are at most MOST_TOLD of the `found`."""

    at: datetime
    actor: str
    entries: int
    seconds: float
    against_head: bool
    found: int
    problems: tuple[Problem, ...]


def browsing(house: House) -> Browsing:
    """The ledger of the house, page by page."""
    return Browsing(house.records.database, house.records.ledger)


def begin(house: House, actor: Actor, head: str | None) -> Piece:
    """Begins a check, unless one runs. `head`: a signed head (compact JWS) as a counterpart keeps it."""
    return house.apart.begin(NAME, lambda: _check(house, actor, head))


def running(house: House) -> Piece | None:
    """The check that runs in this process now."""
    return house.apart.running(NAME)


def last(house: House) -> Checked | None:
    """The last check that came to its end, in whichever process."""
    entry = browsing(house).verified()
    if entry is None or entry.detail is None:
        return None
    told: dict[str, Any] = json.loads(entry.detail)
    problems = tuple(Problem(one["code"], one["where"], one["what"]) for one in told["problems"])
    return Checked(
        entry.at, entry.actor, told["entries"], told["seconds"], told["against_head"], told["found"], problems
    )


def _check(house: House, actor: Actor, head: str | None) -> Checked:
    began, entries = time.monotonic(), browsing(house).count()
    problems = house.records.verify(head, house.office.public_keys())
    checked = Checked(
        datetime.now(UTC),
        actor.id,
        entries,
        round(time.monotonic() - began, 2),
        head is not None,
        len(problems),
        tuple(problems[:MOST_TOLD]),
    )
    told = {
        "entries": checked.entries,
        "seconds": checked.seconds,
        "against_head": checked.against_head,
        "found": checked.found,
        "problems": [{"code": one.code, "where": one.where, "what": one.what} for one in checked.problems],
    }
    house.records.ledger.note(HOUSE, actor, VERIFIED, told, checked.at)
    return checked
