"""A mail server and a web server that take notices, and a notice to take."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from activities.notices import notices
from letters.seal import load_key
from records.open import Records
from schemas.settings import Settings
from schemas.work import NotifyDone, NotifyWork
from tests.ports import free_port

REF = "DE-MLA-2026-00001"
DUE = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
"""Midnight in Berlin: the end of 24 November."""


class FakeMailbox:
    """Takes mail as a real server does; refuses or puts off the addresses it was told to."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, EmailMessage]] = []
        self.answers: dict[str, str] = {}
        self.data_answer = ""
        self.secret: tuple[bytes, bytes] | None = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data_answer:
            return self.data_answer
        assert isinstance(envelope.content, bytes)
        self.letters += [(each, self.read(envelope.content)) for each in envelope.rcpt_tos]
        return "250 taken"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, way: str, data: Any
    ) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == self.secret, handled=False)

    @staticmethod
    def read(content: bytes) -> EmailMessage:
        letter = message_from_bytes(content, policy=default)
        assert isinstance(letter, EmailMessage)
        return letter

    @property
    def to(self) -> list[str]:
        return sorted(address for address, _ in self.letters)


class Serving:
    """A real SMTP server on this machine, as long as the test lasts."""

    def __init__(self, mailbox: FakeMailbox, **options: Any) -> None:
        self.controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **options)

    def __enter__(self) -> int:
        self.controller.start()
        return int(self.controller.port)

    def __exit__(self, *_: object) -> None:
        self.controller.stop()


def plain(records: Records, port: int, **changes: Any) -> Settings:
    """The settings of the house with this mail server, without TLS."""
    given = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
        "mail_from": "rogatory@office.example",
        "public_url": "https://rogatory.office.example",
    }
    return records.settings.model_copy(update={**given, **changes})


def notify(records: Records, settings: Settings, work: NotifyWork) -> NotifyDone:
    return notices(settings, records, load_key(records.settings.keys / "signing.json")).notify(work)


def reminder(**changes: Any) -> NotifyWork:
    given = {"ref": REF, "notice": f"{REF}/7", "code": "due-soon", "clock": "decide", "due": DUE}
    return NotifyWork.model_validate({**given, "actors": ("anna",), **changes})


class Hook:
    """A real HTTP server that takes notices; `status` is what it answers."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        hook = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.taken.append((dict(self.headers), body))
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: the test looks at what was taken."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/notices"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
