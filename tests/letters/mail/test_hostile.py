"""Is mail that is not of a known house, for us, and of our form left unread?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from letters import smime
from letters.carriers.mail import mail_carrier
from letters.trust import TrustList
from schemas.errors import EnvelopeRefused, Unavailable
from schemas.messages import Parcel
from tests.letters.mail.sides import Side, one, opened, parcel
from tests.letters.postoffice import PostOffice


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


def _folder(tmp_path: Path) -> Path:
    made = tmp_path / "stranger"
    made.mkdir()
    return made
