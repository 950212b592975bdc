"""Two houses that exchange letters by mail."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk.house import introduce, new_house
from desk.mailkey import take_mail
from letters.carriers.mail import Mail, MailCarrier, mail_carrier
from letters.seal import load_key, seal
from letters.trust import TrustedHouse, TrustList
from schemas.messages import Parcel
from schemas.settings import Settings
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


def two_homes(folder: Path) -> Path:
    """Two houses in this folder, which know each other and exchange letters by mail."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROGATORY_HOME", os.fspath(folder))
        for name in ("de", "us"):
            mail_settings(folder / name, name)
        introduce(folder / "de", folder / "us")
    return folder


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


def parcel(side: Side) -> Parcel:
    sent = letter(arrival())
    return Parcel(envelope=seal(sent, load_key(side.settings.keys / "signing.json")))


def one(side: Side) -> Mail:
    [mail] = side.carrier.collect()
    return mail
