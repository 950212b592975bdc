"""How fast does a large file pass between two houses over local HTTP, against a plain copy of the same bytes?

Two houses as they are shipped, each in a process of its own, and a plain server and client of the same HTTP
stack as the control of the same run. Then once more with the receiving house killed half way, through a proxy
that counts: what was sent twice is what was on the wire when it died.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from desk.cli.evidence import digests_of
from desk.client import House
from desk.house import introduce, new_house, set_address
from records.open import open_records
from schemas.case import CaseState, Counterpart
from schemas.handoff import Holder
from schemas.moves import Actor
from schemas.request import EvidenceItem, MlaRequest
from schemas.settings import settings_of
from schemas.vocabulary import Kind, Measure, Role, Side
from schemas.work import FileWork
from workflows.row import row_of

SIZE = int(os.environ.get("ROGATORY_BENCH_BYTES", str(1024**3)))
MIB = 1024 * 1024
REFS = {"de": "DE-mla-2026-00001", "us": "US-mla-2026-00001"}
ITEM = "image-1"
PATIENCE = 600.0
TURNS = 3

_PLAIN = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Route
def parts():
    with open(sys.argv[1], "rb") as file:
        while part := file.read(1 << 20):
            yield part
def serve(request):
    return StreamingResponse(parts(), headers={"Content-Length": sys.argv[2]})
uvicorn.run(Starlette(routes=[Route("/", serve)]), port=int(sys.argv[3]), log_level="error")
"""


def run() -> list[str]:
    """Lines for `python -m bench evidence`."""
    with TemporaryDirectory(prefix="rogatory-bench-") as name:
        return asyncio.run(asyncio.to_thread(_measured, Path(name)))


def _measured(folder: Path) -> list[str]:
    file = folder / "image"
    _fill(file)
    digest = digests_of(file)["sha256"]
    for house in ("de", "us"):
        new_house(folder / house, house, house.upper(), house)
    introduce(folder / "de", folder / "us")
    tokens = {house: _prepared(folder / house, house, digest) for house in ("de", "us")}
    lines: list[str] = []
    with ExitStack() as stack:
        theirs = stack.enter_context(_served(folder / "us"))
        set_address(folder / "de", "us", theirs)
        us = stack.enter_context(House(theirs, tokens["us"]))
        took = _kept(us, file)
        lines.append(f"taken in from a file (3 digests, sealed): {_rate(took)}")
        with _served(folder / "de") as ours, House(ours, tokens["de"]) as de:
            lines += _compared(folder, file, digest, de)
        lines += _killed(folder, theirs, digest, tokens["de"])
    return lines


def _compared(folder: Path, file: Path, digest: str, de: House) -> list[str]:
    """Plain copies and fetches by turns: each fetch is held against the mean of the copies beside it."""
    plain, shares, rates = [_plain_copy(file, folder / "copy")], [], []
    for turn in range(TURNS):
        if turn:
            _forget(folder / "de", digest)
        took = _fetched(de)
        plain.append(_plain_copy(file, folder / "copy"))
        shares.append((plain[-2] + plain[-1]) / 2 / took)
        rates.append(_rate(took))
    return [
        f"plain HTTP copy: {', '.join(_rate(each) for each in plain)}",
        f"fetched by the other house: {', '.join(rates)}",
        f"share of plain copying: {median(shares):.2f} (median of {TURNS}; aim: 0.5 or more)",
    ]


