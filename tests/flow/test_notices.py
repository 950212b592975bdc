"""Do reminders reach whom they should, once, by real mail and webhook, and tell nothing of the case?"""

from __future__ import annotations

import base64
import ipaddress
import json
import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from joserfc import jws as jose
from sqlalchemy import text
from temporalio.exceptions import ApplicationError

from activities.notices import notices
from desk.house import new_house
from letters import mail
from letters.compact import REGISTRY
from letters.seal import load_key
from letters.webhook import SIGNATURE
from records.open import Records, open_records
from schemas.errors import BadInput
from schemas.settings import Settings, settings_of
from schemas.vocabulary import Role
from schemas.work import NotifyDone, NotifyWork

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


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture
def mailbox() -> FakeMailbox:
    return FakeMailbox()


@pytest.fixture
def port(mailbox: FakeMailbox) -> Iterator[int]:
    with Serving(mailbox) as port:
        yield port


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    """A house with two officers of the central authority, a head and an operator."""
    new_house(tmp_path / "de", "de", "DE", "Germany", time_zone="Europe/Berlin")
    opened = open_records(settings_of(tmp_path / "de"))
    opened.accounts.add("anna", [Role.OFFICER], email="Anna@office.example")
    opened.accounts.add("ben", [Role.OFFICER], email="ben@office.example")
    opened.accounts.add("carla", [Role.OFFICER], email="carla@office.example")
    opened.accounts.add("head", [Role.APPROVER], "head-of-office", email="head@office.example")
    opened.accounts.add("machine", [Role.OPERATOR], email="operator@office.example")
    yield opened
    opened.close()


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


# --- what is said ---------------------------------------------------------------------------------------


def test_a_mail_tells_reference_clock_moment_and_link_and_nothing_else(
    records: Records, mailbox: FakeMailbox, port: int
) -> None:
    done = notify(records, plain(records, port), reminder())
    assert done == NotifyDone(sent=1)
    ((address, letter),) = mailbox.letters
    assert address == "Anna@office.example"
    assert letter["Subject"] == f"{REF}: decide, due 2026-11-24, end of the day"
    assert letter.get_content().splitlines() == [
        f"Case:  {REF}",
        "Clock: decide",
        "Due:   2026-11-24, end of the day (Europe/Berlin)",
        "Why:   due soon",
        "",
        f"https://rogatory.office.example/cases/{REF}",
        "",
        "What the case is about is not told by mail.",
    ]


def test_what_a_person_wrote_never_leaves_by_mail_or_webhook(
    records: Records, mailbox: FakeMailbox, port: int, hook: Hook
) -> None:
    written = reminder(code="Xenia Invented is missing", clock="asked for Xenia Invented")
    notify(records, plain(records, port, webhook_url=hook.url), written)
    assert "Xenia" not in mailbox.letters[0][1].as_string()
    assert b"Xenia" not in hook.taken[0][1]


def test_what_is_loud_says_so_and_an_hour_is_told(records: Records, mailbox: FakeMailbox, port: int) -> None:
    loud = reminder(loud=True, clock="arrest-to-papers", due=datetime(2026, 7, 1, 12, 30, tzinfo=UTC))
    notify(records, plain(records, port), loud)
    letter = dict(mailbox.letters)["Anna@office.example"]
    assert letter["Subject"] == f"URGENT: {REF}: arrest to papers, due 2026-07-01 14:30"
    assert letter["Importance"] == "high"


# --- who is told ----------------------------------------------------------------------------------------


def test_a_function_is_told_at_its_mailbox_else_its_caseworkers(
    records: Records, mailbox: FakeMailbox, port: int
) -> None:
    to = reminder(to=("central-authority",), actors=())
    notify(records, plain(records, port), to)
    assert mailbox.to == ["Anna@office.example", "ben@office.example", "carla@office.example"]
    mailbox.letters.clear()
    shared = {"central-authority": ["duty@office.example"]}
    notify(records, plain(records, port, function_mail=shared), to.model_copy(update={"notice": "n2"}))
    assert mailbox.to == ["duty@office.example"]


