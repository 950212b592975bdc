"""Where does the key lie that seals our letters, and which certificate speaks for it?

From files: `document.key.pem` (PKCS#8, readable by its owner only) beside `document.pem` (the certificate).
From a token: the setting `signing` is a PKCS#11 address (RFC 7512); the certificate is a file all the same,
since it is public and tokens often carry none. P-256 with ECDSA: every reader of PDF knows it, unlike the
curve of our messages.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from letters.certificates import key_usage
from letters.token import token_session
from letters.trust import UNREADABLE, one_certificate
from schemas.errors import BadInput, Conflict, NotFound

KEY_FILE = "document.key.pem"
CERTIFICATE_FILE = "document.pem"
_NO_KEY_STEP = "make one with `rogatory house certificate`, or bring it back from where keys are kept"


def new_document_key(folder: Path) -> ec.EllipticCurvePrivateKey:
    """Make `folder`/document.key.pem. Raises Conflict if one is there."""
    made = ec.generate_private_key(ec.SECP256R1())
    content = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / KEY_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(
            "There is a key for letters already.",
            where=str(path),
            next_step="keep it, or move it away to begin a new one: sealed letters need its certificate only",
        ) from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return made


def load_document_key(folder: Path) -> ec.EllipticCurvePrivateKey:
    """The key in `folder`. Raises NotFound, or BadInput if it is no such key or others may read it."""
    path = folder / KEY_FILE
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise NotFound("The key for letters is missing.", where=str(path), next_step=_NO_KEY_STEP) from None
    if path.stat().st_mode & 0o077:
        raise BadInput(
            "Others than its owner may read the key for letters.",
            where=str(path),
            next_step=f"chmod 600 {path}",
        )
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except UNREADABLE as error:
        raise BadInput("This is no private key (PKCS#8, PEM).", where=str(path)) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise BadInput("The key for letters is not one for ECDSA.", where=str(path), next_step=_NO_KEY_STEP)
    return key


def self_signed(key: ec.EllipticCurvePrivateKey, house: str, state: str, since: datetime, days: int) -> str:
    """A certificate (PEM) for `house` by its own key, from `since` for `days`; believed only where pinned."""
    name = _name(house, state)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(key_usage(content_commitment=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode("ascii")


def signing_request(key: ec.EllipticCurvePrivateKey, house: str, state: str) -> str:
    """A request (PKCS#10, PEM) for a certification authority to make a certificate for this key."""
    made = x509.CertificateSigningRequestBuilder().subject_name(_name(house, state))
    made = made.add_extension(key_usage(content_commitment=True), critical=True)
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode("ascii")


def check_certificate(pem: str, key: ec.EllipticCurvePrivateKey | None, where: str) -> str:
    """`pem`, if it is one certificate, for our `key` (if told) and for signing. Raises BadInput."""
    try:
        read = x509.load_pem_x509_certificate(one_certificate(pem).encode("ascii"))
        theirs = read.public_key()
        usage = read.extensions.get_extension_for_class(x509.KeyUsage).value
        may_sign = usage.digital_signature or usage.content_commitment
    except x509.ExtensionNotFound:
        may_sign = True
    except UNREADABLE as error:
        raise BadInput("This is not one certificate (X.509, PEM).", where=where) from error
    if key is not None and theirs != key.public_key():
        raise BadInput(
            "The certificate is for another key than ours.",
            where=where,
            next_step="take the one made from our request (`rogatory house certificate --request`)",
        )
    if not may_sign:
        raise BadInput("The certificate is not one for signatures.", where=where)
    return pem


def load_certificate(folder: Path) -> str:
    """The certificate (PEM) that speaks for our key. Raises NotFound, BadInput."""
    path = folder / CERTIFICATE_FILE
    try:
        pem = path.read_text("ascii", "replace")
    except FileNotFoundError:
        raise NotFound(
            "The certificate for letters is missing.", where=str(path), next_step=_NO_KEY_STEP
        ) from None
    return check_certificate(pem, None, str(path))


@contextmanager
def open_signer(folder: Path, signing: str = "", pin_file: Path | None = None) -> Iterator[Signer]:
    """What seals with our key: from the files in `folder`, or by the PKCS#11 address `signing`.

    Raises NotFound or BadInput without a usable key and certificate, Unavailable if the token does not open.
    """
    pem = load_certificate(folder)
    certificate = asn1_x509.Certificate.load(asn1_pem.unarmor(pem.encode("ascii"))[2])
    if signing:
        with token_session(signing, pin_file) as (session, chosen):
            yield _by_token(session, certificate, chosen)
        return
    key = load_document_key(folder)
    check_certificate(pem, key, str(folder / CERTIFICATE_FILE))
    der = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    private = asn1_keys.PrivateKeyInfo.load(der)
    yield SimpleSigner(certificate, private, SimpleCertificateStore())


def _by_token(session: Any, certificate: asn1_x509.Certificate, told: dict[str, str]) -> Signer:
    from pyhanko.sign.pkcs11 import PKCS11Signer

    return PKCS11Signer(
        session,
        signing_cert=certificate,
        key_label=told.get("object"),
        # Hashed here: not every token knows a mechanism that hashes as well.
        use_raw_mechanism=True,
        key_id=told["id"].encode("latin-1") if "id" in told else None,
    )


def _name(house: str, state: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, state),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, house),
        ]
    )
