"""How is a message closed for one house by S/MIME, and what does one that came say for itself?

Signed first, then encrypted (RFC 8551): whoever changes the outside changes what the signature inside
covers. A certificate counts because the trust list holds it, whoever issued it. Two keys: this one opens mail
and signs it; what the message says is sealed with the key of the house (`letters.seal`), as on every way.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from letters.certificates import key_usage
from letters.reasons import judged
from letters.trust import UNREADABLE, TrustedCertificate, TrustedHouse
from letters.verify import NEXT_STEPS, Refused
from schemas.errors import BadInput, Conflict, NotFound, Unavailable

KEY_FILE, CERTIFICATE_FILE = "mail.key.pem", "mail.pem"
BITS = 3072
SMALLEST = 2048
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}

NEXT_STEPS |= {
    "not-for-us": "the sender encrypts to the certificate for mail that this house introduced",
    "unknown-certificate": "exchange trust entries first: `rogatory house introduce`",
    "bad-mail-signature": "the sender sends it again; if it happens twice, ask how it was changed on its way",
    "not-smime": "only signed and encrypted messages of known houses are read here",
}


@dataclass(frozen=True, slots=True)
class MailKey:
    """Our key and certificate for mail. The key itself is never shown."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey = field(repr=False)

    @property
    def pem(self) -> str:
        """The certificate, as it stands in trust lists."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def new_mail_key(folder: Path, house: str, address: str, since: datetime, days: int = 1825) -> MailKey:
    """Make mail.key.pem and mail.pem in `folder`, the certificate by its own key. Raises Conflict."""
    key = rsa.generate_private_key(65537, BITS)
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, house)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(key_usage(key_encipherment=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(address)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    made = MailKey(certificate, key)
    content = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        handle = os.open(folder / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(
            "There is a key for mail already.",
            where=str(folder / KEY_FILE),
            next_step="keep it: mail that was encrypted to it must stay readable",
        ) from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    (folder / CERTIFICATE_FILE).write_text(made.pem, "ascii")
    return made


def load_mail_key(folder: Path) -> MailKey:
    """The key and certificate in `folder`. Raises NotFound, or BadInput if they are none that can be used."""
    path = folder / KEY_FILE
    step = "make them with `rogatory house mail`, or bring them back from where keys are kept"
    try:
        content, pem = path.read_bytes(), (folder / CERTIFICATE_FILE).read_bytes()
    except FileNotFoundError as error:
        raise NotFound("The key for mail is missing.", where=str(error.filename), next_step=step) from None
    if path.stat().st_mode & 0o077:
        raise BadInput(
            "Others than its owner may read the key for mail.", where=str(path), next_step=f"chmod 600 {path}"
        )
    try:
        key = serialization.load_pem_private_key(content, password=None)
        certificate = x509.load_pem_x509_certificate(pem)
    except UNREADABLE as error:
        raise BadInput("The key for mail cannot be read.", where=str(folder), next_step=step) from error
    if not isinstance(key, rsa.RSAPrivateKey) or certificate.public_key() != key.public_key():
        raise BadInput(
            "The key for mail and its certificate do not belong together.", where=str(folder), next_step=step
        )
    return MailKey(certificate, key)


def close(content: bytes, ours: MailKey, recipient: TrustedHouse, at: datetime) -> bytes:
    """`content` signed by us and encrypted to `recipient`: CMS EnvelopedData (DER).

    Raises Unavailable (`no-mail-certificate`) as long as the trust list holds no certificate for that.
    """
    theirs = _to_encrypt(recipient, at)
    if theirs is None:
        raise Unavailable(
            f"House {recipient.id} has no certificate for mail that is good now.",
            where="trust.json",
            next_step="introduce the house again with its certificate for mail; the letter waits",
            code="no-mail-certificate",
        )
    signed = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(content)
        .add_signer(ours.certificate, ours.key, hashes.SHA256())
        .sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities])
    )
    return (
        pkcs7.PKCS7EnvelopeBuilder()
        .set_data(signed)
        .set_content_encryption_algorithm(algorithms.AES256)
        .add_recipient(theirs)
        .encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    )


def opened(
    closed: bytes, ours: MailKey, houses: Iterable[TrustedHouse], at: datetime
) -> tuple[TrustedHouse, bytes]:
    """Who closed this message for us, and what is in it, judged at `at`.

    Raises Refused with code `not-smime`, `not-for-us`, `unknown-certificate`, `bad-mail-signature` or
    `key-not-valid`.
    """
    signed = _decrypted(closed, ours)
    content, signer = _parts(signed)
    holder = _holder(signed, houses)
    if holder is None:
        raise refused("unknown-certificate", "a certificate of the trust list", "another")
    house, certificate = holder
    valid = certificate.validity(at)
    if valid.verdict != "yes":
        raise Refused(valid, attributed=False)
    if not _is_signed(content, signer, certificate):
        raise refused("bad-mail-signature", "the signature of the certificate over this content", "another")
    return house, content


def refused(code: str, expected: str, found: str) -> Refused:
    """A refusal of a mail, in the form of every other refusal. Nothing in it counts as said by a house."""
    reason = judged("letter.mail", False, code, expected=expected, found=found)
    return Refused(reason, attributed=False)


# --- parts ----------------------------------------------------------------------------------------------


def _to_encrypt(house: TrustedHouse, at: datetime) -> x509.Certificate | None:
    """The newest certificate of `house` that is good at `at` and whose key may encrypt."""
    good = [one for one in house.certificates if one.validity(at).verdict == "yes" and _rsa(one) is not None]
    fit = [one.x509 for one in sorted(good, key=lambda one: one.valid_from) if _may_encrypt(one.x509)]
    return fit[-1] if fit else None


def _rsa(certificate: TrustedCertificate) -> rsa.RSAPublicKey | None:
    """Its key, if it is one that can be read and used here."""
    try:
        key = certificate.x509.public_key()
    except UNREADABLE:
        return None
    return key if isinstance(key, rsa.RSAPublicKey) else None


def _may_encrypt(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, *UNREADABLE):
        return False
    return usage.key_encipherment


def _decrypted(closed: bytes, ours: MailKey) -> bytes:
    try:
        kind = cms.ContentInfo.load(closed, strict=True)["content_type"].native
    except (ValueError, TypeError) as error:
        raise refused("not-smime", "CMS EnvelopedData", type(error).__name__) from None
    if kind != "enveloped_data":
        raise refused("not-smime", "CMS EnvelopedData", str(kind))
    try:
        return pkcs7.pkcs7_decrypt_der(closed, ours.certificate, ours.key, [])
    except Exception as error:
        # the library raises whatever the bytes lead it to; all of it means that they are not for us
        raise refused("not-for-us", "a message for our key", type(error).__name__) from None


def _parts(signed: bytes) -> tuple[bytes, cms.SignerInfo]:
    try:
        info = cms.ContentInfo.load(signed, strict=True)
        data = info["content"] if info["content_type"].native == "signed_data" else None
        if data is None or len(data["signer_infos"]) != 1:
            raise refused("not-smime", "CMS SignedData by one signer", str(info["content_type"].native))
        held, signer = data["encap_content_info"], data["signer_infos"][0]
        content = held["content"].native if held["content_type"].native == "data" else None
    except (ValueError, TypeError, KeyError) as error:
        raise refused("not-smime", "CMS SignedData", type(error).__name__) from None
    if not isinstance(content, bytes):
        raise refused("not-smime", "content within its signature", "none")
    return content, signer


def _holder(signed: bytes, houses: Iterable[TrustedHouse]) -> tuple[TrustedHouse, TrustedCertificate] | None:
    """Whose certificate the message brings along; only what the trust list holds itself is looked at."""
    try:
        found = pkcs7.load_der_pkcs7_certificates(signed)
        brought = {one.fingerprint(hashes.SHA256()).hex() for one in found}
    except Exception:
        # as above: whatever it raises, there is no certificate to go by
        return None
    for house in houses:
        for one in house.certificates:
            if one.fingerprint in brought:
                return house, one
    return None


def _is_signed(content: bytes, signer: cms.SignerInfo, certificate: TrustedCertificate) -> bool:
    """Does the signature fit the content and the certificate (RFC 5652, 5.4 and 5.6)?"""
    try:
        algorithm = _HASHES.get(signer["digest_algorithm"]["algorithm"].native)
        attributes = {one["type"].native: one["values"].native for one in signer["signed_attrs"]}
        covered = signer["signed_attrs"].untag().dump(force=True)
        signature = signer["signature"].native
    except (ValueError, TypeError, KeyError):
        return False
    key = _rsa(certificate)
    if algorithm is None or key is None or key.key_size < SMALLEST:
        return False
    digest = hashes.Hash(algorithm)
    digest.update(content)
    if attributes.get("message_digest") != [digest.finalize()] or attributes.get("content_type") != ["data"]:
        return False
    try:
        key.verify(signature, covered, padding.PKCS1v15(), algorithm)
    except InvalidSignature:
        return False
    return True
