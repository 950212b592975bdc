"""Does a reminder leave the house? One test notice by every way that is set up.

It runs on the machine of the house, by its operator, and touches no case.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from letters.mail import checked, mail_server
from letters.notices import mail_of
from letters.seal import load_key
from letters.webhook import webhook
from schemas.errors import Unavailable
from schemas.settings import Settings
from schemas.work import NotifyWork


@dataclass(frozen=True, slots=True)
class Tried:
    """`way`: an address, or the webhook; `why` it did not take the notice, as far as that is known."""

    way: str
    taken: bool
    why: str = ""


def try_out(settings: Settings, to: str | None = None) -> list[Tried]:
    """Send a test notice to the address `to`, or to every mailbox of a function, and to the webhook.

    Empty if nothing is set up. Raises BadInput for settings that cannot work, or if `to` is no address.
    """
    functions = tuple(sorted(settings.function_mail))
    work = NotifyWork(ref="TEST", notice=f"test/{secrets.token_hex(8)}", code="test", to=functions)
    known = dict.fromkeys(each for name in functions for each in settings.function_mail[name])
    addresses = [checked(to, "--to")] if to else list(known)
    return [*_mailed(settings, work, addresses), *_hooked(settings, work)]


def _mailed(settings: Settings, work: NotifyWork, addresses: list[str]) -> list[Tried]:
    server = mail_server(settings)
    if server is None:
        return []
    now, zone = datetime.now(UTC), ZoneInfo(settings.time_zone)
    found: dict[str, Tried] = {}
    letters = [
        (each, mail_of(work, each, sender=server.sender, now=now, zone=zone, url=settings.url))
        for each in addresses
    ]

    def settled(address: str, taken: bool) -> None:
        found[address] = Tried(address, taken, "" if taken else "The mail server refuses the address.")

    why = ""
    try:
        server.send(letters, settled)
    except Unavailable as error:
        why = error.what
    return [found.get(each, Tried(each, False, why)) for each in addresses]


def _hooked(settings: Settings, work: NotifyWork) -> list[Tried]:
    hook = webhook(settings.webhook_url, load_key(settings.keys / "signing.json"))
    if hook is None:
        return []
    with hook:
        try:
            taken = hook.post(work)
        except Unavailable as error:
            return [Tried("webhook", False, error.what)]
    return [Tried("webhook", taken, "" if taken else "It refuses the notice.")]
