"""How do the tests reach a provider: the emulator over real HTTP, or one that answers what a test says?"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from desk.emulator.provider import Emulator
from desk.emulator.server import serving
from desk.emulator.store import Store
from letters.carriers.provider import ProviderCarrier
from letters.providers import Provider, ProviderBook
from letters.ts103120.message import Message
from letters.ts103120.reading import Heard, ProviderWord
from tests.letters.provider_cases import (
    HOUSE,
    provider,
)


class Line:
    """A carrier, and the emulator at its other end."""

    def __init__(self, emulator: Emulator, url: str, **changes: Any) -> None:
        self.emulator = emulator
        self.provider = provider(url, **changes)
        self.carrier = ProviderCarrier(ProviderBook([self.provider]), HOUSE)
        self.known: set[str] = set()

    def send(self, message: Message) -> None:
        """Sends, and expects that it was taken."""
        receipt = self.carrier.send(self.provider, message)
        assert self.carrier.outcome(self.provider, message, receipt).delivered, receipt

    def collect(self) -> list[Heard]:
        """Everything new, settled at once."""
        found = self.carrier.collect()
        for word in found:
            self.carrier.settle(word)
        return found

    def bodies(self) -> list[Any]:
        """The moves in what is new; what was acknowledged comes once more, under the same id."""
        found = [word for word in self.collect() if word.id not in self.known]
        self.known |= {word.id for word in found}
        assert all(isinstance(word, ProviderWord) for word in found), found
        return [word.body for word in found if isinstance(word, ProviderWord)]


@contextmanager
def line(tmp_path: Path, *behave: str, **changes: Any) -> Iterator[Line]:
    store = Store(tmp_path / "emulator.sqlite")
    emulator = Emulator(store, behave, token=changes.pop("expects", None))
    with serving(emulator) as url:
        made = Line(emulator, url, **changes)
        try:
            yield made
        finally:
            made.carrier.close()
    store.close()


@contextmanager
def carrier_to(*providers: Provider) -> Iterator[ProviderCarrier]:
    made = ProviderCarrier(ProviderBook(providers), HOUSE)
    try:
        yield made
    finally:
        made.close()


class Door(BaseHTTPRequestHandler):
    """A provider that answers what the test says."""

    answer: Callable[[dict[str, Any]], tuple[int, str, bytes]]

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, kind, content = type(self).answer(asked)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the screen."""


@contextmanager
def hostile(
    answer: Callable[[dict[str, Any]], tuple[int, str, bytes]],
    tls: ssl.SSLContext | None = None,
    **changes: Any,
) -> Iterator[tuple[ProviderCarrier, Provider]]:
    class Answering(Door):
        pass

    Answering.answer = staticmethod(answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]  # no noise
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    one = provider(f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}", **changes)
    try:
        with carrier_to(one) as carrier:
            yield carrier, one
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def issued(folder: Path, name: str, by: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None) -> Any:
    """A certificate and its key, written to the folder: by an authority, or for one."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by[0].subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(by[1] if by else key, hashes.SHA256())
    )
    (folder / f"{name}.pem").write_bytes(made.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / f"{name}.key").write_bytes(private)
    return made, key


def reply(asked: dict[str, Any], payload: dict[str, Any], **header: Any) -> bytes:
    """An answer of the right parties to the right transaction, save what `header` says."""
    said = asked["Header"]
    value = {
        "Header": {
            **said,
            "SenderIdentifier": said["ReceiverIdentifier"],
            "ReceiverIdentifier": said["SenderIdentifier"],
            **header,
        },
        "Payload": {"ResponsePayload": payload},
    }
    return json.dumps(value).encode()


def actions(asked: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asked["Payload"]["RequestPayload"]["ActionRequests"]["ActionRequest"]
    return found


def done(asked: dict[str, Any]) -> dict[str, Any]:
    """What a willing provider would answer to a request that makes objects."""
    answers = [
        {
            "ActionIdentifier": one["ActionIdentifier"],
            "CREATEResponse": {"Identifier": one["CREATE"]["HI1Object"]["ObjectIdentifier"]},
        }
        for one in actions(asked)
    ]
    return {"ActionResponses": {"ActionResponse": answers}}
