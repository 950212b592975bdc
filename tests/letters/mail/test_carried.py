"""Do parcels and receipts come through real servers as they were, with nothing of the case outside?"""

from __future__ import annotations

import subprocess
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

from letters.carriers import Carrier
from letters.carriers.mail import Mail
from letters.trust import TrustedHouse
from schemas.messages import Parcel
from tests.letters.correspondents import arrival, letter
from tests.letters.mail.sides import Side, one, parcel
from tests.letters.postoffice import PostOffice


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
