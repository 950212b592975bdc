"""What do mails carry that anybody puts into our mailbox: outside, within the encryption, within the seal?"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from fuzz.shapes import der_spoiled, lines_spoiled, pem_spoiled
from fuzz.target import Target
from letters import smime
from letters.carriers import mail
from letters.carriers.mail import MailCarrier
from letters.carriers.mailbox import Waiting
from letters.smime import MailKey
from letters.trust import TrustedCertificate, TrustedHouse, TrustList
from tests.letters.correspondents import DE, US
from tests.letters.make_golden_papers import FOLDER as PAPERS

AT = datetime.now(UTC)


def targets(scratch: Path) -> list[Target]:
    """The parsers of this module. The keys are made once and kept in `scratch`: a finding stays one."""
    ours, theirs = (_key(scratch / name, name) for name in ("us", "de"))
    to_us = _house(US, ours)
    trust = TrustList([_house(DE, theirs), to_us])
    carrier = MailCarrier(cast(Any, None), cast(Any, None), ours, trust, 1 << 22)
    parcel = (PAPERS / "parcel.json").read_bytes()
    insides = [mail._inside("parcel.json", parcel), mail._inside("receipt.jws", b"a.b.c")]
    signed = [_signed(inside, theirs) for inside in insides]
    letters = [
        bytes(mail._outside("de.m1", "a@de.example", "b@us.example", _closed(one, ours))) for one in signed
    ]
    reads = {
        "letters.smime": (
            "new_mail_key",
            "close",
            "_to_encrypt",
            "_may_encrypt",
            "_usage",
            "load_mail_key",
            "pem",
        ),
        "letters.carriers.mail": (
            "mail_carrier",
            "send",
            "answer",
            "collect",
            "settle",
            "close",
            "_post",
            "_id_of",
            "_inside",
            "_outside",
            "__init__",
        ),
    }

    def whole(content: bytes) -> object:
        return _taken(carrier, content)

    return [
        Target("mail", whole, letters, lines_spoiled, 20, reads),
        Target(
            "mail-encrypted",
            lambda data: smime.opened(data, ours, trust.houses, AT),
            [_closed(one, ours) for one in signed],
            der_spoiled,
            15,
            reads,
        ),
        Target(
            "mail-signed",
            lambda data: smime.opened(_closed(data, ours), ours, trust.houses, AT),
            signed,
            der_spoiled,
            20,
            reads,
        ),
        Target("mail-inside", mail._attachment, insides, lines_spoiled, 10, reads),
        Target("certificate", _certificate, [ours.pem.encode(), theirs.pem.encode()], pem_spoiled, 50, {}),
    ]


def _key(folder: Path, house: str) -> MailKey:
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / smime.KEY_FILE).is_file():
        return smime.load_mail_key(folder)
    os.chmod(folder, 0o700)
    return smime.new_mail_key(folder, house, f"exchange@{house}.example", AT - timedelta(days=1), 3650)


def _house(house: TrustedHouse, key: MailKey) -> TrustedHouse:
    known = TrustedCertificate.of(key.pem)
    return TrustedHouse.model_validate(
        {**house.model_dump(), "certificates": (known,), "email": "a@x.example"}
    )


def _signed(content: bytes, key: MailKey) -> bytes:
    made = pkcs7.PKCS7SignatureBuilder().set_data(content)
    from cryptography.hazmat.primitives.hashes import SHA256

    options = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities]
    return made.add_signer(key.certificate, key.key, SHA256()).sign(Encoding.DER, options)


def _closed(signed: bytes, key: MailKey) -> bytes:
    made = pkcs7.PKCS7EnvelopeBuilder().set_data(signed)
    made = made.set_content_encryption_algorithm(algorithms.AES256).add_recipient(key.certificate)
    return made.encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])


def _taken(carrier: MailCarrier, content: bytes) -> object:
    found = carrier._read(Waiting(1, len(content), content), AT)
    mail.claimed(found.content)
    mail.claimed(content)
    mail.envelope_in(content)
    if found.refused is not None:
        raise found.refused
    return found


def _certificate(data: bytes) -> object:
    """As an operator takes one in, and as it is looked at later."""
    from schemas.errors import BadInput

    try:
        made = TrustedCertificate.of(data.decode("utf-8", "replace"))
    except ValueError:
        raise BadInput("no certificate") from None
    house = TrustedHouse.model_validate({**DE.model_dump(), "certificates": (made,)})
    smime._to_encrypt(house, AT)
    made.validity(AT)
    return TrustList([house]).holder(made.fingerprint), TrustList([house]).with_house(house)
