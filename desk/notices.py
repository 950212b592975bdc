"""How does the desk itself tell somebody at once, and does a reminder leave the house at all?

Reminders of cases leave by an activity; here are the notices that cannot wait for one, and a test notice,
which runs on the machine of the house, by its operator, and touches no case.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from letters.mail import checked, mail_server
from letters.notices import mail_of
from letters.seal import SigningKey, house_key
from letters.webhook import webhook
from records.open import Records
from schemas.errors import Unavailable
from schemas.settings import Settings
from schemas.work import NotifyWork

HOOK = "webhook"
"""The webhook among the recipients of a notice: no address, so it cannot be taken for one."""


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


def tell(settings: Settings, records: Records, key: SigningKey, work: NotifyWork) -> bool:
    """Tell the functions that `work` names, now, by every way that is set up, each once. Has anybody taken
    it?

    Nothing is raised for a way that does not answer: who comes back with the same notice tries it again.
    """
    taken = [_told_by_mail(settings, records, work), _told_by_hook(settings, records, key, work)]
    return any(taken)


def _told_by_mail(settings: Settings, records: Records, work: NotifyWork) -> bool:
    server = mail_server(settings)
    if server is None:
        return False
    now, zone = datetime.now(UTC), ZoneInfo(settings.time_zone)
    found = list(dict.fromkeys(each for name in work.to for each in _mailboxes(settings, records, name)))
    left = [each for each in found if records.notices.taken(work.notice, each) is None]
    letters = [
        (each, mail_of(work, each, sender=server.sender, now=now, zone=zone, url=settings.url))
        for each in left
    ]
    with suppress(Unavailable):
        server.send(letters, lambda address, taken: records.notices.note(work.notice, address, taken))
    return any(records.notices.taken(work.notice, each) for each in found)


def _mailboxes(settings: Settings, records: Records, function: str) -> list[str]:
    own = settings.function_mail.get(function)
    there = [each for each in records.accounts.all() if each.agency == function and each.closed is None]
    return own or [each.email for each in there if each.email]


def _told_by_hook(settings: Settings, records: Records, key: SigningKey, work: NotifyWork) -> bool:
    known = records.notices.taken(work.notice, HOOK)
    hook = webhook(settings.webhook_url, key)
    if known is not None or hook is None:
        return bool(known)
    with hook, suppress(Unavailable):
        records.notices.note(work.notice, HOOK, hook.post(work))
    return bool(records.notices.taken(work.notice, HOOK))


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
    hook = webhook(settings.webhook_url, house_key(settings))
    if hook is None:
        return []
    with hook:
        try:
            taken = hook.post(work)
        except Unavailable as error:
            return [Tried("webhook", False, error.what)]
    return [Tried("webhook", taken, "" if taken else "It refuses the notice.")]
