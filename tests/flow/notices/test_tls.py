"""Does mail leave under TLS with the right name and password, or not at all?"""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from temporalio.exceptions import ApplicationError

from activities.notices import notices
from letters.seal import load_key
from records.open import Records
from schemas.errors import BadInput
from schemas.work import NotifyDone
from tests.flow.notices.servers import FakeMailbox, Serving, notify, plain, reminder


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate of 127.0.0.1 that this process trusts, and the server's side of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    public, private = tmp_path / "cert.pem", tmp_path / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context


def password_file(folder: Path, word: str = "s3cret") -> Path:
    file = folder / "mail-password"
    file.write_text(word + "\n")
    file.chmod(0o600)
    return file


def test_starttls_with_an_account(
    records: Records, mailbox: FakeMailbox, certificate: ssl.SSLContext, tmp_path: Path
) -> None:
    mailbox.secret = (b"rogatory", b"s3cret")
    options: dict[str, Any] = {
        "tls_context": certificate,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": mailbox.authenticate,
    }
    with Serving(mailbox, **options) as port:
        settings = plain(
            records,
            port,
            smtp_security="starttls",
            smtp_user="rogatory",
            smtp_password_file=password_file(tmp_path),
        )
        assert notify(records, settings, reminder()) == NotifyDone(sent=1)
        mailbox.secret = (b"rogatory", b"another")
        with pytest.raises(ApplicationError, match="refuses the account"):
            notify(records, settings, reminder(notice="n2"))
    assert len(mailbox.letters) == 1


def test_a_server_whose_certificate_is_not_trusted_gets_nothing(
    records: Records, mailbox: FakeMailbox, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with (
        Serving(mailbox, tls_context=certificate) as port,
        pytest.raises(ApplicationError, match="SSLCertVerificationError"),
    ):
        notify(records, plain(records, port, smtp_security="starttls"), reminder())
    assert mailbox.letters == []


def test_no_mail_leaves_in_the_clear_where_tls_was_wanted(
    records: Records, mailbox: FakeMailbox, port: int
) -> None:
    with pytest.raises(ApplicationError, match="offers no STARTTLS"):
        notify(records, plain(records, port, smtp_security="starttls"), reminder())
    assert mailbox.letters == []


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"mail_from": ""}, "mail_from"),
        ({"mail_from": "a b@c"}, "mail_from"),
        ({"function_mail": {"court": ["court\n@x.example"]}}, "function_mail.court"),
        ({"smtp_user": "rogatory"}, "smtp_security"),
        ({"smtp_user": "rogatory", "smtp_security": "tls"}, "smtp_password_file"),
        ({"webhook_url": "ftp://x"}, "webhook_url"),
        ({"webhook_url": "nonsense"}, "webhook_url"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(
    records: Records, wrong: dict[str, Any], where: str
) -> None:
    with pytest.raises(BadInput) as refused:
        notices(plain(records, 25, **wrong), records, load_key(records.settings.keys / "signing.json"))
    assert refused.value.where == where


def test_a_password_that_others_may_read_is_refused(records: Records, tmp_path: Path) -> None:
    file = password_file(tmp_path)
    file.chmod(0o644)
    wrong = plain(records, 25, smtp_user="r", smtp_security="tls", smtp_password_file=file)
    with pytest.raises(BadInput, match="may read the mail password"):
        notices(wrong, records, load_key(records.settings.keys / "signing.json"))
