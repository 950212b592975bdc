"""Who stamps in these tests? A certification and a time-stamping authority of our own, on real HTTP."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

REPLY = "application/timestamp-reply"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """A time-stamping authority: certificates of its root and its own (PEM), and its key."""

    name: str
    root: str
    certificate: str
    key: rsa.RSAPrivateKey
    now: datetime | None = None

    def answer(self, query: bytes) -> bytes:
        """The reply to one query, as bytes of RFC 3161."""
        asked = tsp.TimeStampReq.load(query)
        certs = SimpleCertificateStore()
        # No more certificates than the one that stamped, which the library puts in by itself: whoever
        # believes the root has it, and nothing in a seal is left that no check looks at.
        stamping = DummyTimeStamper(
            _asn1(self.certificate), _private(self.key), certs_to_embed=certs, fixed_dt=self.now
        )
        return bytes(asyncio.run(stamping.async_request_tsa_response(asked)).dump())


def authority(name: str, now: datetime | None = None) -> Authority:
    """A new one; `now` where its clock stands still."""
    root_key, key = _key(), _key()
    root = _issued(f"{name} root", root_key, None, root_key, ca=True)
    own = _issued(name, key, root, root_key, ca=False)
    return Authority(name, _pem(root), _pem(own), key, now)


@contextmanager
def served(answer: Callable[[bytes], bytes], status: int = 200, kind: str = REPLY) -> Iterator[str]:
    """The address where `answer` answers, over real HTTP, until the block ends."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = answer(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/tsa"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _key() -> rsa.RSAPrivateKey:
    # The library's own authority for tests signs with RSA only.
    return rsa.generate_private_key(65537, 2048)


def _issued(
    name: str,
    key: rsa.RSAPrivateKey,
    above: x509.Certificate | None,
    by: rsa.RSAPrivateKey,
    *,
    ca: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(not ca, not ca, False, False, False, ca, ca, False, False)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 3000 * DAY)
        .not_valid_after(now + 3000 * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    )
    if not ca:
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(stamping, critical=True)
    return made.sign(by, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _asn1(pem: str) -> asn1_x509.Certificate:
    read = x509.load_pem_x509_certificate(pem.encode("ascii"))
    return asn1_x509.Certificate.load(read.public_bytes(serialization.Encoding.DER))


def _private(key: rsa.RSAPrivateKey) -> asn1_keys.PrivateKeyInfo:
    return asn1_keys.PrivateKeyInfo.load(
        key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
