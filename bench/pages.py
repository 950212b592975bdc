"""How long does the house take for a page with a hundred thousand cases in its lists, and what does it weigh?

`python -m bench pages`. The pages are asked in this process, through everything but the network; the control
is a page of plain words through the same stack in the same run. On SQLite, and on PostgreSQL if it is here.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import text

from bench.docket import CASES, fill
from bench.records import HOUSE, work_of
from desk.api.application import create_app
from desk.engine import Engine
from desk.house import new_house
from desk.office import Office
from desk.serve import TURN
from records.open import Records, open_records
from schemas.settings import settings_of
from schemas.vocabulary import Role
from tests.postgres import binaries, running_server
from treaties.load import shipped
from treaties.registry import Registry

TIMES = 200
WARM = 3
MOST_MS, MOST_BYTES = 100.0, 100_000
CASE = "DE-MLA-2026-00001"
CONTROL = "help, the control"
BASE = "http://desk.bench"

PAGES: dict[str, tuple[str, str]] = {
    CONTROL: ("officer", "/desk/help"),
    "today, officer": ("officer", "/desk/"),
    "today, liaison": ("liaison", "/desk/"),
    "cases": ("officer", "/desk/cases"),
    "cases, filtered": ("officer", "/desk/cases?kind=mla&state=US&open=yes"),
    "found by reference": ("officer", "/desk/find?q=CRM-050000"),
    "status by reference": ("liaison", f"/desk/status?ref={CASE}"),
    "case": ("officer", f"/desk/case/{CASE}"),
    "case, history": ("officer", f"/desk/case/{CASE}/history"),
    "a question of a draft": ("officer", f"/desk/case/{CASE}/change/urgency"),
    "matters": ("officer", "/desk/matters"),
    "matter": ("officer", "/desk/matter?name=M-05000"),
    "new request": ("officer", "/desk/new"),
    "urgent preservation": ("liaison", "/desk/urgent"),
    "legal answer": ("officer", "/desk/ask?from=DE&to=US&kind=mla&measure=traffic-data&on=2026-11-20"),
    "State": ("treaty-desk", "/desk/law/state/DE"),
    "pair on a day": ("treaty-desk", "/desk/law/pair/DE/US?on=2026-11-20"),
    "world": ("treaty-desk", "/desk/law/world?instrument=budapest"),
    "workshop": ("treaty-desk", "/desk/workshop"),
    "ledger": ("auditor", "/desk/ledger"),
    "figures": ("auditor", "/desk/figures"),
    "operation": ("operator", "/desk/operation"),
}
ROLES = {
    "officer": Role.OFFICER,
    "liaison": Role.LIAISON,
    "treaty-desk": Role.TREATY_DESK,
    "auditor": Role.AUDITOR,
    "operator": Role.OPERATOR,
}


class EnginelessOffice(Office):
    """The office of a house whose engine is down: no page that is only read needs it."""

    async def engine(self) -> Engine:
        """It does not answer."""
        return Engine(False)


@dataclass(frozen=True, slots=True)
class Figure:
    """Of one page: milliseconds of the middle and of the slowest in a hundred, bytes, what else it brings."""

    p50: float
    p99: float
    size: int
    brings: frozenset[str]


@contextmanager
def house(folder: Path, url: str) -> Iterator[tuple[Records, httpx.AsyncClient]]:
    """A house with the lists filled, and its application asked without a network."""
    os.environ["ROGATORY_DATABASE_URL"] = url
    try:
        new_house(folder / "house", HOUSE, "DE", "House of the bench", "Europe/Berlin")
        settings = settings_of(folder / "house")
        records = open_records(settings)
    finally:
        del os.environ["ROGATORY_DATABASE_URL"]
    for id, role in ROLES.items():
        records.accounts.add(id, (role,), "police" if role is Role.LIAISON else "central-authority")
    fill(records, CASES)
    if url:
        # PostgreSQL does this by itself within a minute.
        with records.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    records.keys.create(CASE)
    for move in range(1, 21):
        records.file(work_of(CASE, move))
    office = EnginelessOffice(settings, records, None)  # type: ignore[arg-type]  # there is none
    app = create_app(office, law())
    sys.setswitchinterval(TURN)
    transport = httpx.ASGITransport(app)
    yield records, httpx.AsyncClient(transport=transport, base_url=BASE, timeout=60)
    records.close()


def law() -> Registry:
    """The law that ships."""
    return shipped(None)


async def figures(records: Records, http: httpx.AsyncClient) -> tuple[dict[str, Figure], int]:
    """By page; and the bytes of what they bring with them, each once, as a browser gets it.

    Raises ValueError for one that does not answer with a page.
    """
    cookie = cookie_name_of(records)
    found = {}
    for name, (who, path) in PAGES.items():
        headers = {"cookie": f"{cookie}={records.sessions.begin(who, 'bench')}"}
        took = []
        for turn in range(WARM + TIMES):
            begun = time.perf_counter()
            answer = await http.get(path, headers=headers)
            if turn >= WARM:
                took.append((time.perf_counter() - begun) * 1000)
        if answer.status_code not in (200, 303):
            raise ValueError(f"{path} answers {answer.status_code}: {answer.text[:500]}")
        brings = frozenset(re.findall(r'<(?:script|link|img)[^>]*?(?:src|href)="([^"]+)"', answer.text))
        slowest = sorted(took)[min(len(took) - 1, int(len(took) * 0.99))]
        found[name] = Figure(median(took), slowest, answer.num_bytes_downloaded, brings)
    brought = {path for one in found.values() for path in one.brings if path.startswith("/desk/")}
    once = sum([(await http.get(path)).num_bytes_downloaded for path in sorted(brought)])
    await http.aclose()
    return found, once


def cookie_name_of(records: Records) -> str:
    """Name of the cookie of a session at this house."""
    return f"rogatory_{records.settings.house}"


def told(kind: str, found: dict[str, Figure]) -> list[str]:
    """The lines of one database."""
    lines = [f"{kind}, {CASES:,} cases in the lists:"]
    for name, one in found.items():
        over = " OVER 100 ms" if one.p99 > MOST_MS else ""
        heavy = " OVER 100 kB" if one.size > MOST_BYTES else ""
        lines.append(
            f"{name:22} p50 {one.p50:7.1f} ms  p99 {one.p99:7.1f} ms  {one.size / 1000:6.1f} kB{over}{heavy}"
        )
    return lines


def weight(found: dict[str, Figure], once: int) -> list[str]:
    """What a browser fetches at its first page, and from whom."""
    brought = {path for one in found.values() for path in one.brings}
    elsewhere = sorted(path for path in brought if not path.startswith("/desk/"))
    first = max(one.size for one in found.values()) + once
    heavy = " OVER 100 kB" if first > MOST_BYTES else ""
    return [
        f"style, script and mark, fetched once: {once / 1000:.1f} kB",
        f"the heaviest first load: {first / 1000:.1f} kB{heavy}",
        f"asked of other hosts: {', '.join(elsewhere) or 'nothing'}",
    ]


def run() -> list[str]:
    """The figures of both databases."""
    lines = []
    with TemporaryDirectory() as folder, house(Path(folder), "") as (records, http):
        found, once = asyncio.run(figures(records, http))
        lines += told("SQLite", found) + weight(found, once)
    if binaries() is None:
        return [*lines, "PostgreSQL is not here: not measured"]
    with (
        running_server() as server,
        TemporaryDirectory() as folder,
        house(Path(folder), server.empty()) as (records, http),
    ):
        lines += told("PostgreSQL", asyncio.run(figures(records, http))[0])
    return lines
