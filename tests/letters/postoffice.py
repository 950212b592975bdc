"""What do the tests of mail need? A real SMTP server and a real IMAP server on this machine, with a road
between them that loses, doubles, delays and shuffles on command. Every account has the same password.
"""

from __future__ import annotations

import random
import re
import socketserver
import threading
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller

from tests.ports import free_port

PASSWORD = "invented"


@dataclass
class Road:
    """What happens to a mail between the servers: a chance for each, drawn from `seed`."""

    seed: int = 0
    lost: float = 0.0
    doubled: float = 0.0
    late: float = 0.0
    shuffled: bool = False
    draw: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)


@dataclass
class Kept:
    uid: int
    content: bytes
    seen: bool = False


class PostOffice:
    """Both servers, as long as the `with` lasts. `boxes`: what lies in each mailbox, by address."""

    def __init__(self, road: Road | None = None) -> None:
        self.road = road or Road()
        self.boxes: dict[str, list[Kept]] = {}
        self.delayed: list[tuple[str, bytes]] = []
        self.sent: list[tuple[str, bytes]] = []
        self.lock = threading.Lock()
        self.smtp = Controller(self, hostname="127.0.0.1", port=free_port(), data_size_limit=None)
        self.imap = _ImapServer(self)
        self._thread = threading.Thread(target=self.imap.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def smtp_port(self) -> int:
        return int(self.smtp.port)

    @property
    def imap_port(self) -> int:
        return int(self.imap.server_address[1])

    def __enter__(self) -> PostOffice:
        self.smtp.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.smtp.stop()
        self.imap.shutdown()
        self._thread.join()
        self.imap.server_close()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        for address in envelope.rcpt_tos:
            self.take(address, envelope.content)
        return "250 taken"

    def take(self, address: str, content: bytes) -> None:
        """A mail on its way to `address`: what becomes of it, the road says."""
        with self.lock:
            self.sent.append((address, content))
            road = self.road
            if road.draw.random() < road.lost:
                return
            for _ in range(2 if road.draw.random() < road.doubled else 1):
                if road.draw.random() < road.late:
                    self.delayed.append((address, content))
                else:
                    self._put(address, content)

    def bring_late(self) -> None:
        """What was late comes in now."""
        with self.lock:
            late, self.delayed = self.delayed, []
            for address, content in late:
                self._put(address, content)

    def _put(self, address: str, content: bytes) -> None:
        box = self.boxes.setdefault(address, [])
        box.append(Kept(0, content))
        if self.road.shuffled:
            fresh = [one for one in box if one.uid == 0]
            self.road.draw.shuffle(fresh)
            box[:] = [one for one in box if one.uid] + fresh

    def box(self, address: str) -> list[Kept]:
        """What lies there, each with a number of its own that never changes."""
        with self.lock:
            kept = self.boxes.setdefault(address, [])
            for one in kept:
                if one.uid == 0:
                    one.uid = max((each.uid for each in kept), default=0) + 1
            return list(kept)


class _ImapServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, office: PostOffice) -> None:
        self.office = office
        super().__init__(("127.0.0.1", 0), _Imap)


class _Imap(socketserver.StreamRequestHandler):
    """As much of IMAP4rev1 (RFC 3501) as a client needs that reads one mailbox by UID."""

    user = ""

    def handle(self) -> None:
        self._say("* OK IMAP4rev1 ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode("ascii").strip().partition(" ")
            verb, _, arguments = rest.partition(" ")
            if verb.upper() == "UID":
                verb, _, arguments = arguments.partition(" ")
            answer = getattr(self, f"do_{verb.lower()}", self._unknown)(arguments)
            self._say(f"{tag} {answer}")
            if verb.upper() == "LOGOUT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode("ascii") + b"\r\n")

    def _unknown(self, arguments: str) -> str:
        return "BAD unknown command"

    def do_capability(self, arguments: str) -> str:
        self._say("* CAPABILITY IMAP4rev1")
        return "OK done"

    def do_noop(self, arguments: str) -> str:
        return "OK done"

    def do_login(self, arguments: str) -> str:
        found = re.fullmatch(r'"?([^" ]+)"? "([^"]*)"', arguments)
        if found is None or found[2] != PASSWORD:
            return "NO [AUTHENTICATIONFAILED] no such account"
        self.user = found[1]
        return "OK logged in"

    def do_select(self, arguments: str) -> str:
        self._say(f"* {len(self._box())} EXISTS")
        self._say("* OK [UIDVALIDITY 1] valid")
        return "OK [READ-WRITE] selected"

    def do_search(self, arguments: str) -> str:
        assert arguments == "UNSEEN"
        self._say("* SEARCH " + " ".join(str(one.uid) for one in self._box() if not one.seen))
        return "OK done"

    def do_fetch(self, arguments: str) -> str:
        uid, _, what = arguments.partition(" ")
        for number, one in enumerate(self._box(), start=1):
            if one.uid == int(uid):
                if what == "(RFC822.SIZE)":
                    self._say(f"* {number} FETCH (UID {uid} RFC822.SIZE {len(one.content)})")
                else:
                    assert what == "(BODY.PEEK[])"
                    self._say(f"* {number} FETCH (UID {uid} BODY[] {{{len(one.content)}}}")
                    self.wfile.write(one.content + b")\r\n")
        return "OK done"

    def do_store(self, arguments: str) -> str:
        uid, _, what = arguments.partition(" ")
        assert what == r"+FLAGS.SILENT (\Seen)"
        for one in self._box():
            if one.uid == int(uid):
                one.seen = True
        return "OK done"

    def do_logout(self, arguments: str) -> str:
        self._say("* BYE")
        return "OK done"

    def _box(self) -> list[Kept]:
        office: PostOffice = self.server.office  # type: ignore[attr-defined]  # the server is ours
        return office.box(self.user)
