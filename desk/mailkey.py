"""How does a house come to exchange letters by mail: its address, and a key to open and sign mail with?

Run on the machine of the house, by its operator. Others learn of both by its entry in their trust lists.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from letters.mail import checked
from letters.smime import KEY_FILE, MailKey, load_mail_key, new_mail_key
from letters.trust import TrustedCertificate, TrustedHouse, TrustList
from schemas.errors import NotFound
from schemas.settings import Settings

TRUST_LIST = "trust.json"
CLOCKS = timedelta(minutes=5)
"""So much two clocks may differ: what we make is dated back by it."""


def take_mail(settings: Settings, address: str) -> TrustedHouse:
    """Letters for this house may come to `address` from now on. Makes the key for it if there is none.

    Our own entry in the trust list tells both; safe to repeat. Raises BadInput for what is no address.
    """
    address = checked(address, "address")
    path = settings.keys / TRUST_LIST
    trust = TrustList.load(path)
    own = trust.house(settings.house)
    if own is None:
        raise NotFound(
            "Our own house is missing in the trust list.",
            where=str(path),
            next_step="bring the list back from where keys are kept",
        )
    made = TrustedCertificate.of(_key(settings, address).pem)
    others = tuple(one for one in own.certificates if one.fingerprint != made.fingerprint)
    entry = own.model_copy(update={"email": address, "certificates": (*others, made)})
    trust.with_house(entry).save(path)
    return entry


def _key(settings: Settings, address: str) -> MailKey:
    if (settings.keys / KEY_FILE).is_file():
        return load_mail_key(settings.keys)
    return new_mail_key(settings.keys, settings.name, address, datetime.now(UTC) - CLOCKS)
