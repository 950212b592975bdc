"""How is the emulator reached? By real HTTP on this machine only: POST / for messages, /control to steer."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from desk.emulator.provider import SERVER, Emulator, Reply
from letters.ts103120.check import LARGEST
from schemas.errors import BadInput

HOST = "127.0.0.1"


class _Door(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = SERVER
    sys_version = ""

    def do_GET(self) -> None:
        if self.path == "/control":
            self._send(_json(200, self.server.emulator.state()))
        else:
            self._send(_json(404, {"error": "EMULATOR: POST / takes messages, /control steers"}))

    def do_POST(self) -> None:
        content = self._content()
        if content is None:
            self._send(_json(413, {"error": "EMULATOR: too large"}))
        elif self.path == "/control":
            self._send(self._steered(content))
        elif self.path == "/":
            self._send(self.server.emulator.handle(content, self.headers.get("Authorization", "")))
        else:
            self._send(_json(404, {"error": "EMULATOR: nothing here"}))

    def _content(self) -> bytes | None:
        text = self.headers.get("Content-Length", "0")
        length = int(text) if text.isdigit() else 0
        if length > LARGEST:
            self.close_connection = True
            return None
        return self.rfile.read(length)

    def _steered(self, content: bytes) -> Reply:
        try:
            told = json.loads(content)["behave"]
            if not isinstance(told, list):
                raise TypeError
            self.server.emulator.behave([str(one) for one in told])
        except BadInput as error:
            return _json(422, error.told())
        except (ValueError, KeyError, TypeError, RecursionError):
            return _json(422, {"error": 'EMULATOR: send {"behave": ["refuse=12", "delay=5"]}'})
        return _json(200, self.server.emulator.state())

    def _send(self, reply: Reply) -> None:
        if reply.drop:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(reply.status)
        for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the screen: what is asked here names accounts."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, emulator: Emulator) -> None:
        super().__init__((HOST, port), _Door)
        self.emulator = emulator

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no news."""


def _json(status: int, value: dict[str, Any]) -> Reply:
    return Reply(status, json.dumps(value).encode())


@contextmanager
def serving(emulator: Emulator, port: int = 0) -> Iterator[str]:
    """Serves in a thread of its own; gives the address. Raises OSError if the port is taken."""
    server = _Server(port, emulator)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
