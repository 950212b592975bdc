"""How long does filing take, what of it is the disk, and what do encryption and reading cost?

`python -m bench.records [--database URL]` prints the figures of one run; `figures` gives them to `bench`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from sqlalchemy import Connection
from temporalio.converter import WorkflowSerializationContext

from records.codec import data_converter
from records.database import Database
from records.keys import CaseKeys
from records.ledger import Ledger
from records.open import Records, new_house, open_records
from records.states import States
from schemas.case import CaseState, Counterpart, DocketRow
from schemas.handoff import Holder
from schemas.moves import Actor, MoveReply
from schemas.request import MlaRequest
from schemas.settings import Settings
from schemas.vocabulary import Kind, Measure, Role, Side
from schemas.work import FileWork

T = TypeVar("T")

HOUSE = "bench"
START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ANNA = Actor(id="anna", house=HOUSE, roles=(Role.OFFICER,))
HOLDER = Holder(house=HOUSE, function="central-authority")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value."""

    name: str
    value: float
    unit: str


def case_of(ref: str, move: int) -> CaseState:
    """A case of ordinary size: a request of two pages and the keys of its moves."""
    contents = {f"field-{number}": f"{number} what the request says about it. " * 25 for number in range(8)}
    reply = MoveReply(
        ref=ref, move=1, event="amend", status="draft", holder=HOLDER, allowed=("amend", "send")
    )
    return CaseState(
        ref=ref,
        house=HOUSE,
        state="DE",
        kind=Kind.MLA,
        side=Side.OUTGOING,
        status="draft",
        move=move,
        opened=START,
        updated=START + timedelta(minutes=move),
        filed_by="anna",
        last_author="anna",
        counterpart=Counterpart(state="US", house="us"),
        holder=HOLDER,
        held_since=START,
        request=MlaRequest(
            requesting="DE", requested="US", measures=(Measure.SUBSCRIBER_DATA,), contents=contents
        ),
        keys={f"key-{number}": reply for number in range(20)},
    )


def work_of(ref: str, move: int) -> FileWork:
    """One filing of such a case."""
    state = case_of(ref, move)
    row = DocketRow(
        ref=ref,
        house=HOUSE,
        kind=state.kind,
        side=state.side,
        status=state.status,
        counterpart_state="US",
        holder_house=HOUSE,
        holder_function="central-authority",
        held_since=START,
        move=move,
        opened=START,
        updated=state.updated,
    )
    return FileWork(
        ref=ref,
        move=move,
        at=state.updated,
        actor=ANNA,
        event="amend",
        key=f"key-{move}",
        detail=state.request.model_dump_json(),
        state=state,
        row=row,
    )


@contextmanager
def house(folder: Path, url: str) -> Iterator[Records]:
    """A new house in `folder`; its database at `url`, or SQLite in the folder."""
    settings = Settings(home=folder, house=HOUSE, state="DE", database_url=url)
    new_house(settings)
    records = open_records(settings)
    try:
        yield records
    finally:
        records.close()


def rate(count: int, work: Callable[[], object]) -> float:
    """How many per second, where `work` does `count` of them."""
    begun = time.perf_counter()
    work()
    return count / (time.perf_counter() - begun)


def filing_rate(records: Records, threads: int, moves: int) -> float:
    """Filings per second by so many clerks at once, each with a case of its own."""
    refs = [records.references.next(Kind.MLA, date(2026, 11, 2)) for _ in range(threads)]
    for ref in refs:
        records.keys.create(ref)
    works = [[work_of(ref, move) for move in range(1, moves + 1)] for ref in refs]

    def clerk(own: list[FileWork]) -> None:
        for work in own:
            records.file(work)

    def all_of_them() -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(clerk, works))

    return rate(threads * moves, all_of_them)


class CarelessDatabase(Database):
    """As a control: no write waits for the disk, so what is gained then is what the disk costs."""

    def write(self, work: Callable[[Connection], T], *, durable: bool = True) -> T:
        """As in the house, but never durable."""
        return super().write(work, durable=False)


def careless(records: Records) -> Records:
    """The same house through the control."""
    database = CarelessDatabase(records.settings.database)
    keys = CaseKeys(database, records.settings.keys)
    ledger = Ledger(database, keys, HOUSE)
    states = States(database, keys, ledger)
    return replace(records, database=database, keys=keys, ledger=ledger, states=states)


def codec_rate(records: Records, ref: str, count: int) -> float:
    """States encoded and decoded per second, as the engine has it done."""
    converter = data_converter(records.keys).with_context(WorkflowSerializationContext("default", ref))
    state = case_of(ref, 1)

    async def there_and_back() -> None:
        for _ in range(count):
            await converter.decode(await converter.encode([state]), [CaseState])

    return rate(count, lambda: asyncio.run(there_and_back()))


def figures(url: str = "", moves: int = 150) -> list[Figure]:
    """All figures of one run, in a house that is thrown away (a PostgreSQL database at `url` is not)."""
    with TemporaryDirectory() as folder, house(Path(folder), url) as records:
        filing_rate(records, 1, 20)
        found = [Figure("filings, one clerk", filing_rate(records, 1, moves), "/s")]
        found.append(Figure("filings, eight clerks", filing_rate(records, 8, moves // 4), "/s"))
        control = careless(records)
        found.append(Figure("control, no wait for the disk, one clerk", filing_rate(control, 1, moves), "/s"))
        found.append(Figure("control, eight clerks", filing_rate(control, 8, moves // 4), "/s"))
        control.close()
        ref = records.docket.find(limit=1).rows[0].ref

        def attempts() -> None:
            for number in range(moves):
                records.attempts.begin(f"k{number}", "anna", "file", "d")
                records.attempts.finish(f"k{number}", "{}")

        def states() -> None:
            for _ in range(moves):
                records.states.latest(ref)

        found.append(Figure("attempts begun and finished", rate(moves, attempts), "/s"))
        found.append(Figure("states read", rate(moves, states), "/s"))
        found.append(Figure("states through the codec and back", codec_rate(records, ref, moves), "/s"))
        entries = moves * 2 + (moves // 4) * 16 + 20
        found.append(Figure("ledger entries verified", rate(entries, records.verify), "/s"))
    return found


def main(arguments: list[str]) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Figures of the records")
    parser.add_argument("--database", default="", help="an empty PostgreSQL database instead of SQLite")
    parser.add_argument("--moves", type=int, default=150)
    given = parser.parse_args(arguments)
    for figure in figures(given.database, given.moves):
        print(f"{figure.name:55} {figure.value:10,.0f} {figure.unit}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
