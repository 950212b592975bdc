"""A house over real HTTP, in a thread of this process."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from desk.api.application import create_app
from desk.office import Office
from treaties.load import shipped
from treaties.registry import Registry


@contextmanager
def served(office: Office, registry: Registry | None = None) -> Iterator[int]:
    """The port of 127.0.0.1 at which the house answers; its law is the shipped one unless given."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(office, registry or shipped()), lifespan="off", log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield door.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
        door.close()
