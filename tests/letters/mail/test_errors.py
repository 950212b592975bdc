"""What can be tried again, and which settings cannot work?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from desk.mailkey import take_mail
from letters import smime
from letters.carriers.mail import claimed, mail_carrier
from letters.trust import TrustList
from schemas.errors import BadInput, Conflict, NotFound, Unavailable
from tests.letters.correspondents import arrival, letter
from tests.letters.mail.sides import Side, opened, parcel
from tests.letters.postoffice import PASSWORD


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
