"""Does the carrier by mail bring parcels and receipts through real servers, and fend off hostile mail?"""

from __future__ import annotations

import io
import json
import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from desk.house import introduce, new_house
from desk.mailkey import take_mail
from letters import smime
from letters.carriers import Carrier
from letters.carriers.mail import Mail, MailCarrier, claimed, mail_carrier
from letters.seal import load_key, seal
from letters.trust import TrustedHouse, TrustList
from schemas.errors import BadInput, Conflict, EnvelopeRefused, NotFound, Unavailable
from schemas.messages import Parcel
from schemas.settings import Settings, settings_of
from tests.letters.correspondents import arrival, letter
from tests.letters.postoffice import PASSWORD, PostOffice


@dataclass
class Side:
    """One house with its carrier."""

    settings: Settings
    carrier: MailCarrier

    @property
    def address(self) -> str:
        return self.settings.exchange_mail

    def house(self, name: str) -> TrustedHouse:
        found = TrustList.load(self.settings.keys / "trust.json").house(name)
        assert found is not None
        return found


def mail_settings(home: Path, name: str) -> Settings:
    """A new house that exchanges letters by mail."""
    settings = new_house(home, name, name.upper(), f"House {name}")
    secret = home / "imap-password"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    take_mail(settings, f"exchange@{name}.example")
    return settings


def reached(settings: Settings, office: PostOffice) -> Settings:
    """Its settings with these servers."""
    address = f"exchange@{settings.house}.example"
    return settings.model_copy(
        update={
            "smtp_host": "127.0.0.1",
            "smtp_port": office.smtp_port,
            "smtp_security": "none",
            "exchange_mail": address,
            "imap_host": "127.0.0.1",
            "imap_port": office.imap_port,
            "imap_security": "none",
            "imap_user": address,
            "imap_password_file": settings.home / "imap-password",
        }
    )


def opened(settings: Settings) -> Side:
    made = mail_carrier(settings, TrustList.load(settings.keys / "trust.json"))
    assert made is not None
    return Side(settings, made)


@pytest.fixture(scope="module")
def servers() -> Iterator[PostOffice]:
    with PostOffice() as made:
        yield made


