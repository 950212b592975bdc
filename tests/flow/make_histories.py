"""How are the stored histories made? `python -m tests.flow.make_histories` plays them and writes them.

One for each kind and side, under the release of our rules by which the cases live (`KIND-RELEASE-SIDE`).
Once a release is out, its histories stay as they are, and replay. All content is invented and in the clear.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.testing import WorkflowEnvironment

from schemas.lifecycle import RULES
from schemas.moves import AcceptHandoff, Acknowledge, Approve, FileRequest, Move, Send
from schemas.vocabulary import Side
from tests.flow.engine import engine, pair, until
from tests.flow.invented import APPROVER_DE, OFFICER_DE, OFFICER_US, emergency
from tests.flow.lives import LIVES, Life, body_of
from tests.flow.two_sides import DE, US, quiet

FOLDER = Path(__file__).parent / "histories"


async def whole_life(life: Life, release: str) -> None:
    """One course from filing to closing, as both sides lived it."""
    de, us = pair()
    ours, theirs = (f"{state}-{life.kind.value.upper()}-2026-00001" for state in ("DE", "US"))
    runs: dict[str, str | None] = {}
    async with engine(de, us) as environment:
        first = Move(key="file", actor=OFFICER_DE, body=FileRequest(request=life.asked))
        await de.start(ours, Side.OUTGOING, first)
        for turn in life.turns:
            house, ref = (de, ours) if turn[0] == "de" else (us, theirs)
            # an ended case is started anew for a late letter: the run to keep is the first one
            runs.setdefault(ref, await run_of(environment, ref))
            await house.move(ref, turn[1], body_of(turn, house.states[ref]))
            await until(environment, lambda: quiet(de, us), timedelta(minutes=10))
        await keep(environment, ours, f"{life.kind.value}-{release}-outgoing", runs[ours])
        await keep(environment, theirs, f"{life.kind.value}-{release}-incoming", runs[theirs])


async def struck(release: str) -> None:
    """Nothing is done in time: warnings, a missed limit, an overdue offer, refusals, a repeated move."""
    de, us = pair()
    async with engine(de, us) as environment:
        await de.file_request(emergency=emergency())
        await de.move(DE, OFFICER_DE, Send(emergency=True, reason="now"))
        await until(environment, lambda: US in us.states and quiet(de), timedelta(minutes=10))
        await environment.sleep(timedelta(days=31))
        await de.move(DE, APPROVER_DE, Approve(), key="late")
        await de.move(DE, APPROVER_DE, Approve(), key="late")
        us.hands.broken = "seal"
        await asyncio.gather(us.move(US, OFFICER_US, Acknowledge()), return_exceptions=True)
        us.hands.broken = ""
        await us.move(US, OFFICER_US, Acknowledge())
        await us.move(US, OFFICER_US, AcceptHandoff(id=f"{DE}.h1"))
        await until(environment, lambda: quiet(de, us), timedelta(minutes=10))
        await keep(environment, DE, f"mla-{release}-outgoing-struck")
        await keep(environment, US, f"mla-{release}-incoming-struck")


async def run_of(environment: WorkflowEnvironment, ref: str) -> str | None:
    """The run in which the case is now."""
    return (await environment.client.get_workflow_handle(ref).describe()).run_id


_TRACE = re.compile(r'"stackTrace":\s*"(?:[^"\\]|\\.)*"')


async def keep(environment: WorkflowEnvironment, ref: str, name: str, run: str | None = None) -> None:
    """Writes the history of `ref`, one event on a line."""
    handle = environment.client.get_workflow_handle(ref, run_id=run)
    told: str = (await handle.fetch_history()).to_json()
    # where a failure happened on the machine that played it is nobody's business, and no replay reads it
    history: dict[str, Any] = json.loads(_TRACE.sub('"stackTrace":""', told))
    FOLDER.mkdir(exist_ok=True)
    lines = ",\n".join(
        json.dumps(event, sort_keys=True, separators=(",", ":")) for event in history["events"]
    )
    (FOLDER / f"{name}.json").write_text(f'{{"events":[\n{lines}\n]}}\n', "utf-8")
    print(f"{name}: {len(history['events'])} events")


async def main(release: str) -> None:
    """Plays and writes all of them."""
    for life in LIVES:
        await whole_life(life, release)
    await struck(release)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else str(RULES)))
    sys.stdout.flush()
    os._exit(0)