@pytest.mark.parametrize("code", ["missed", "escalated", "handoff-overdue"])
def test_what_is_missed_goes_to_those_above(
    records: Records, mailbox: FakeMailbox, port: int, code: str
) -> None:
    court = reminder(to=("court",), actors=(), code=code)
    done = notify(records, plain(records, port), court)
    assert done.unreached == ("court",)
    assert mailbox.to == [
        "Anna@office.example",
        "ben@office.example",
        "carla@office.example",
        "head@office.example",
    ]
    mailbox.letters.clear()
    own = plain(records, port, escalation={"court": ["head-of-office"]})
    notify(records, own, court.model_copy(update={"notice": "n2"}))
    assert mailbox.to == ["head@office.example"]


def test_an_actor_who_missed_it_is_escalated_by_the_agency(
    records: Records, mailbox: FakeMailbox, port: int
) -> None:
    assert notify(records, plain(records, port), reminder(code="missed")).unreached == ()
    assert mailbox.to == ["Anna@office.example", "head@office.example"]


def test_one_who_is_away_is_told_with_the_deputy_and_the_deputys_deputy(
    records: Records, mailbox: FakeMailbox, port: int
) -> None:
    today = datetime.now(UTC).date()
    later = today + timedelta(days=9)
    records.absences.add("anna", "ben", today, later, "anna")
    notify(records, plain(records, port), reminder())
    assert mailbox.to == ["Anna@office.example", "ben@office.example"]
    mailbox.letters.clear()
    records.absences.add("ben", "carla", today - timedelta(days=2), None, "ben")
    notify(records, plain(records, port), reminder(notice="n2"))
    assert mailbox.to == ["Anna@office.example", "ben@office.example", "carla@office.example"]


def test_a_quiet_person_is_told_what_is_urgent(records: Records, mailbox: FakeMailbox, port: int) -> None:
    records.accounts.remind("anna", email="Anna@office.example", quiet=True)
    assert notify(records, plain(records, port), reminder()) == NotifyDone()
    notify(records, plain(records, port), reminder(notice="n2", loud=True))
    assert "Anna@office.example" in mailbox.to


def test_who_has_no_address_left_or_is_unknown_is_named(records: Records, port: int) -> None:
    records.accounts.close("ben")
    records.accounts.remind("anna", email=None, quiet=False)
    work = reminder(to=("ministry",), actors=("anna", "ben", "nobody"))
    assert notify(records, plain(records, port), work).unreached == ("ministry", "anna", "ben", "nobody")


def test_with_nothing_set_up_nobody_is_told_and_nothing_fails(records: Records) -> None:
    work = reminder(to=("central-authority",))
    done = notify(records, records.settings, work)
    assert done == NotifyDone(sent=0, unreached=("central-authority", "anna"))


# --- once -----------------------------------------------------------------------------------------------


def test_a_notice_tried_again_reaches_only_the_others(
    records: Records, mailbox: FakeMailbox, port: int
) -> None:
    work, settings = reminder(actors=("anna", "ben", "carla")), plain(records, port)
    mailbox.answers = {"ben@office.example": "451 later", "carla@office.example": "550 nobody here"}
    with pytest.raises(ApplicationError) as put_off:
        notify(records, settings, work)
    assert not put_off.value.non_retryable
    assert mailbox.to == ["Anna@office.example"]
    mailbox.answers.pop("ben@office.example")
    # the refused one is not asked again, whatever the server would say now
    mailbox.answers.pop("carla@office.example")
    done = notify(records, settings, work)
    assert done == NotifyDone(sent=2, unreached=("carla",))
    assert notify(records, settings, work) == done
    assert mailbox.to == ["Anna@office.example", "ben@office.example"]


def test_a_repeated_mail_bears_the_same_number(records: Records, mailbox: FakeMailbox, port: int) -> None:
    settings = plain(records, port)
    notify(records, settings, reminder())
    # as if the process had ended before it could write down that the server took it
    records.database.write(lambda connection: connection.execute(text("DELETE FROM notices")))
    notify(records, settings, reminder())
    notify(records, settings, reminder(notice="n2"))
    numbers = [letter["Message-ID"] for _, letter in mailbox.letters]
    assert numbers[0] == numbers[1] != numbers[2]
    assert REF not in numbers[0]