@pytest.fixture
def office(servers: PostOffice) -> PostOffice:
    """With empty boxes."""
    servers.boxes.clear()
    servers.sent.clear()
    return servers


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two houses that know each other, made once: keys for mail take their time."""
    folder = tmp_path_factory.mktemp("homes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROGATORY_HOME", os.fspath(folder))
        for name in ("de", "us"):
            mail_settings(folder / name, name)
        introduce(folder / "de", folder / "us")
    return folder


@pytest.fixture
def sides(homes: Path, office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Side, Side]]:
    monkeypatch.setenv("ROGATORY_HOME", os.fspath(homes))
    de, us = (opened(reached(settings_of(homes / name), office)) for name in ("de", "us"))
    yield de, us
    de.carrier.close()
    us.carrier.close()


def parcel(side: Side) -> Parcel:
    sent = letter(arrival())
    return Parcel(envelope=seal(sent, load_key(side.settings.keys / "signing.json")))


def one(side: Side) -> Mail:
    [mail] = side.carrier.collect()
    return mail


def test_a_parcel_comes_as_it_was_and_the_receipt_comes_back(
    sides: tuple[Side, Side], office: PostOffice
) -> None:
    de, us = sides
    typed: Carrier[TrustedHouse, Parcel, Mail] = de.carrier
    sent = parcel(de)
    assert typed.send(de.house("us"), sent) is None
    mail = one(us)
    assert (mail.kind, mail.house and mail.house.id, mail.refused) == ("parcel", "de", None)
    assert Parcel.model_validate_json(mail.content) == sent
    us.carrier.answer(us.house("de"), letter(arrival()).id, sent.envelope)
    back = one(de)
    assert (back.kind, back.house and back.house.id, back.content.decode()) == (
        "receipt",
        "us",
        sent.envelope,
    )


def test_outside_stands_the_message_id_and_nothing_of_the_case(
    sides: tuple[Side, Side], office: PostOffice
) -> None:
    de, us = sides
    sent = letter(arrival())
    de.carrier.send(de.house("us"), parcel(de))
    [(address, content)] = office.sent
    made = message_from_bytes(content, policy=SMTP)
    assert address == us.address
    assert made["Subject"] == sent.id
    assert {name.lower() for name in made} <= {
        "from", "to", "subject", "date", "message-id", "mime-version", "content-type",
        "content-transfer-encoding", "content-disposition", "x-peer", "x-mailfrom", "x-rcptto",
    }  # fmt: skip
    assert b"House" not in content
    assert sent.sender_ref.encode() not in content.replace(sent.id.encode(), b"")


def test_openssl_opens_it_too(sides: tuple[Side, Side], office: PostOffice, tmp_path: Path) -> None:
    de, us = sides
    de.carrier.send(de.house("us"), parcel(de))
    (tmp_path / "mail").write_bytes(office.sent[0][1])
    keys = us.settings.keys
    signed = _openssl(
        "cms", "-decrypt", "-in", tmp_path / "mail", "-inkey", keys / "mail.key.pem", "-recip",
        keys / "mail.pem", "-binary",
    )  # fmt: skip
    (tmp_path / "signed").write_bytes(signed)
    inside = _openssl(
        "cms", "-verify", "-inform", "DER", "-in", tmp_path / "signed", "-CAfile",
        de.settings.keys / "mail.pem", "-purpose", "any", "-binary",
    )  # fmt: skip
    assert b"parcel.json" in inside


def _openssl(*arguments: object) -> bytes:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, check=True)
    return done.stdout


def test_what_is_settled_does_not_come_again_and_what_is_not_does(sides: tuple[Side, Side]) -> None:
    de, us = sides
    de.carrier.send(de.house("us"), parcel(de))
    mail = one(us)
    assert one(us).of == mail.of
    us.carrier.settle(mail)
    assert us.carrier.collect() == []


def test_much_mail_comes_in_turns(sides: tuple[Side, Side], office: PostOffice) -> None:
    _, us = sides
    for number in range(25):
        office.take(us.address, b"Subject: %d\r\n\r\nx" % number)
    seen: set[int] = set()
    for _ in range(2):
        for mail in us.carrier.collect():
            us.carrier.settle(mail)
            seen.add(mail.uid)
    assert len(seen) == 25


# --- hostile mail ---------------------------------------------------------------------------------------


def close_for(us: Side, by: Side) -> Callable[[bytes], bytes]:
    """Closes content as the house `by` would."""
    key = smime.load_mail_key(by.settings.keys)
    return lambda content: smime.close(content, key, by.house(us.settings.house), datetime.now(UTC))


def in_a_mail(closed: bytes) -> bytes:
    made = EmailMessage(policy=SMTP)
    made["Subject"] = "x"
    made.set_content(closed, maintype="application", subtype="pkcs7-mime", cte="base64")
    return made.as_bytes()


def attached(name: str, content: bytes) -> bytes:
    made = EmailMessage(policy=SMTP)
    made.set_content("a note")
    made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("parcel.json", b"0" * 50_000_000)
    return made.getvalue()


NEST = b"".join(
    b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (number, number)
    for number in range(3000)
)


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (attached("../../etc/parcel.json", b"{}"), "path-in-name"),
        (attached("..", b"{}"), "path-in-name"),
        (attached("C:\\parcel.json", b"{}"), "path-in-name"),
        (attached("parcel.json\u202e", b"{}"), "path-in-name"),
        (attached("parcel.zip", bomb()), "malformed"),
        (attached("parcel.json.exe", b"MZ"), "malformed"),
        (b"Content-Type: text/plain\r\n\r\nno attachment", "malformed"),
        (attached("parcel.json", b"{}").replace(b"a note", b"x") + b"", None),
        (NEST, "malformed"),
        (attached("parcel.json", b"{}").replace(b"mixed;", b"mixed; " + b"a;" * 50_000), "malformed"),
        (attached("parcel.json", b"{}").replace(b"mixed;", b"mixed;" + b"\r\n a;" * 20_000), "malformed"),
        (b"", "malformed"),
        (b"\xff\xfe\x00" * 50, "malformed"),
    ],
)
def test_a_known_house_may_send_one_attachment_of_a_known_name(
    sides: tuple[Side, Side], office: PostOffice, inside: bytes, code: str | None
) -> None:
    de, us = sides
    office.take(us.address, in_a_mail(close_for(us, de)(inside)))
    mail = one(us)
    assert (mail.refused.code if mail.refused else None) == code
    assert mail.house is not None
    assert mail.house.id == "de"


def test_two_attachments_are_one_too_many(sides: tuple[Side, Side], office: PostOffice) -> None:
    de, us = sides
    made = EmailMessage(policy=SMTP)
    made.set_content("a note")
    for _ in range(2):
        made.add_attachment(b"{}", maintype="application", subtype="json", filename="parcel.json")
    office.take(us.address, in_a_mail(close_for(us, de)(made.as_bytes())))
    refused = one(us).refused
    assert refused is not None
    assert refused.code == "malformed"


def test_what_is_not_signed_and_encrypted_for_us_is_not_read(
    sides: tuple[Side, Side], office: PostOffice, tmp_path: Path
) -> None:
    de, us = sides
    good = close_for(us, de)(attached("parcel.json", b"{}"))
    stranger = smime.new_mail_key(
        _folder(tmp_path), "x", "x@x.example", datetime.now(UTC) - timedelta(days=1)
    )
    theirs = smime.close(b"x", stranger, us.house("us"), datetime.now(UTC))
    ours = smime.close(b"x", smime.load_mail_key(de.settings.keys), de.house("de"), datetime.now(UTC))
    flipped = good[:-40] + bytes([good[-40] ^ 1]) + good[-39:]
    mails = {
        b"Subject: hello\r\n\r\nbuy now": "not-smime",
        b"": "not-smime",
        b"Content-Type: " + b"a" * 5000: "not-smime",
        NEST: "not-smime",
        in_a_mail(b"not CMS"): "not-smime",
        in_a_mail(good[: len(good) // 2]): "not-smime",
        in_a_mail(theirs): "unknown-certificate",
        in_a_mail(ours): "not-for-us",
    }
    for content in mails:
        office.take(us.address, content)
    found = us.carrier.collect()
    assert [mail.refused.code if mail.refused else "" for mail in found] == list(mails.values())
    assert all(mail.house is None for mail in found)
    for mail in found:
        us.carrier.settle(mail)
    office.take(us.address, in_a_mail(flipped))
    refused = one(us).refused
    assert refused is not None
    assert refused.code in ("not-for-us", "not-smime", "bad-mail-signature", "unknown-certificate")


def test_a_signature_of_another_key_under_a_known_certificate_is_none(
    sides: tuple[Side, Side], office: PostOffice, tmp_path: Path
) -> None:
    de, us = sides
    known = smime.load_mail_key(de.settings.keys)
    forger = smime.new_mail_key(_folder(tmp_path), "x", "x@x.example", datetime.now(UTC) - timedelta(days=1))
    # the builder checks that key and certificate belong together: so the forger's own is put in its place
    made = smime.close(attached("parcel.json", b"{}"), forger, us.house("us"), datetime.now(UTC))
    theirs = smime.load_mail_key(us.settings.keys)
    info = cms.ContentInfo.load(pkcs7.pkcs7_decrypt_der(made, theirs.certificate, theirs.key, []))
    brought = cms.Certificate.load(known.certificate.public_bytes(Encoding.DER))
    info["content"]["certificates"] = cms.CertificateSet([cms.CertificateChoices("certificate", brought)])
    again = (
        pkcs7.PKCS7EnvelopeBuilder()
        .set_data(info.dump(force=True))
        .set_content_encryption_algorithm(algorithms.AES256)
        .add_recipient(theirs.certificate)
        .encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    )
    office.take(us.address, in_a_mail(again))
    refused = one(us).refused
    assert refused is not None
    assert refused.code == "bad-mail-signature"


def test_a_revoked_certificate_counts_no_more(sides: tuple[Side, Side], office: PostOffice) -> None:
    de, us = sides
    de.carrier.send(de.house("us"), parcel(de))
    trust = TrustList.load(us.settings.keys / "trust.json")
    [certificate] = us.house("de").certificates
    trust = trust.ended("de", certificate.fingerprint, revoked=datetime.now(UTC) - timedelta(seconds=1))
    made = mail_carrier(us.settings, trust)
    assert made is not None
    with closing(made):
        [mail] = made.collect()
        assert mail.refused is not None
        assert mail.refused.code == "key-not-valid"
        house = trust.house("de")
        assert house is not None
        with pytest.raises(Unavailable) as caught:
            made.send(house, parcel(us))
    assert caught.value.code == "no-mail-certificate"


def test_a_huge_mail_is_never_fetched(sides: tuple[Side, Side], office: PostOffice) -> None:
    _, us = sides
    small = us.settings.model_copy(update={"body_limit": 10_000})
    side = opened(small)
    office.take(us.address, b"Subject: x\r\n\r\n" + b"x" * 30_000)
    mail = one(side)
    side.carrier.close()
    assert mail.refused is not None
    assert (mail.refused.code, mail.size > 30_000, mail.content) == ("over-limit", True, b"")
    with pytest.raises(EnvelopeRefused) as caught:
        side.carrier.send(us.house("de"), Parcel(envelope=parcel(us).envelope, documents={"a": "x" * 30_000}))
    assert caught.value.code == "too-large"


# --- errors ---------------------------------------------------------------------------------------------


def test_servers_that_do_not_answer_or_let_us_in_may_be_tried_again(
    sides: tuple[Side, Side], tmp_path: Path
) -> None:
    de, us = sides
    wrong = tmp_path / "wrong"
    wrong.write_text("other")
    wrong.chmod(0o600)
    cases: list[tuple[dict[str, object], str]] = [
        ({"imap_password_file": wrong}, "not-authorised"),
        ({"imap_port": 1}, "mailbox-silent"),
    ]
    for changes, code in cases:
        side = opened(us.settings.model_copy(update=changes))
        with pytest.raises(Unavailable) as caught:
            side.carrier.collect()
        assert caught.value.code == code
        assert PASSWORD not in str(caught.value)
    side = opened(us.settings.model_copy(update={"smtp_port": 1}))
    with pytest.raises(Unavailable) as caught:
        side.carrier.send(us.house("de"), parcel(us))
    assert caught.value.code == "mail-not-taken"
    nowhere = de.house("us").model_copy(update={"email": None})
    with pytest.raises(Unavailable) as caught:
        de.carrier.send(nowhere, parcel(de))
    assert caught.value.code == "no-mail-address"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"imap_host": ""}, "imap_host"),
        ({"imap_host": "imap.example.org"}, "imap_security"),
        ({"imap_user": ""}, "imap_user"),
        ({"exchange_mail": "nobody"}, "exchange_mail"),
    ],
)
def test_settings_that_cannot_work_say_which(
    sides: tuple[Side, Side], changes: dict[str, str], where: str
) -> None:
    with pytest.raises(BadInput) as caught:
        opened(sides[0].settings.model_copy(update=changes))
    assert where in caught.value.where


def test_a_house_without_an_address_exchanges_none(sides: tuple[Side, Side]) -> None:
    settings = sides[0].settings.model_copy(update={"exchange_mail": ""})
    assert mail_carrier(settings, TrustList()) is None


def test_the_key_for_mail_is_made_once_and_kept_for_its_owner(
    sides: tuple[Side, Side], tmp_path: Path
) -> None:
    keys = sides[0].settings.keys
    before = (keys / smime.KEY_FILE).read_bytes()
    for address in ("other@de.example", sides[0].address):
        take_mail(sides[0].settings, address)
        assert sides[0].house("de").email == address
    assert (keys / smime.KEY_FILE).read_bytes() == before
    assert len(sides[0].house("de").certificates) == 1
    with pytest.raises(Conflict):
        smime.new_mail_key(keys, "de", "a@de.example", datetime.now(UTC))
    (keys / smime.KEY_FILE).chmod(0o644)
    with pytest.raises(BadInput):
        smime.load_mail_key(keys)
    (keys / smime.KEY_FILE).chmod(0o600)
    with pytest.raises(NotFound):
        smime.load_mail_key(tmp_path)
    made = x509.load_pem_x509_certificate((keys / smime.CERTIFICATE_FILE).read_bytes())
    assert made.public_key() is not None


def test_what_a_text_claims_is_read_without_belief(sides: tuple[Side, Side]) -> None:
    sent = parcel(sides[0])
    assert claimed(sent.envelope.encode()) == (letter(arrival()).id, "de")
    for other in (b"", b"a.b.c", b"\xff", json.dumps({"id": "x"}).encode()):
        assert claimed(other) == ("?", "?")


def _folder(tmp_path: Path) -> Path:
    made = tmp_path / "stranger"
    made.mkdir()
    return made
