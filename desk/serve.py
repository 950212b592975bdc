"""How is the API of one house started and stopped? `python -m desk.serve`; ROGATORY_HOME names the house."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

import uvicorn

from desk.alarms import keep_alarms
from desk.api.application import create_app
from desk.collecting import keep_collecting, way_of
from desk.errands import keep_errands
from desk.evidence_days import keep_days
from desk.fetching import keep_fetching
from desk.mailroom import keep_mailroom, mail_way
from desk.office import open_office
from desk.watch import keep_watch
from records.open import open_records
from schemas.errors import RogatoryError
from schemas.logs import keep_log
from schemas.settings import Settings, settings
from treaties.load import shipped

BACKLOG = 128
TURN = 0.0005
"""Seconds for which a thread may keep the others waiting (Python: 0.005). A page takes a dozen turns beside
the figures that are being collected, and is twice as quick for it."""
STOP_SECONDS = 10
"""How long requests under way may take to end once the house is told to stop."""
HANDS = 40
"""Threads in which moves are looked through and filed (Python: four more than there are cores). Some wait
long, for a document that is slow to read; the moves of others, and the rounds of the house, go on."""


def listen(host: str, port: int) -> tuple[socket.socket, bool]:
    """A listening socket on `port`, or on a free one where that is busy; and whether it is `port`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return _bound(family, host, port), True
    except OSError:
        return _bound(family, host, 0), False


def more_hands() -> None:
    """Give the loop that runs `HANDS` threads for what would hold it up."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(HANDS, "hands"))


async def serve(house: Settings) -> None:
    """Serve until told to stop. `run/api.json` in the home folder holds the address as long as it is true."""
    door, asked_for = listen(house.api_host, house.api_port)
    url = address_of(door)
    if not asked_for:
        print(f"Port {house.api_port} is busy; {house.house} serves at {url} instead.", flush=True)
    more_hands()
    records = open_records(house)
    try:
        app = create_app(await open_office(house, records), shipped(house.overlay))
        office = app.state.house.office
        way = way_of(house)
        beside = [
            asyncio.create_task(keep_watch(office, app.state.house.editions)),
            asyncio.create_task(keep_errands(office)),
            asyncio.create_task(keep_days(office)),
            asyncio.create_task(keep_alarms(office)),
            asyncio.create_task(keep_fetching(office)),
            asyncio.create_task(keep_collecting(office, way)),
        ]
        mail = mail_way(house, office.trust)
        if mail is not None:
            beside.append(asyncio.create_task(keep_mailroom(office, mail)))
        config = uvicorn.Config(
            app,
            lifespan="off",
            # Its own log would print the text of an exception.
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        mark = _mark(house.home, url)
        print(f"{house.name} serves at {url}", flush=True)
        try:
            await uvicorn.Server(config).serve(sockets=[door])
        finally:
            for task in beside:
                task.cancel()
            way.close()
            if mail is not None:
                mail.close()
            mark.unlink(missing_ok=True)
    finally:
        records.close()
        door.close()


def address_of(door: socket.socket) -> str:
    """The URL at which a listening socket is reached."""
    host, port = door.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def main() -> int:
    """Exit status: 0 after an orderly stop, 1 if it could not start."""
    keep_log(logging.WARNING)
    sys.setswitchinterval(TURN)
    # Before the server takes the signals over, and after it is done, when it raises the one that stopped it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        asyncio.run(serve(settings()))
    except SystemExit:
        return 0
    except RogatoryError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The address cannot be used: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


def _bound(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        door.listen(BACKLOG)
    except OSError:
        door.close()
        raise
    return door


def _mark(home: Path, url: str) -> Path:
    folder = home / "run"
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / "api.json"
    part = mark.with_suffix(".part")
    part.write_text(json.dumps({"url": url, "pid": os.getpid()}) + "\n", "utf-8")
    part.replace(mark)
    return mark


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # A process that used the engine's client may abort while the interpreter ends.
    os._exit(status)
