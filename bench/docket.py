"""How fast are the lists of a house with very many cases: by reference, matter, clock and page?

`python -m bench docket`; as its control, the same questions in a house with a hundredth of the cases.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Table, insert

from bench.records import START, house, work_of
from records.docket import Filter
from records.open import Records
from records.projection import PROJECTED, projected, write_row
from schemas.case import ClockRow, DocketRow

CASES = 100_000
AT_ONCE = 1_000
TIMES = 20
FUNCTIONS = ("central-authority", "liaison", "court", "executing-authority")


def row_of(number: int) -> DocketRow:
    """A line with two clocks and two other references; ten cases share a matter."""
    due = START + timedelta(minutes=number * 37 % 500_000)
    clocks = [
        ClockRow(
            clock=name,
            due=due + timedelta(days=later),
            due_day=(due + timedelta(days=later)).date(),
            started=START,
            owner=FUNCTIONS[number % len(FUNCTIONS)],
        )
        for later, name in enumerate(("acknowledge", "decide"))
    ]
    changes = {
        "their_ref": f"CRM-{number:06}",
        "matter": f"M-{number // 10:05}",
        "provider": None if number % 50 else "example-cloud",
        "aliases": (f"CT {number}", f"PR-{number}"),
        "offered_to": None if number % 100 else "court",
        "errands": 0 if number % 1_000 else 1,
        "next_due": due,
        "next_clock": "acknowledge",
        "clocks": tuple(clocks),
    }
    return work_of(f"DE-{number:06}", 1).row.model_copy(update=changes)


def fill(records: Records, cases: int) -> None:
    """The lists of so many cases, without what is behind them."""
    for first in range(0, cases, AT_ONCE):
        lines: dict[Table, list[dict[str, Any]]] = {table: [] for table in PROJECTED}
        for number in range(first, min(first + AT_ONCE, cases)):
            row = row_of(number)
            for table, made in projected(row, row.model_dump_json()).items():
                lines[table] += made

        def work(connection: Connection, lines: dict[Table, list[dict[str, Any]]] = lines) -> None:
            for table, made in lines.items():
                connection.execute(insert(table), made)

        records.database.write(work)


def questions(records: Records, cases: int) -> dict[str, Callable[[], object]]:
    """What people and the machine ask of the lists, and one new line."""
    docket, middle = records.docket, cases // 2
    soon = START + timedelta(days=2)
    line = row_of(middle).model_copy(update={"clocks": ()})
    return {
        "a case by its reference": lambda: docket.by_reference(f"de-{middle:06}"),
        "a case by a report's id": lambda: docket.by_reference(f"ct  {middle}"),
        "a matter of ten cases": lambda: docket.of_matter(f"m-{middle // 10:05}"),
        "the next 50 cases due": lambda: docket.find(limit=50),
        "50 cases of a provider": lambda: docket.find(Filter(provider="example-cloud")),
        "50 cases on offer to a function": lambda: docket.find(Filter(offered_to="court")),
        "50 matters": lambda: docket.matters(limit=50),
        "50 clocks due within two days": lambda: docket.due(before=soon, limit=50),
        "50 clocks of a function": lambda: docket.due(owner="court", limit=50),
        "every case with an errand": docket.errands,
        "a line written anew": lambda: records.database.write(
            lambda connection: write_row(connection, line, line.model_dump_json())
        ),
    }


def milliseconds(ask: Callable[[], object]) -> float:
    """The median of a few runs."""
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        ask()
        took.append(time.perf_counter() - begun)
    return median(took) * 1000


def figures(cases: int) -> dict[str, float]:
    """Milliseconds by question, in a house that is thrown away."""
    with TemporaryDirectory() as folder, house(Path(folder), "") as records:
        fill(records, cases)
        return {name: milliseconds(ask) for name, ask in questions(records, cases).items()}


def run() -> list[str]:
    """The figures of both houses."""
    few, many = figures(CASES // 100), figures(CASES)
    return [
        f"{name:35} {many[name]:9.2f} ms in {CASES:,} cases, {few[name]:7.2f} ms in {CASES // 100:,}"
        for name in many
    ]