@pytest.mark.parametrize(("answer", "retry"), [("452 full", True), ("554 no", False)])
def test_a_message_that_is_not_taken(
    records: Records, mailbox: FakeMailbox, port: int, answer: str, retry: bool
) -> None:
    mailbox.data_answer = answer
    if retry:
        with pytest.raises(ApplicationError, match="put off 1 of 1"):
            notify(records, plain(records, port), reminder())
    else:
        assert notify(records, plain(records, port), reminder()).unreached == ("anna",)


def test_a_dead_server_is_tried_again_and_the_error_names_nobody(
    records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ApplicationError) as dead:
        notify(records, plain(records, free_port()), reminder())
    assert not dead.value.non_retryable
    assert "office.example" not in str(dead.value) + str(dead.value.details) + caplog.text


def test_a_slow_server_leaves_the_rest_for_the_next_attempt(
    records: Records, mailbox: FakeMailbox, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, settings = reminder(actors=("anna", "ben")), plain(records, port)
    monkeypatch.setattr(mail, "WHOLE", -1.0)
    with pytest.raises(ApplicationError, match="is slow: 2 messages wait") as slow:
        notify(records, settings, work)
    assert not slow.value.non_retryable
    monkeypatch.undo()
    assert notify(records, settings, work) == NotifyDone(sent=2)


def test_a_dead_mail_server_does_not_hold_up_the_webhook(records: Records, hook: Hook) -> None:
    settings = plain(records, free_port(), webhook_url=hook.url)
    for _ in range(2):
        with pytest.raises(ApplicationError):
            notify(records, settings, reminder())
    assert len(hook.taken) == 1


# --- TLS ------------------------------------------------------------------------------------------------


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


# --- the webhook ----------------------------------------------------------------------------------------


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


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_the_webhook_gets_signed_canonical_json(records: Records, hook: Hook) -> None:
    settings = records.settings.model_copy(update={"webhook_url": hook.url})
    work = reminder(to=("central-authority",))
    assert notify(records, settings, work) == NotifyDone(sent=1, unreached=("anna",))
    ((headers, body),) = hook.taken
    assert json.loads(body) == {
        "type": "rogatory/notice/1",
        "id": f"{REF}/7",
        "house": "de",
        "ref": REF,
        "code": "due-soon",
        "clock": "decide",
        "due": "2026-11-24T23:00:00Z",
        "to": ["central-authority"],
        "loud": False,
    }
    assert headers["Idempotency-Key"] == f"{REF}/7"
    header, _, signature = headers[SIGNATURE].split(".")
    key = load_key(records.settings.keys / "signing.json")

    def signed(content: bytes) -> str:
        return f"{header}.{base64.urlsafe_b64encode(content).rstrip(b'=').decode()}.{signature}"

    assert jose.deserialize_compact(signed(body), key.jwk, registry=REGISTRY).payload == body
    with pytest.raises(Exception, match="bad_signature"):
        jose.deserialize_compact(signed(body.replace(b"decide", b"wait")), key.jwk, registry=REGISTRY)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_webhook_that_is_busy_is_tried_again(records: Records, hook: Hook, status: int) -> None:
    settings = records.settings.model_copy(update={"webhook_url": hook.url})
    hook.status = status
    with pytest.raises(ApplicationError) as busy:
        notify(records, settings, reminder(to=("court",), actors=()))
    assert not busy.value.non_retryable
    assert hook.url not in str(busy.value.details)
    hook.status = 200
    assert notify(records, settings, reminder(to=("court",), actors=())) == NotifyDone(sent=1)
    assert len({headers["Idempotency-Key"] for headers, _ in hook.taken}) == 1


@pytest.mark.parametrize("status", [302, 401, 410])
def test_a_webhook_that_refuses_is_not_tried_again(records: Records, hook: Hook, status: int) -> None:
    settings = records.settings.model_copy(update={"webhook_url": hook.url})
    hook.status = status
    done = notify(records, settings, reminder(to=("court",), actors=()))
    assert (
        done
        == NotifyDone(unreached=("court",))
        == notify(records, settings, reminder(to=("court",), actors=()))
    )
    assert len(hook.taken) == 1