def _killed(folder: Path, theirs: str, digest: str, token: str) -> list[str]:
    """The same again, from nothing, with the receiving house killed half way."""
    _forget(folder / "de", digest)
    with _counting(theirs) as (proxy, counted):
        set_address(folder / "de", "us", proxy)
        with _served(folder / "de", signal.SIGKILL) as ours, House(ours, token) as de:
            de.post(f"/cases/{REFS['de']}/evidence/{ITEM}/fetch")
            _until(lambda: counted[0] > SIZE // 2)
        before = counted[0]
        with _served(folder / "de") as ours, House(ours, token) as de:
            _fetched(de)
    twice = counted[0] - SIZE
    return [
        f"killed after {before / MIB:,.0f} MiB, then fetched to the end: {counted[0] / MIB:,.1f} MiB came,"
        f" {twice / MIB:.1f} MiB of it twice ({100 * twice / SIZE:.2f} %)"
    ]


# --- the houses -----------------------------------------------------------------------------------------


def _prepared(home: Path, house: str, digest: str) -> str:
    """A case in which the file was declared, and an officer's token."""
    settings = settings_of(home)
    records = open_records(settings)
    try:
        ref, other = REFS[house], "us" if house == "de" else "de"
        records.keys.create(ref)
        now = datetime.now(UTC)
        item = EvidenceItem(
            id=ITEM, description="bench", kind="image", sha256=digest, size=SIZE, custodian="bench"
        )
        state = CaseState(
            ref=ref,
            house=house,
            state=settings.state,
            kind=Kind.MLA,
            side=Side.OUTGOING if house == "de" else Side.INCOMING,
            status="executed",
            move=1,
            opened=now,
            updated=now,
            filed_by="officer",
            last_author="officer",
            counterpart=Counterpart(state=other.upper(), house=other, ref=REFS[other]),
            holder=Holder(house=house, function="central-authority"),
            held_since=now,
            request=MlaRequest(requesting="DE", requested="US", measures=(Measure.TRAFFIC_DATA,)),
            evidence=[item],
        )
        actor = Actor(id="officer", house=house, roles=(Role.OFFICER,), agency="central-authority")
        work = FileWork(
            ref=ref, move=1, at=now, actor=actor, event="evidence", key="k", detail="{}", state=state,
            row=row_of(state),
        )  # fmt: skip
        records.file(work)
        records.accounts.add("officer", (Role.OFFICER,), "central-authority")
        return records.accounts.token("officer")
    finally:
        records.close()


def _forget(home: Path, digest: str) -> None:
    from records.held import Held

    records = open_records(settings_of(home))
    try:
        Held(home / "held", records.keys).item(REFS["de"], ITEM, digest).drop()
    finally:
        records.close()


@contextmanager
def _served(home: Path, end: signal.Signals = signal.SIGTERM) -> Iterator[str]:
    """The house as it is shipped, in a process of its own."""
    mark = home / "run" / "api.json"
    mark.unlink(missing_ok=True)
    environment = {**os.environ, "ROGATORY_HOME": str(home), "ROGATORY_API_PORT": str(_free())}
    process = subprocess.Popen(
        [sys.executable, "-m", "desk.serve"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _until(mark.is_file)
        url = json.loads(mark.read_text())["url"]
        _until(lambda: _answers(f"{url}/health"))
        yield url
    finally:
        process.send_signal(end)
        process.wait(60)


def _kept(us: House, file: Path) -> float:
    told = {**digests_of(file), "size": SIZE}
    path = f"/cases/{REFS['us']}/evidence/{ITEM}"

    def parts() -> Iterator[bytes]:
        with file.open("rb") as content:
            while part := content.read(MIB):
                yield part

    begun = time.perf_counter()
    us.post(f"{path}/keep", told)
    us.pour(f"{path}/content", parts(), SIZE, {"Brought": json.dumps(told)}, at=0)
    return time.perf_counter() - begun


def _fetched(de: House) -> float:
    path = f"/cases/{REFS['de']}/evidence/{ITEM}"
    begun = time.perf_counter()
    told = de.post(f"{path}/fetch")
    while told["running"]:
        time.sleep(0.1)
        told = de.get(f"{path}/held")
    took = time.perf_counter() - begun
    if told["state"] != "whole":
        raise RuntimeError(f"the item did not arrive: {told}")
    return took


# --- the control ----------------------------------------------------------------------------------------


def _plain_copy(file: Path, target: Path) -> float:
    port = _free()
    process = subprocess.Popen([sys.executable, "-c", _PLAIN, str(file), str(SIZE), str(port)])
    try:
        url = f"http://127.0.0.1:{port}/"
        _until(lambda: _listens(port))
        begun = time.perf_counter()
        with httpx.stream("GET", url, timeout=PATIENCE) as answer, target.open("wb") as out:
            for part in answer.iter_raw(MIB):
                out.write(part)
            out.flush()
            os.fsync(out.fileno())
        took = time.perf_counter() - begun
        if target.stat().st_size != SIZE:
            raise RuntimeError("the control lost bytes")
        return took
    finally:
        process.terminate()
        process.wait(30)
        target.unlink(missing_ok=True)


@contextmanager
def _counting(url: str) -> Iterator[tuple[str, list[int]]]:
    """A proxy before a house that counts the bytes of its answers."""
    counted = [0]
    host, port = url.removeprefix("http://").split(":")
    door = socket.create_server(("127.0.0.1", 0))
    stopping = threading.Event()

    def pump(source: socket.socket, target: socket.socket, count: bool) -> None:
        try:
            while part := source.recv(256 * 1024):
                target.sendall(part)
                if count:
                    counted[0] += len(part)
        except OSError:
            pass
        finally:
            for each in (source, target):
                each.close()

    def accept() -> None:
        while not stopping.is_set():
            try:
                caller, _ = door.accept()
                house = socket.create_connection((host, int(port)))
            except OSError:
                return
            threading.Thread(target=pump, args=(caller, house, False), daemon=True).start()
            threading.Thread(target=pump, args=(house, caller, True), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}", counted
    finally:
        stopping.set()
        door.close()


def _fill(file: Path) -> None:
    with file.open("wb") as out:
        left = SIZE
        while left:
            part = secrets.token_bytes(min(8 * MIB, left))
            out.write(part)
            left -= len(part)


def _rate(seconds: float) -> str:
    return f"{SIZE / MIB / seconds:,.0f} MiB/s"


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def _until(true: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            raise RuntimeError("it took too long")
        time.sleep(0.02)
