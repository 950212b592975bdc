"""How is the emulator told to behave? `NAME[=VALUE][*TIMES][@ACCOUNT]`, one line for each behaviour."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from schemas.errors import BadInput, UnknownWord

BEHAVIOURS = {
    "answer": "keeps what it is asked to keep, and discloses by a manifest of invented digests",
    "delay": "does so VALUE seconds later",
    "refuse": "rejects the task with the code VALUE",
    "question": "asks first, and goes on when it is answered",
    "object": "objects: VALUE is impossible, privilege, third-country-law or other",
    "silent": "takes the message in and never says a word",
    "contradict": "says something else once its first word was fetched",
    "duplicate": "says every word twice",
    "lose": "takes the message in and drops the connection",
    "wrong-transaction": "answers another transaction",
    "malformed": "answers half a message, or with =html an error page",
    "throttle": "asks to wait VALUE seconds",
}
"""Name -> what it does."""

ON_THE_WAY = frozenset({"lose", "wrong-transaction", "malformed", "throttle"})
"""Behaviours of the line, not of the provider: they strike any message, or those that name the account."""
GROUNDS = ("impossible", "privilege", "third-country-law", "other")

_LINE = re.compile(r"(?P<name>[a-z-]+)(=(?P<value>[^*@]+))?(\*(?P<times>[1-9]\d{0,5}))?(@(?P<account>.+))?")
_NUMBERS = frozenset({"delay", "refuse", "throttle"})


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One behaviour. `times` None: until it is told otherwise; `account` None: for all."""

    name: str
    value: str = ""
    times: int | None = None
    account: str | None = None

    def __str__(self) -> str:
        value = f"={self.value}" if self.value else ""
        times = f"*{self.times}" if self.times is not None else ""
        return f"{self.name}{value}{times}{f'@{self.account}' if self.account else ''}"

    def number(self, usually: int) -> int:
        """Its value as a number."""
        return int(self.value) if self.value else usually


def behaviour(text: str) -> Behaviour:
    """The behaviour that `text` names. Raises BadInput."""
    found = _LINE.fullmatch(text.strip())
    if found is None:
        raise BadInput(
            f"{text!r} is no behaviour.",
            where="--behave",
            next_step="write NAME[=VALUE][*TIMES][@ACCOUNT], such as refuse=12@an-account",
        )
    name, value = found["name"], found["value"] or ""
    if name not in BEHAVIOURS:
        raise UnknownWord("behaviour", name, BEHAVIOURS, where="--behave")
    if name in _NUMBERS and value and not (value.isascii() and value.isdigit() and len(value) <= 6):
        raise BadInput(f"{name} takes a number, not {value!r}.", where="--behave", next_step=f"{name}=12")
    if name == "object" and value and value not in GROUNDS:
        raise UnknownWord("ground", value, GROUNDS, where="--behave")
    times = int(found["times"]) if found["times"] else None
    return Behaviour(name, value, times, found["account"])


class Manners:
    """Every behaviour now, in the order in which they were told; those for an account come first."""

    def __init__(self, told: Sequence[Behaviour] = ()) -> None:
        self.told = list(told)

    def on_the_way(self, message: str) -> Behaviour | None:
        """The behaviour that strikes a message with this text, used up by one time."""
        return self._take(
            one
            for one in self._ordered()
            if one.name in ON_THE_WAY and (one.account is None or one.account in message)
        )

    def for_account(self, account: str) -> tuple[Behaviour, int]:
        """How a task about `account` is dealt with, used up by one time, and after how many seconds."""
        fits = [one for one in self._ordered() if one.account in (None, account)]
        late = next((one.number(60) for one in fits if one.name == "delay"), 0)
        found = self._take(one for one in fits if one.name not in ON_THE_WAY and one.name != "delay")
        return found or Behaviour("answer"), late

    def _ordered(self) -> list[Behaviour]:
        return sorted(self.told, key=lambda one: one.account is None)

    def _take(self, fits: Iterable[Behaviour]) -> Behaviour | None:
        found = next(iter(fits), None)
        if found is not None and found.times is not None:
            place = self.told.index(found)
            rest = found.times - 1
            self.told[place : place + 1] = [replace(found, times=rest)] if rest else []
        return found
