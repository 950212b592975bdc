"""How does a reminder reach the people of the house?

By e-mail to a function's mailbox or to the people themselves, and by a signed webhook. A notice tried again
reaches only those who were not told yet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from temporalio import activity

from activities.refusing import told
from letters.mail import MailServer, mail_server
from letters.notices import mail_of
from letters.seal import SigningKey
from letters.webhook import Webhook, webhook
from records.absences import Absence, deputies
from records.accounts import Account
from records.open import Records
from schemas.errors import Unavailable
from schemas.settings import Settings
from schemas.vocabulary import Role
from schemas.work import NOTIFY, NotifyDone, NotifyWork

CASEWORK = frozenset({Role.OFFICER, Role.APPROVER, Role.ISSUING_AUTHORITY, Role.LIAISON})
"""Who of an agency is told what is meant for its function, where that has no mailbox of its own."""

UPWARDS = frozenset({"missed", "escalated", "handoff-overdue"})
"""Codes that go to the functions above as well (`escalation`)."""

HOOK = "webhook"
"""The webhook among the recipients of a notice: no address, so it cannot be taken for one."""


def functions_told(work: NotifyWork, settings: Settings, people: Sequence[Account]) -> tuple[str, ...]:
    """The functions that `work` names, and those above them where its code goes upwards."""
    found = list(work.to)
    if work.code in UPWARDS:
        agencies = [each.agency for each in people if each.id in work.actors]
        for function in (*work.to, *agencies):
            found += settings.above(function)
    return tuple(dict.fromkeys(found))


def addresses_of(
    work: NotifyWork,
    settings: Settings,
    people: Sequence[Account],
    away: Sequence[Absence],
    today: date,
) -> dict[str, tuple[str, ...]]:
    """Everybody to tell, functions and accounts, each with the addresses to write to (perhaps none).

    One who is away is told together with who stands in. Who chose to be told of what is urgent only, and
    nobody stands in for them, is left out of what is not loud.
    """
    known = {each.id: each for each in people}
    found = {function: _mailbox(function, work, settings, people) for function in work.to}
    for actor in work.actors:
        asked = [known[id] for id in (actor, *deputies(away, actor, today)) if id in known]
        if not asked or any(_wants(each, work) for each in asked):
            found[actor] = tuple(each.email for each in asked if each.email and _wants(each, work))
    return found


def _mailbox(
    function: str, work: NotifyWork, settings: Settings, people: Sequence[Account]
) -> tuple[str, ...]:
    own = settings.function_mail.get(function)
    if own:
        return tuple(own)
    there = [each for each in people if each.agency == function and CASEWORK & set(each.roles)]
    # Some limits are those of a role (the second approval): of its holders in the office.
    named = [each for each in people if function in each.roles and each.agency == "central-authority"]
    return tuple(each.email for each in there or named if each.email and _wants(each, work))


def _wants(person: Account, work: NotifyWork) -> bool:
    return work.loud or not person.quiet


def notices(settings: Settings, records: Records, key: SigningKey) -> Notices:
    """The notices of a house. Raises BadInput for settings of mail or webhook that cannot work."""
    return Notices(settings, records, mail_server(settings), webhook(settings.webhook_url, key))


class Notices:
    """Tells people by the ways that the house has set up; with none, nobody is told and nothing fails."""

    def __init__(
        self,
        settings: Settings,
        records: Records,
        mail: MailServer | None,
        hook: Webhook | None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._records = records
        self._mail = mail
        self._hook = hook
        self._zone = ZoneInfo(settings.time_zone)
        self._clock = clock

    @activity.defn(name=NOTIFY)
    @told
    def notify(self, work: NotifyWork) -> NotifyDone:
        """Tells everybody of `work` who was not told of this notice yet.

        `unreached`: who could be told in no way: without an address, refused by the mail server, or (for a
        function) not by the webhook either. Raises Unavailable, after all were tried, if some may be tried
        again.
        """
        people = [each for each in self._records.accounts.all() if each.closed is None]
        today = self._clock().astimezone(self._zone).date()
        away = self._records.absences.current(today)
        work = work.model_copy(update={"to": functions_told(work, self._settings, people)})
        addresses = addresses_of(work, self._settings, people, away, today)
        problems = [self._by_mail(work, addresses), self._by_hook(work)]
        for problem in problems:
            if problem is not None:
                raise problem
        return self._done(work, addresses)

    def _by_mail(self, work: NotifyWork, addresses: dict[str, tuple[str, ...]]) -> Unavailable | None:
        mail, settled = self._mail, self._records.notices
        waiting = [each for each in _once(addresses) if settled.taken(work.notice, each) is None]
        if mail is None or not waiting:
            return None
        now, url = self._clock(), self._settings.url
        letters = [
            (each, mail_of(work, each, sender=mail.sender, now=now, zone=self._zone, url=url))
            for each in waiting
        ]
        try:
            mail.send(letters, lambda address, taken: settled.note(work.notice, address, taken))
        except Unavailable as error:
            return error
        return None

    def _by_hook(self, work: NotifyWork) -> Unavailable | None:
        settled = self._records.notices
        if self._hook is None or settled.taken(work.notice, HOOK) is not None:
            return None
        try:
            settled.note(work.notice, HOOK, self._hook.post(work))
        except Unavailable as error:
            return error
        return None

    def _done(self, work: NotifyWork, addresses: dict[str, tuple[str, ...]]) -> NotifyDone:
        settled = self._records.notices
        taken = {each for each in _once(addresses) if settled.taken(work.notice, each)}
        hooked = settled.taken(work.notice, HOOK) is True
        reached = {who for who, at in addresses.items() if taken & set(at)} | (
            set(work.to) if hooked else set()
        )
        unreached = tuple(who for who in addresses if who not in reached)
        return NotifyDone(sent=len(taken) + hooked, unreached=unreached)


def _once(addresses: dict[str, tuple[str, ...]]) -> list[str]:
    return list(dict.fromkeys(each for at in addresses.values() for each in at))
